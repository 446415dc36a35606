import MartletLogging

extension Panel {
    /// What was logged, as the log has it: secrets are redacted there already.
    static func log(_ facts: RequestFacts) -> Panel {
        let (events, count) = (facts.content.events, facts.content.eventCount)
        return Panel(
            name: "log", title: "Log", summary: count.counted("event"),
            hasTrouble: events.contains { $0.level >= .warning }
        ) { html in
            guard count > 0 else { return html.note("Nothing was logged.") }
            html.tag(
                "<table><thead><tr><th>Level</th><th>Event</th><th>Logger</th><th>Values</th></tr></thead>\n<tbody>\n")
            for event in events { write(event, &html) }
            html.tag("</tbody></table>\n")
            html.omission(events.count, of: count, "event")
        }
    }

    private static func write(_ event: LogEvent, _ html: inout HTMLText) {
        html.tag("<tr><td")
        html.attribute(" class=\"", "level-\(event.level)")
        html.element(">", "\(event.level)", "</td>")
        html.element("<td class=\"mono\">", event.name, "</td>")
        html.element("<td class=\"mono\">", event.logger, "</td>")
        let values = event.fields.map { "\($0.name)=\($0.value.shown)" }.joined(separator: "\n")
        html.element("<td class=\"mono sql\">", values, "</td></tr>\n")
    }
}

extension LogDatum {
    fileprivate var shown: String {
        switch self {
        case .none: "none"
        case .bool(let flag): "\(flag)"
        case .int(let number): "\(number)"
        case .uint(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): String(text.prefix(2_000))
        case .moment(let microseconds): "\(microseconds) µs"
        case .uuid(let high, let low): Self.hex(high) + Self.hex(low)
        case .list(let values): "[" + values.map(\.shown).joined(separator: ", ") + "]"
        case .redacted: "[redacted]"
        }
    }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
