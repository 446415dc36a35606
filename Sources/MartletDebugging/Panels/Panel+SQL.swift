import FoundationEssentials
import MartletORM
import MartletReporting

extension Panel {
    static let sqlName = "sql"

    /// The statements: which of them are alike, where they come from, how long they took.
    static func sql(_ facts: RequestFacts) -> Panel {
        let (statements, sum) = (facts.content.statements, facts.content.statementSum)
        let groups = StatementGroups(statements, threshold: facts.rules.threshold)
        return Panel(
            name: sqlName, title: "SQL", summary: "\(sum.count) in \(sum.time.inMilliseconds)\u{A0}ms",
            hasTrouble: groups.needless > 0 || groups.repeated > 0 || statements.contains { $0.error != nil }
        ) { html in
            guard sum.count > 0 else { return html.note("No statement was run.") }
            writeSummary(facts, groups, &html)
            if !facts.hasAllSources {
                html.tag("<p class=\"faint\" data-pending=\"\">Lines of your code are still being looked up: ")
                html.tag("open the panel again in a moment.</p>\n")
            }
            html.tag("<table><thead><tr><th>No.</th><th>When</th><th>Time</th><th>Result</th>")
            html.tag("<th>Statement</th></tr></thead>\n<tbody>\n")
            let line = StatementLine(facts, groups)
            for (place, statement) in statements.enumerated() {
                line.write(statement, place < facts.sources.count ? facts.sources[place] : nil, &html)
            }
            html.tag("</tbody></table>\n")
            html.omission(statements.count, of: sum.count, "statement")
        }
    }

    private static func writeSummary(_ facts: RequestFacts, _ groups: StatementGroups, _ html: inout HTMLText) {
        let (statements, sum) = (facts.content.statements, facts.content.statementSum)
        html.element("<p>", "\(sum.count.counted("statement")), \(sum.time.inMilliseconds)\u{A0}ms. ", "")
        let transactions = statements.count { $0.sql.uppercased().hasPrefix("BEGIN") }
        if transactions > 0 { html.element("", "\(transactions.counted("transaction")). ", "") }
        if groups.needless > 0 {
            html.element("<span class=\"badge\">", groups.needless.counted("duplicate"), "</span>")
        }
        if groups.repeated > 0 {
            let text = "N+1: \(groups.repeated.counted("statement")) run again and again"
            html.element("<span class=\"badge\">", text, "</span>")
        }
        html.tag("</p>\n")
    }

    /// How the database would run a statement.
    static func plan(_ statement: RecordedStatement, _ plan: Result<String, any Error>) -> Panel {
        Panel(name: "plan", title: "Plan", summary: "") { html in
            switch plan {
            case .success(let text): html.element("<pre class=\"plan\">", text, "</pre>\n")
            case .failure(let error): html.element("<p class=\"bad\">", "\(error)", "</p>\n")
            }
            html.element("<p class=\"mono sql\">", statement.sql, "</p>\n")
        }
    }
}

/// Writes the line of one statement.
private struct StatementLine {
    private let groups: StatementGroups
    private let total: Duration
    private let address: String
    private let folder = FileManager.default.currentDirectoryPath + "/"

    init(_ facts: RequestFacts, _ groups: StatementGroups) {
        self.groups = groups
        total = facts.content.response?.duration ?? facts.record.elapsed
        address = ToolbarViews.address(facts.record)
    }

    func write(_ statement: RecordedStatement, _ source: String?, _ html: inout HTMLText) {
        html.element("<tr><td class=\"number\">", "\(statement.number)", "</td>")
        writeBar(statement, &html)
        html.timeCell(statement.duration)
        html.element(
            "<td class=\"number\">", statement.error == nil ? statement.rows.counted("row") : "failed", "</td>")
        html.element("<td><span class=\"mono sql\">", statement.sql, "</span>\n")
        writeValues(statement, &html)
        if let source {
            let shown = source.hasPrefix(folder) ? String(source.dropFirst(folder.count)) : source
            html.element("<p class=\"mono source\">", shown, "</p>\n")
        }
        if let error = statement.error { html.element("<p class=\"bad\">", error, "</p>\n") }
        writeMarks(statement, &html)
        if statement.canBeExplained {
            html.tag("<form method=\"post\"")
            html.attribute(" action=\"", "\(address)statements/\(statement.number)/explain/")
            html.tag("><button")
            html.attribute(" aria-label=\"", "Explain statement \(statement.number)")
            html.tag(">Explain</button></form>")
        }
        html.tag("</td></tr>\n")
    }

    /// When it ran within the request, as a drawing: a style of its own would need a weaker policy.
    private func writeBar(_ statement: RecordedStatement, _ html: inout HTMLText) {
        let whole = max(total, .microseconds(1))
        let start = min(max(statement.start / whole, 0), 1) * 100
        let width = min(max(statement.duration / whole * 100, 1), 101 - start)
        html.tag(
            "<td class=\"line\"><svg viewBox=\"0 0 101 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect")
        html.attribute(" x=\"", Self.digits(start))
        html.attribute(" width=\"", Self.digits(width))
        html.tag(" height=\"10\"/></svg></td>")
    }

    private static func digits(_ number: Double) -> String {
        let tenths = Int(number * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    private func writeValues(_ statement: RecordedStatement, _ html: inout HTMLText) {
        guard let parameters = statement.parameters else { return html.note("Too long to be kept whole.") }
        guard !parameters.isEmpty else { return }
        let names = ParameterNames(statement.sql)
        let limit = 50
        html.tag("<ol class=\"values mono\">")
        for (place, value) in parameters.prefix(limit).enumerated() {
            let isHidden = names[place].contains(where: Self.isSecret)
            html.element("<li>", isHidden ? HiddenNames.placeholder : value.shown, "</li>")
        }
        if parameters.count > limit { html.element("<li>", "… and \(parameters.count - limit) more", "</li>") }
        html.tag("</ol>\n")
    }

    /// Columns by which a session or a password could be taken over.
    private static func isSecret(_ column: String) -> Bool {
        HiddenNames.contains(column) || column.lowercased().contains("session")
    }

    private func writeMarks(_ statement: RecordedStatement, _ html: inout HTMLText) {
        let (same, similar) = (groups.duplicates(of: statement), groups.similar(to: statement))
        var marks: [String] = []
        if groups.isRepeated(statement) { marks.append("N+1: one of \(similar) of this shape") }
        if same > 1 { marks.append("Duplicate: one of \(same) the same") }
        if similar > same, !groups.isRepeated(statement) { marks.append("Similar: one of \(similar) of this shape") }
        if statement.isInTransaction { marks.append("In a transaction") }
        guard !marks.isEmpty else { return }
        html.tag("<p>")
        for mark in marks { html.element("<span class=\"badge\">", mark, "</span>") }
        html.tag("</p>\n")
    }
}
