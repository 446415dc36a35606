import FoundationEssentials
import MartletHTTP

extension Panel {
    static let historyName = "history"

    /// The last requests, those of scripts and of other clients too.
    ///
    /// - Parameter current: The one that is shown.
    static func history(_ records: [RequestRecord], current: String?) -> Panel {
        Panel(name: historyName, title: "History", summary: records.count.counted("request")) { html in
            guard !records.isEmpty else { return html.note("Nothing was asked for yet.") }
            html.tag("<table><thead><tr><th>Time</th><th>Request</th><th>Status</th><th>For</th><th>Took</th>")
            html.tag("<th>SQL</th><th>Cache</th></tr></thead>\n<tbody>\n")
            for record in records { write(record, isCurrent: record.id == current, &html) }
            html.tag("</tbody></table>\n")
        }
    }

    private static func write(_ record: RequestRecord, isCurrent: Bool, _ html: inout HTMLText) {
        let content = record.content
        html.element("<tr><td class=\"number\">", String(record.date.ISO8601Format().dropFirst(11)), "</td>")
        html.tag("<td><a data-request=\"\"")
        html.attribute(" href=\"", ToolbarViews.address(record))
        if isCurrent { html.tag(" aria-current=\"true\"") }
        html.element(">", RequestFacts.title(content), "</a></td>")
        let status = content.response?.status.code ?? 0
        html.tag(status >= 400 ? "<td class=\"number bad\">" : "<td class=\"number\">")
        html.element("", "\(status)", "</td>")
        html.element("<td>", purpose(content), "</td>")
        html.timeCell(content.response?.duration ?? .zero)
        let (sql, cache) = (content.statementSum, content.cacheSum)
        html.element("<td class=\"number\">", "\(sql.count) in \(sql.time.inMilliseconds)\u{A0}ms", "</td>")
        html.element("<td class=\"number\">", "\(cache.count)", "</td></tr>\n")
    }

    /// What a browser wants it for: a page, or what a script has fetched.
    private static func purpose(_ content: RequestRecord.Content) -> String {
        switch content.request?.destination {
        case "empty"?: "script"
        case "document"?: "page"
        case let other?: other
        case nil: content.response?.isPage == true ? "page" : ""
        }
    }
}
