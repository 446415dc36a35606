import FoundationEssentials
import MartletORM
import MartletSite
import MartletValues

/// Answers questions of a person about a database, and changes nothing in it.
struct QueryPrompt: Sendable {
    let database: Database
    let apps: [App]
    /// The most rows that are shown.
    let limit: Int

    /// The answer as a table.
    ///
    /// - Throws: ``CommandError`` for what was not understood; what the database refuses.
    func answer(_ question: String) async throws -> String {
        let words = Self.words(of: question)
        let first = words.first ?? ""
        if let model = try model(first) {
            return try await rows(of: model, Array(words.dropFirst()))
        }
        try Self.refuseOrders(question)
        return try await table(Statement(question))
    }

    /// What SQL may begin with. A transaction that only reads does not keep PostgreSQL from `COPY … TO PROGRAM`, or from
    /// making the session one that writes.
    private static let questions = ["SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW", "PRAGMA"]

    private static func refuseOrders(_ sql: String) throws(CommandError) {
        let word = SQLOpening.word(of: sql).uppercased()
        guard !questions.contains(word) else { return }
        let shown = word.isEmpty ? "This" : "'\(word.prefix(40))'"
        throw CommandError(
            "\(shown) is no question. Write an app's model with conditions, or SQL that begins with "
                + "\(questions.joined(separator: ", ")); `manage dbshell` runs any other.", exitCode: 2)
    }

    /// `app.Model`, or nothing for SQL.
    private func model(_ word: String) throws(CommandError) -> (any Model.Type)? {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" } }) else {
            return nil
        }
        let models = apps.flatMap(\.models)
        if let model = models.first(where: { "\($0.modelName)".lowercased() == word.lowercased() }) { return model }
        let hint = Suggestion.text(for: word, among: models.map { "\($0.modelName)" })
        throw CommandError("There is no model '\(word)'.\(hint)", exitCode: 2)
    }

    private func rows(of model: any Model.Type, _ words: [String]) async throws -> String {
        func rows<M: Model>(of _: M.Type) async throws -> String {
            try await table(try statement(M.objects, words))
        }
        return try await rows(of: model)
    }

    private func statement<M: Model>(_ all: QuerySet<M>, _ words: [String]) throws -> Statement {
        var query = all
        var count = limit
        for word in words {
            let isExcluded = word.hasPrefix("-")
            guard let sign = word.firstIndex(of: "=") else {
                throw CommandError(
                    "'\(word)' is no condition. Write title__icontains=swift, or order=-created_at.", exitCode: 2)
            }
            let name = String(word[..<sign].dropFirst(isExcluded ? 1 : 0))
            let value = String(word[word.index(after: sign)...])
            switch name {
            case "order": query = try query.order(by: value.split(separator: ",").map(String.init))
            case "limit": count = min(limit, max(0, Int(value) ?? limit))
            default:
                let value = value == "null" ? LookupValue.null : .text(value)
                query = try isExcluded ? query.exclude(lookup: name, value) : query.filter(lookup: name, value)
            }
        }
        return try database.select(query.limit(count).query)
    }

    /// The rows of a statement, which the database lets do nothing but read.
    private func table(_ statement: Statement) async throws -> String {
        let rows = try await database.answer(statement) { row in
            (0..<row.count).map { (name: row.columnName(at: $0), value: row.value(at: $0)) }
        }
        guard let first = rows.first else { return "No rows." }
        let shown = rows.prefix(limit).map { row in row.map { Self.text($0.value) } }
        var lines = TextColumns.aligned([first.map(\.name)] + shown)
        let rest = rows.count - shown.count
        lines.append(
            rest > 0
                ? "\(shown.count) of \(rows.count) rows; --limit shows more."
                : "\(rows.count) row\(rows.count == 1 ? "" : "s").")
        return lines.joined(separator: "\n")
    }

    /// A value in one line, without anything that a terminal would obey.
    private static func text(_ value: SQLValue) -> String {
        let text =
            switch value {
            case .null: "NULL"
            case .text(let text), .json(let text): text
            case .bytes(let bytes): "\(bytes.count) bytes"
            case .bool(let value): "\(value)"
            case .integer(let value): "\(value)"
            case .real(let value): "\(value)"
            case .decimal(let value): "\(value)"
            case .uuid(let value): value.uuidString.lowercased()
            case .dateTime(let value): value.formatted(.iso8601)
            case .date(let value): "\(value)"
            case .time(let value): "\(value)"
            case .duration(let value): "\(value)"
            }
        var line = ""
        for scalar in text.unicodeScalars.prefix(200) {
            if scalar.properties.generalCategory == .control {
                line += scalar == "\n" ? "⏎" : "�"
            } else {
                line.unicodeScalars.append(scalar)
            }
        }
        return text.unicodeScalars.count > 200 ? line + "…" : line
    }

    /// The words of a line; quotation marks keep blanks together.
    private static func words(of line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var mark: Character?
        for letter in line {
            if letter == mark {
                mark = nil
            } else if mark == nil, letter == "\"" || letter == "'" {
                (mark, word) = (letter, word ?? "")
            } else if mark == nil, letter == " " {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(letter)
            }
        }
        return words + [word].compactMap(\.self)
    }
}
