/// Something that was done for a request, with its beginning and its end.
///
/// Source: [OpenTelemetry, spans](https://opentelemetry.io/docs/specs/otel/trace/api/#span).
public struct Span: Sendable, Hashable {
    /// On which side of a call it stands; the raw value is OTLP's.
    public enum Kind: Int, Sendable, Hashable {
        /// Within the process.
        case `internal` = 1
        /// Answers somebody else's request.
        case server = 2
        /// Asks somebody else, such as a database.
        case client = 3
    }

    /// How it ended.
    public enum Status: Sendable, Hashable {
        /// As far as anybody knows, well.
        case unset
        /// With an error, in words.
        case error(String)
    }

    /// Which trace it belongs to, and which span has caused it.
    public let place: SpanPlace
    /// What was done.
    public let name: String
    /// On which side of a call it stands.
    public let kind: Kind
    /// When it began, since 1970-01-01 UTC.
    public let start: Duration
    /// How long it took.
    public let duration: Duration
    /// What there is to know about it.
    public let attributes: [SpanAttribute]
    /// How it ended.
    public let status: Status

    /// Describes a span that has ended.
    package init(
        _ name: String, _ kind: Kind, at place: SpanPlace, start: Duration, duration: Duration,
        attributes: [SpanAttribute] = [], status: Status = .unset
    ) {
        self.name = name
        self.kind = kind
        self.place = place
        self.start = start
        self.duration = duration
        self.attributes = attributes
        self.status = status
    }
}

/// The identifiers of a span.
public struct SpanPlace: Sendable, Hashable {
    /// The trace: 32 hexadecimal digits.
    public let traceID: String
    /// The span: 16 hexadecimal digits.
    public let spanID: String
    /// The span that has caused it; `nil` where the trace begins.
    public let parentSpanID: String?
    /// What tracing systems have to tell themselves, to be passed on.
    public let state: String?

    package init(traceID: String, spanID: String, parentSpanID: String?, state: String? = nil) {
        self.traceID = traceID
        self.spanID = spanID
        self.parentSpanID = parentSpanID
        self.state = state
    }

    /// The place of a new span that this one causes.
    package var next: SpanPlace {
        SpanPlace(traceID: traceID, spanID: Self.newSpanID(), parentSpanID: spanID, state: state)
    }

    /// A random identifier that is not zero.
    private static func newSpanID() -> String {
        let digits = String(UInt64.random(in: 1...UInt64.max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Something to know about a span, such as `http.route`.
///
/// Source: [OpenTelemetry, semantic conventions](https://opentelemetry.io/docs/specs/semconv/).
public struct SpanAttribute: Sendable, Hashable {
    /// A value.
    public enum Value: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
        ExpressibleByBooleanLiteral
    {
        /// A text.
        case text(String)
        /// A whole number.
        case integer(Int)
        /// A number.
        case number(Double)
        /// True or false.
        case flag(Bool)

        /// A text.
        public init(stringLiteral value: String) { self = .text(value) }
        /// A whole number.
        public init(integerLiteral value: Int) { self = .integer(value) }
        /// True or false.
        public init(booleanLiteral value: Bool) { self = .flag(value) }
    }

    /// The name.
    public let name: String
    /// The value.
    public let value: Value

    /// Makes an attribute.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }
}
