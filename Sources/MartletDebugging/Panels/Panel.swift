import FoundationEssentials
import MartletHTTP
import MartletReporting

/// One view of a request: its name in addresses, what the bar tells of it, and its content.
struct Panel {
    let name: String
    let title: String
    /// A few words for the bar.
    let summary: String
    /// Whether there is something that should not be so.
    var hasTrouble = false
    let write: (inout HTMLText) -> Void

    init(
        name: String, title: String, summary: String, hasTrouble: Bool = false,
        _ write: @escaping (inout HTMLText) -> Void
    ) {
        self.name = name
        self.title = title
        self.summary = summary
        self.hasTrouble = hasTrouble
        self.write = write
    }

    /// Every panel of a request, in the order of the bar.
    static func all(of facts: RequestFacts) -> [Panel] {
        [
            time(facts), sql(facts), cache(facts), templates(facts), log(facts), request(facts), headers(facts),
            settings(facts), history(facts.history, current: facts.record.id),
        ]
    }

    func writeSection(_ html: inout HTMLText) {
        html.tag("<section")
        html.attribute(" id=\"", name)
        html.element("><h2>", title, "</h2>\n")
        write(&html)
        html.tag("</section>\n")
    }
}

/// What panels are made of.
struct RequestFacts {
    let record: RequestRecord
    let content: RequestRecord.Content
    /// The lines of the statements, in their order; empty where they were not looked up.
    let sources: [String?]
    let hasAllSources: Bool
    let rules: DebugToolbar.Rules
    /// The last requests, the newest first.
    let history: [RequestRecord]

    var title: String { Self.title(content) }

    static func title(_ content: RequestRecord.Content) -> String {
        content.request.map { "\($0.summary.method) \($0.summary.path)" } ?? "A request"
    }

    var subtitle: String {
        let response = content.response
        return [
            response.map { "\($0.status)" }, response.map { "\($0.duration.inMilliseconds)\u{A0}ms" },
            record.date.ISO8601Format(),
        ].compactMap(\.self).joined(separator: " · ")
    }
}

extension Int {
    /// `1 row`, `2 rows`.
    func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}

extension HTMLText {
    /// Says that there was nothing, or that not all of it was kept.
    mutating func note(_ text: String) { element("<p class=\"faint\">", text, "</p>\n") }

    /// A cell of a table with a time.
    mutating func timeCell(_ duration: Duration) {
        element("<td class=\"number\">", "\(duration.inMilliseconds)\u{A0}ms", "</td>")
    }

    /// Says how many were not kept.
    mutating func omission(_ kept: Int, of count: Int, _ noun: String) {
        guard kept < count else { return }
        note("\((count - kept).counted(noun)) more, counted and timed but not kept: a request may keep so much.")
    }
}
