extension Panel {
    /// The calls of caches: what was there, and what was not.
    static func cache(_ facts: RequestFacts) -> Panel {
        let (calls, sum) = (facts.content.cacheCalls, facts.content.cacheSum)
        return Panel(
            name: "cache", title: "Cache", summary: "\(sum.count) in \(sum.time.inMilliseconds)\u{A0}ms",
            hasTrouble: calls.contains { $0.error != nil }
        ) { html in
            guard sum.count > 0 else { return html.note("No cache was called.") }
            let asked = calls.filter { $0.hits != nil }
            let hits = asked.reduce(0) { $0 + ($1.hits ?? 0) }
            let misses = asked.reduce(0) { $0 + max(0, $1.keys.count - ($1.hits ?? 0)) }
            let times = "\(sum.count.counted("call")), \(sum.time.inMilliseconds)\u{A0}ms"
            html.element("<p>", "\(times); \(hits.counted("hit")), \(misses) missed.", "</p>\n")
            html.tag("<table><thead><tr><th>Command</th><th>Time</th><th>Result</th><th>Kept in</th>")
            html.tag("<th>Key</th></tr></thead>\n<tbody>\n")
            for call in calls { write(call, &html) }
            html.tag("</tbody></table>\n")
            html.omission(calls.count, of: sum.count, "call")
        }
    }

    private static func write(_ call: RecordedCacheCall, _ html: inout HTMLText) {
        html.element("<tr><td class=\"mono\">", call.command, "</td>")
        html.timeCell(call.duration)
        if let error = call.error {
            html.element("<td class=\"bad\">", error, "</td>")
        } else if let hits = call.hits {
            html.tag(hits > 0 ? "<td class=\"good\">" : "<td class=\"faint\">")
            let isOne = call.keys.count == 1
            html.element("", isOne ? (hits > 0 ? "hit" : "miss") : "\(hits) of \(call.keys.count)", "</td>")
        } else {
            html.tag("<td></td>")
        }
        html.element("<td>", call.backend, "</td>")
        html.element("<td class=\"mono sql\">", call.keys.joined(separator: "\n"), "</td></tr>\n")
    }
}
