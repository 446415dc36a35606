import FoundationEssentials

/// An error and its context as text for people.
enum ReportText {
    private static let valueLimit = 2_000

    static func make(_ error: any Error, _ context: ErrorContext) -> String {
        var text = ""
        for (index, link) in ErrorChain(error).links.enumerated() {
            text += index == 0 ? "" : "\nCaused by "
            text += "\(link.type)\n\(indented(link.message))\n"
        }
        text += section("Where", place(context))
        if let request = context.request { text += sections(request) }
        text += section("Further", context.extra.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        return text
    }

    private static func place(_ context: ErrorContext) -> [(String, String)] {
        let fields: [(String, String?)] = [
            ("Time", context.date.ISO8601Format()), ("Route", context.route),
            ("Declared at", context.routeDeclaration), ("Request id", context.requestID), ("User", context.userID),
            ("Release", context.release), ("Environment", context.environment),
        ]
        return fields.compactMap { name, value in value.map { (name, $0) } }
    }

    private static func sections(_ request: RequestSummary) -> String {
        section("Request", [("Method", request.method), ("URL", request.url), ("Client", request.clientAddress)])
            + section("Query", pairs(request.query)) + section("Form", pairs(request.form))
            + section("Headers", pairs(request.headers)) + section("Cookies", pairs(request.cookies))
    }

    private static func pairs(_ fields: [RequestSummary.Field]) -> [(String, String)] {
        fields.map { ($0.name, $0.value) }
    }

    private static func section(_ title: String, _ fields: [(String, String)]) -> String {
        guard !fields.isEmpty else { return "" }
        let lines = fields.map { "  \($0.0): \(indented($0.1).drop { $0 == " " })\n" }
        return "\n\(title)\n" + lines.joined()
    }

    /// Further lines of a value stand further in, so that none can pass for a field of the report.
    private static func indented(_ value: String) -> String {
        let shown = value.count > valueLimit ? value.prefix(valueLimit) + "…" : value[...]
        let lines = shown.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return lines.map { "    \($0)" }.joined(separator: "\n")
    }
}
