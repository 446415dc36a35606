extension Model {
    /// Adds rows to a many-to-many relation of this saved row; those that are in it already stay once.
    public func add<To: Model>(_ rows: [To], to property: KeyPath<Self, ManyToMany<To>>) async throws {
        guard !rows.isEmpty else { return }
        let through = try Self.through(property)
        let database = try Database.current
        let chunks = try rows.map { [id.sqlValue, $0.id.sqlValue] }.chunked(by: 2)
        try await all(chunks.count > 1) {
            for chunk in chunks {
                try await database.execute(
                    SQLCompiler.insert(
                        into: through.table, columns: [through.here, through.there], rows: chunk,
                        ignoringConflicts: true, database.dialect))
            }
        }
    }

    /// Removes rows from a many-to-many relation of this row.
    public func remove<To: Model>(_ rows: [To], from property: KeyPath<Self, ManyToMany<To>>) async throws {
        guard !rows.isEmpty else { return }
        let through = try Self.through(property)
        let chunks = try rows.map(\.id.sqlValue).chunked(reserving: 1)
        try await all(chunks.count > 1) {
            for chunk in chunks { try await deleteLinks(through, to: chunk) }
        }
    }

    /// Makes rows the only ones in a many-to-many relation of this row.
    public func set<To: Model>(_ rows: [To], for property: KeyPath<Self, ManyToMany<To>>) async throws {
        let through = try Self.through(property)
        try await transaction {
            try await deleteLinks(through, to: nil)
            try await add(rows, to: property)
        }
    }

    /// The rows of a many-to-many relation of this row, as a query.
    public func related<To: Model>(_ property: KeyPath<Self, ManyToMany<To>>) -> QuerySet<To> {
        related(at: property)
    }

    /// The rows that refer to this row, as a query.
    public func related<From: Model>(_ property: KeyPath<Self, Related<From>>) -> QuerySet<From> {
        related(at: property)
    }

    /// A transaction where more than one statement needs it.
    private func all(_ needsTransaction: Bool, _ operation: () async throws -> Void) async throws {
        if needsTransaction { try await transaction { try await operation() } } else { try await operation() }
    }

    private func related<To: Model>(at property: AnyKeyPath) -> QuerySet<To> {
        let key = id.sqlValue
        return QuerySet<To>().with { query in
            switch Self.table.field(at: property)?.relation?.link {
            case .reverse(let column)?:
                let field = query.table.columns.first { $0.column == column } ?? query.table.primaryKey
                query.conditions.append(.comparison(.equal, .column(ColumnPath([], field)), .value(key)))
            case .through(let table, let here, let there)?:
                let target = SQLExpression.column(ColumnPath([], query.table.primaryKey))
                query.conditions.append(
                    .inThrough(target, .through(table: table, here: here, there: there), key: key))
            default:
                query.problem = .invalidQuery(
                    "'\(Field<Self>.propertyName(property))' is not a relation of \(Self.self). Add it to its table.")
            }
        }
    }

    private static func through<To: Model>(
        _ property: KeyPath<Self, ManyToMany<To>>
    ) throws(ORMError) -> (table: String, here: String, there: String) {
        guard case .through(let table, let here, let there)? = Self.table.field(at: property)?.relation?.link else {
            throw .invalidQuery(
                "'\(Field<Self>.propertyName(property))' is not a relation of \(Self.self). Add it to its table.")
        }
        return (table, here, there)
    }

    /// - Parameter keys: Which links; `nil` for all.
    private func deleteLinks(_ through: (table: String, here: String, there: String), to keys: [SQLValue]?) async throws
    {
        let database = try Database.current
        var conditions = [(column: through.here, values: [id.sqlValue])]
        if let keys { conditions.append((through.there, keys)) }
        try await database.execute(SQLCompiler.deleteLinks(from: through.table, where: conditions, database.dialect))
    }
}
