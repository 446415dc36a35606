extension Panel {
    /// How long the request took, and for what.
    static func time(_ facts: RequestFacts) -> Panel {
        let total = facts.content.response?.duration ?? facts.record.elapsed
        return Panel(name: "time", title: "Time", summary: "\(total.inMilliseconds)\u{A0}ms") { html in
            html.tag("<table class=\"fields\">")
            for (name, value) in times(facts, total) {
                html.element("<tr><th>", name, "</th>")
                html.element("<td class=\"mono\">", value, "</td></tr>\n")
            }
            html.tag("</table>\n")
            html.note(
                "SQL, cache and templates may overlap, and a statement that a template's view waits for counts once. The "
                    + "process's time is that of all its threads, so requests at the same time share it.")
        }
    }

    private static func times(_ facts: RequestFacts, _ total: Duration) -> [(String, String)] {
        let content = facts.content
        let sums = [
            ("SQL", content.statementSum), ("Cache", content.cacheSum), ("Templates", content.templateSum),
        ]
        var rows = [("Total", text(total))]
        rows += sums.map { ($0.0, "\(text($0.1.time)) for \($0.1.count)") }
        rows.append(("All else", text(max(.zero, total - sums.reduce(.zero) { $0 + $1.1.time }))))
        if let time = content.response?.processTime {
            rows.append(("Processor, program", text(time.user)))
            rows.append(("Processor, system", text(time.system)))
        }
        if content.response?.isLater == true { rows.append(("Content", "made after the response's head")) }
        return rows
    }

    private static func text(_ duration: Duration) -> String { "\(duration.inMilliseconds)\u{A0}ms" }
}
