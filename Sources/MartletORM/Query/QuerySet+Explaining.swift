/// How a database describes what it does for a query.
public struct ExplainFormat: Sendable, Hashable {
    /// The word of SQL.
    package let name: String

    /// Lines for people.
    public static let text = ExplainFormat(name: "TEXT")
    /// JSON; not on SQLite.
    public static let json = ExplainFormat(name: "JSON")
    /// YAML; not on SQLite.
    public static let yaml = ExplainFormat(name: "YAML")
    /// XML; not on SQLite.
    public static let xml = ExplainFormat(name: "XML")
}

/// What ``QuerySet/explain(_:analyze:verbose:buffers:)`` asks of a database.
public struct ExplainOptions: Sendable, Hashable {
    /// The form of the answer.
    public var format = ExplainFormat.text
    /// Whether the query is run, and measured.
    public var analyze = false
    /// Whether more is told of each step.
    public var verbose = false
    /// Whether it is told how much was read.
    public var buffers = false

    /// Makes the usual options.
    public init() {}

    init(format: ExplainFormat, analyze: Bool, verbose: Bool, buffers: Bool) {
        self.format = format
        self.analyze = analyze
        self.verbose = verbose
        self.buffers = buffers
    }
}

extension QuerySet {
    /// What the database does for this query, in its own words.
    ///
    /// ```swift
    /// print(try await Post.objects.published.explain(analyze: true))
    /// ```
    ///
    /// - Parameters:
    ///   - format: The form of the answer.
    ///   - analyze: Whether the query is run, and measured; PostgreSQL only, as are the others.
    ///   - verbose: Whether more is told of each step.
    ///   - buffers: Whether it is told how much was read; with `analyze`.
    /// - Throws: ``ORMError/invalidQuery(_:)`` for what the database does not know.
    ///
    /// Source: [Django, `explain`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#explain).
    public func explain(
        _ format: ExplainFormat = .text, analyze: Bool = false, verbose: Bool = false, buffers: Bool = false
    ) async throws -> String {
        let database = try Database.current(for: query, query.access)
        try query.checkLock(database)
        let options = ExplainOptions(format: format, analyze: analyze, verbose: verbose, buffers: buffers)
        return try await database.explain(
            SQLCompiler.select(query, database.dialect), options, access: query.access)
    }
}

extension Database {
    /// What the database does for a statement, in its own words.
    ///
    /// Without `analyze` nothing is run, whatever the statement would do.
    package func explain(
        _ statement: Statement, _ options: ExplainOptions = ExplainOptions(), access: DatabaseAccess = .read
    ) async throws -> String {
        let explained = Statement(try dialect.explain(options) + statement.sql, statement.parameters)
        let rows = try await rows(explained, access: access) { row in (0..<row.count).map { row.value(at: $0) } }
        return Explanation(rows: rows).text
    }
}

/// The rows of an answer as text.
private struct Explanation {
    let rows: [[SQLValue]]

    var text: String {
        var depths: [SQLValue: Int] = [:]
        let lines = rows.map { row -> String in
            // SQLite answers with a tree: a step, the one it belongs to, a number of no use, and its text.
            guard row.count == 4 else { return row.map(Self.text).joined(separator: " ") }
            let depth = depths[row[1]].map { $0 + 1 } ?? 0
            depths[row[0]] = depth
            return String(repeating: "  ", count: depth) + Self.text(row[3])
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: SQLValue) -> String {
        switch value {
        case .text(let text), .json(let text): text
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        default: ""
        }
    }
}
