/// Numbers and texts as both formats write them.
enum MetricText {
    /// The bound of a bucket: OpenMetrics asks for `1.0`, and Prometheus takes it.
    ///
    /// Source: [OpenMetrics 1.0, canonical numbers](https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers).
    static func bound(_ value: Double) -> String { value == .infinity ? "+Inf" : "\(value)" }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// - Parameter escapesQuotes: Whether the text stands in quotes.
    static func append(_ text: String, escapesQuotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += #"\\"#.utf8
            case UInt8(ascii: "\n"): bytes += #"\n"#.utf8
            case UInt8(ascii: "\"") where escapesQuotes: bytes += #"\""#.utf8
            default: bytes.append(byte)
            }
        }
    }
}
