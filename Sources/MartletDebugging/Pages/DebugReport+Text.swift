import MartletReporting
import MartletRouting

extension DebugReport {
    /// The report as plain text, for a terminal.
    var text: String {
        var text = "\(page.status)\n\(title)\n\(Self.indented(message))\n"
        if let place { text += "\nThrown in \(place.function)\n    \(place.file):\(place.line)\n" }
        if let template { text += "\nTemplate \(template.name), line \(template.line): \(template.tag)\n" }
        for excerpt in [template?.excerpt, template == nil ? excerpt : nil].compactMap(\.self) {
            text += Self.lines(of: excerpt)
        }
        for link in chain.links.dropFirst() { text += "\nCaused by \(link.type)\n\(Self.indented(link.message))\n" }
        if let route { text += "\nRoute /\(route.pattern)\n    \(route.file):\(route.line)\n" }
        text += Self.section("Routes tried", attempts.map { ("/" + $0.route.pattern, "agreed: \($0.matched)") })
        if !statements.isEmpty { text += "\nSQL: \(statementSummary)\n" }
        for statement in statements {
            text += "  \(statement.duration.inMilliseconds) ms  \(statement.sql)\n"
            if let error = statement.error { text += "    \(error)\n" }
        }
        for (title, fields) in requestParts { text += Self.section(title ?? "Request", fields) }
        text += Self.section("Calls", frames.map { ($0.function, "\($0.file):\($0.line)") })
        return text
    }

    private static func lines(of excerpt: SourceExcerpt) -> String {
        excerpt.lines.map { "  \($0.number == excerpt.marked ? ">" : " ") \($0.number)  \($0.text)\n" }.joined()
    }

    private static func section(_ title: String, _ fields: [(String, String)]) -> String {
        guard !fields.isEmpty else { return "" }
        return "\n\(title)\n" + fields.map { "  \($0.0)  \(shown($0.1))\n" }.joined()
    }

    private static func indented(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { "    \(shown(String($0)))" }
            .joined(separator: "\n")
    }

    /// A terminal obeys control characters, and the request can hold any.
    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : $0 }))
    }
}
