import MartletHTTP

/// What a browser's own tools show of a request: the field `Server-Timing`, whose durations are in milliseconds.
///
/// The metric `martlet` has the identifier of the record instead of a time, so that a script can find it.
///
/// Source: [W3C Server Timing](https://www.w3.org/TR/server-timing/#the-server-timing-header-field).
struct ServerTiming: CustomStringConvertible {
    let description: String

    init(_ id: String, _ content: RequestRecord.Content, total: Duration) {
        let metrics = [
            "total;dur=\(total.inMilliseconds)",
            Self.metric("sql", content.statementSum, "statement"),
            Self.metric("cache", content.cacheSum, "call"),
            Self.metric("template", content.templateSum, "rendering"),
            "martlet;desc=\"\(id)\"",
        ]
        description = metrics.joined(separator: ", ")
    }

    private static func metric(_ name: String, _ sum: RequestRecord.Sum, _ noun: String) -> String {
        "\(name);dur=\(sum.time.inMilliseconds);desc=\"\(sum.count) \(noun)\(sum.count == 1 ? "" : "s")\""
    }
}
