public import MartletORM

/// The rows of a model as it was at some point of the history, read and written by the names of its fields.
///
/// ```swift
/// try await data.model("Post").update(reading: ["title"]) { post in
///     ["slug": .text(slugify(try post.text("title")))]
/// }
/// ```
///
/// Foreign keys are read and written as the primary key that they refer to.
public struct FrozenModel: Sendable {
    private let schema: ModelSchema
    private let key: FieldSchema
    /// The fields that have a column, and what it stores.
    private let kinds: [String: FieldKind]
    private let database: Database
    private let report: @Sendable (ModelName, Int, Int) -> Void

    init(
        _ schema: ModelSchema, in state: ProjectState, database: Database,
        report: @escaping @Sendable (ModelName, Int, Int) -> Void
    ) throws(MigrationError) {
        guard let key = schema.primaryKey else {
            throw MigrationError(
                .state, "Model '\(schema.name)' has no primary key.", "Give it one, or use `data.database`.")
        }
        self.schema = schema
        self.key = key
        self.database = database
        self.report = report
        var kinds: [String: FieldKind] = [:]
        for field in schema.fields where field.kind.hasColumn {
            kinds[field.name] = try state.storedKind(of: field, in: schema)
        }
        self.kinds = kinds
    }

    /// How many rows there are.
    ///
    /// - Throws: ``DatabaseError``.
    public func count() async throws -> Int {
        let sql = "SELECT count(*) FROM \(quoted(schema.table))"
        return try await database.rows(Statement(sql), access: .write) { Int(try $0.integer(at: 0)) }.first ?? 0
    }

    /// Goes through all rows in the order of their primary key. Whoever migrates is told after each batch how far it is.
    ///
    /// - Parameters:
    ///   - fields: What is read beside the primary key.
    ///   - batch: How many rows are held at once.
    /// - Throws: ``MigrationError`` for a field that the model has not; ``DatabaseError``; what `body` throws.
    public func forEach(
        reading fields: [String], batch: Int = 500, _ body: (FrozenRow) async throws -> Void
    ) async throws {
        let batch = max(1, batch)
        var last: SQLValue?
        var done = 0
        // What fits into one batch is over before anybody would look; it is not even counted.
        var total: Int?
        while true {
            let rows = try await self.rows(fields, after: last, limit: batch)
            if total == nil, rows.count == batch { total = try await count() }
            for row in rows { try await body(row) }
            done += rows.count
            if let total { report(schema.name, done, max(done, total)) }
            guard rows.count == batch else { return }
            last = rows.last?.primaryKey
        }
    }

    /// Gives every row new values.
    ///
    /// - Parameters:
    ///   - fields: What is read of each row beside the primary key.
    ///   - batch: How many rows are read and written at once.
    ///   - change: The values of the fields to be changed, by name; an empty dictionary leaves the row as it is.
    /// - Throws: ``MigrationError`` for a field that the model has not; ``DatabaseError``; what `change` throws.
    public func update(
        reading fields: [String], batch: Int = 500, _ change: (FrozenRow) async throws -> [String: SQLValue]
    ) async throws {
        var statements: [Statement] = []
        try await forEach(reading: fields, batch: batch) { row in
            let values = try await change(row)
            if !values.isEmpty { statements.append(try update(of: row, values)) }
            guard statements.count == batch else { return }
            try await run(statements)
            statements = []
        }
        try await run(statements)
    }

    /// Adds a row.
    ///
    /// - Parameter values: By the names of the fields; those left out are null, or what the database gives them.
    /// - Throws: ``MigrationError`` for a field that the model has not; ``DatabaseError``.
    public func insert(_ values: [String: SQLValue]) async throws {
        let names = values.keys.sorted()
        let columns = try names.map { quoted(try column(of: $0)) }.joined(separator: ", ")
        let places = names.indices.map { database.dialect.placeholder($0 + 1) }.joined(separator: ", ")
        let sql = "INSERT INTO \(quoted(schema.table)) (\(columns)) VALUES (\(places))"
        try await database.execute(Statement(sql, names.compactMap { values[$0] }))
    }

    private func run(_ statements: [Statement]) async throws {
        if statements.isEmpty { return }
        for result in try await database.pipeline(statements) { _ = try result.get() }
    }

    private func rows(_ fields: [String], after last: SQLValue?, limit: Int) async throws -> [FrozenRow] {
        let names = [key.name] + fields
        let kinds = try names.map { name throws(MigrationError) in (name, try kind(of: name)) }
        let columns = try names.map { quoted(try column(of: $0)) }.joined(separator: ", ")
        var sql = "SELECT \(columns) FROM \(quoted(schema.table))"
        if last != nil { sql += " WHERE \(quoted(key.column)) > \(database.dialect.placeholder(1))" }
        sql += " ORDER BY \(quoted(key.column)) LIMIT \(limit)"
        let model = "\(schema.name)"
        return try await database.rows(Statement(sql, last.map { [$0] } ?? []), access: .write) { row in
            try FrozenRow(row, kinds, of: model)
        }
    }

    private func update(of row: FrozenRow, _ values: [String: SQLValue]) throws(MigrationError) -> Statement {
        let names = values.keys.sorted()
        var assignments: [String] = []
        for (index, name) in names.enumerated() {
            assignments.append("\(quoted(try column(of: name))) = \(database.dialect.placeholder(index + 1))")
        }
        let sql =
            "UPDATE \(quoted(schema.table)) SET \(assignments.joined(separator: ", ")) "
            + "WHERE \(quoted(key.column)) = \(database.dialect.placeholder(names.count + 1))"
        return Statement(sql, names.compactMap { values[$0] } + [row.primaryKey])
    }

    private func kind(of field: String) throws(MigrationError) -> FieldKind {
        if let kind = kinds[field] { return kind }
        throw MigrationError(
            .state, "Model '\(schema.name)' has no column for a field '\(field)' at this point.",
            "Its fields are: \(kinds.keys.sorted().joined(separator: ", ")).")
    }

    private func column(of field: String) throws(MigrationError) -> String {
        _ = try kind(of: field)
        return schema.field(field)?.column ?? field
    }

    private func quoted(_ name: String) -> String { database.dialect.quoted(name) }
}
