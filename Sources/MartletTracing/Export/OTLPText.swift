import MartletJSON

/// Writes spans in OTLP's JSON: identifiers in hexadecimal digits, numbers of 64 bits as texts.
///
/// Source: [OTLP, JSON Protobuf encoding](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
enum OTLPText {
    static func json(_ spans: [Span], resource: [SpanAttribute]) throws -> [UInt8] {
        try JSON.object { request in
            try request.array("resourceSpans") { resources in
                try resources.object { group in
                    try group.object("resource") { try attributes(resource, to: &$0) }
                    try group.array("scopeSpans") { scopes in
                        try scopes.object { scope in
                            scope.object("scope") { $0.field("name", "martlet") }
                            try scope.array("spans") { array in
                                for span in spans { try array.object { try write(span, to: &$0) } }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ span: Span, to object: inout JSONObjectWriter) throws {
        object.field("traceId", span.place.traceID)
        object.field("spanId", span.place.spanID)
        if let parent = span.place.parentSpanID { object.field("parentSpanId", parent) }
        if let state = span.place.state { object.field("traceState", state) }
        object.field("name", span.name)
        object.field("kind", span.kind.rawValue)
        object.field("startTimeUnixNano", nanoseconds(span.start))
        object.field("endTimeUnixNano", nanoseconds(span.start + span.duration))
        try attributes(span.attributes, to: &object)
        guard case .error(let message) = span.status else { return }
        object.object("status") { status in
            status.field("code", 2)
            status.field("message", message)
        }
    }

    private static func attributes(_ attributes: [SpanAttribute], to object: inout JSONObjectWriter) throws {
        try object.array("attributes") { array in
            for attribute in attributes {
                try array.object { pair in
                    pair.field("key", attribute.name)
                    try pair.object("value") { try write(attribute.value, to: &$0) }
                }
            }
        }
    }

    private static func write(_ value: SpanAttribute.Value, to object: inout JSONObjectWriter) throws {
        switch value {
        case .text(let text): object.field("stringValue", text)
        case .integer(let number): object.field("intValue", "\(number)")
        case .flag(let flag): object.field("boolValue", flag)
        case .number(let number) where number.isFinite: try object.field("doubleValue", number)
        // JSON has no such number, and Protobuf's JSON says it in words.
        case .number(let number):
            object.field("doubleValue", number.isNaN ? "NaN" : number > 0 ? "Infinity" : "-Infinity")
        }
    }

    private static func nanoseconds(_ time: Duration) -> String {
        let (seconds, attoseconds) = time.components
        return "\(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)"
    }
}
