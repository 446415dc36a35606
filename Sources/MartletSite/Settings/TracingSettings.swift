import MartletHTTP
public import MartletLogging
public import MartletTracing
import MartletValues

/// Where spans go, and which: the variables of OpenTelemetry's libraries.
///
/// Source: [OpenTelemetry, environment variables](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
public struct TracingSettings: Sendable {
    /// `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, or `OTEL_EXPORTER_OTLP_ENDPOINT` with `/v1/traces` behind it; `nil` records
    /// nothing.
    public var endpoint: String?
    /// `OTEL_EXPORTER_OTLP_HEADERS`: fields to send along.
    public var headers: [(name: String, value: Secret<String>)]
    /// `OTEL_EXPORTER_OTLP_TIMEOUT`: how long a batch may take; milliseconds in the variable.
    public var timeout: Duration
    /// `OTEL_SERVICE_NAME`, or what `OTEL_RESOURCE_ATTRIBUTES` say; and further attributes of this process.
    public var resource: [SpanAttribute]
    /// `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
    public var sampler: Sampler
    /// `OTEL_BSP_MAX_QUEUE_SIZE`, `OTEL_BSP_MAX_EXPORT_BATCH_SIZE` and `OTEL_BSP_SCHEDULE_DELAY`.
    public var limits: SpanRecorder.Limits

    init(_ reader: inout SettingsReader) {
        reader.section("Traces", for: .web)
        endpoint = reader.endpoint()
        headers = reader.tracingHeaders()
        timeout = reader.milliseconds(
            "OTEL_EXPORTER_OTLP_TIMEOUT", default: 10_000, about: "Milliseconds that sending spans may take.")
        resource = reader.resource()
        sampler = reader.sampler()
        limits = SpanRecorder.Limits()
        limits.waiting = reader.int(
            "OTEL_BSP_MAX_QUEUE_SIZE", default: limits.waiting, in: 1...1_000_000,
            about: "Spans that may wait to be sent; further ones are dropped and counted.")
        limits.batch = reader.int(
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", default: limits.batch, in: 1...100_000,
            about: "Spans that are sent together.")
        limits.delay = reader.milliseconds(
            "OTEL_BSP_SCHEDULE_DELAY", default: 5_000, about: "Milliseconds that spans wait for others.")
        limits.batch = min(limits.batch, limits.waiting)
    }
}

extension SettingsReader {
    fileprivate mutating func milliseconds(_ name: String, default number: Int, about: String) -> Duration {
        .milliseconds(int(name, default: number, in: 1...3_600_000, about: about))
    }

    fileprivate mutating func endpoint() -> String? {
        let base = address(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            about: "The receiver of traces in OTLP, over HTTP in JSON; without one nothing is recorded.")
        let own = address(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            about: "The whole address, where that of traces does not end with /v1/traces.")
        let isOff = bool("OTEL_SDK_DISABLED", default: false, about: "true records nothing whatever else is set.")
        if isOff { return nil }
        return own ?? base.map { ($0.hasSuffix("/") ? String($0.dropLast()) : $0) + "/v1/traces" }
    }

    private mutating func address(_ name: String, about: String) -> String? {
        guard let text = optionalText(name, example: "http://collector:4318", about: about) else { return nil }
        let rest = ["http://", "https://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
        let isOneWord = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        guard let rest, !rest.isEmpty, rest.first != "/", isOneWord else {
            report(name, expected: "an address that begins with http:// or https://")
            return nil
        }
        return text
    }

    fileprivate mutating func tracingHeaders() -> [(name: String, value: Secret<String>)] {
        let name = "OTEL_EXPORTER_OTLP_HEADERS"
        let text = optionalSecret(
            name, about: "Fields to send along, such as authorization=Bearer%20KEY, with commas.")
        guard let pairs = (text?.revealed).map(Self.pairs(of:)) else { return [] }
        guard let pairs, pairs.allSatisfy({ HeaderName($0.name) != nil && $0.value.isFieldValue }) else {
            report(name, expected: "fields such as authorization=Bearer%20KEY, with commas between them")
            return []
        }
        return pairs.map { ($0.name, Secret($0.value)) }
    }

    fileprivate mutating func resource() -> [SpanAttribute] {
        let name = optionalText("OTEL_SERVICE_NAME", example: "blog", about: "What the traces call this site.")
        let text = optionalText(
            "OTEL_RESOURCE_ATTRIBUTES", example: "deployment.environment.name=production",
            about: "What else there is to know about it, with commas.")
        var pairs: [(name: String, value: String)] = []
        if let text {
            if let known = Self.pairs(of: text) {
                pairs = known
            } else {
                report("OTEL_RESOURCE_ATTRIBUTES", expected: "attributes such as region=north,rack=7")
            }
        }
        let service = name ?? pairs.first { $0.name == "service.name" }?.value ?? "martlet"
        let others = pairs.filter { $0.name != "service.name" }
        return [SpanAttribute("service.name", .text(service))]
            + others.map { SpanAttribute($0.name, .text($0.value)) }
            + [
                SpanAttribute("telemetry.sdk.name", "martlet"), SpanAttribute("telemetry.sdk.language", "swift"),
                SpanAttribute("telemetry.sdk.version", .text(martletVersion)),
            ]
    }

    fileprivate mutating func sampler() -> Sampler {
        let name = text(
            "OTEL_TRACES_SAMPLER", default: "parentbased_always_on",
            about: "Which traces are recorded: always_on, always_off, traceidratio, or one of them with "
                + "parentbased_ before it, so that callers decide for theirs.")
        var ratio = 1.0
        read(
            "OTEL_TRACES_SAMPLER_ARG", expected: "a number from 0 to 1", into: &ratio, default: "1",
            about: "How many of them traceidratio records."
        ) { Double($0).flatMap { (0...1).contains($0) ? $0 : nil } }
        if let sampler = Sampler(name: name, ratio: ratio) { return sampler }
        report(
            "OTEL_TRACES_SAMPLER",
            expected: "one of always_on, always_off, traceidratio, parentbased_always_on, parentbased_always_off, "
                + "parentbased_traceidratio")
        return .parentBased
    }

    /// Reads `name=value,name=value` with percent-encoded values; `nil` where that is not the form.
    ///
    /// Source: [W3C Baggage](https://www.w3.org/TR/baggage/#header-content), as OpenTelemetry asks for.
    private static func pairs(of text: String) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        for item in items(of: text) {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else { return nil }
            pairs.append((String(parts[0]), PercentCoding.decode(parts[1].utf8)))
        }
        return pairs
    }
}

extension String {
    /// Whether it can stand in a field: no line may be forged by it.
    fileprivate var isFieldValue: Bool { utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
