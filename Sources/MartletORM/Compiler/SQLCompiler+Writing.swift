extension SQLCompiler {
    /// `INSERT` of one or more rows.
    ///
    /// - Parameters:
    ///   - columns: The columns, in the order of each row's values.
    ///   - rows: At least one.
    ///   - key: The column that the database counts up, which stands in for columns where there are none: a row of
    ///     nothing but defaults cannot be one of several, nor meet a conflict.
    ///   - returning: The columns whose values each new row returns.
    ///   - ignoringConflicts: Short for `.ignored` as what becomes of such a row.
    ///   - conflict: What becomes of a row that breaks a unique constraint; an error unless told.
    package static func insert(
        into table: String, columns: [String], rows: [[SQLValue]], numbering key: String? = nil,
        returning: [String] = [], onConflict conflict: ConflictColumns? = nil, ignoringConflicts: Bool = false,
        _ dialect: any SQLDialect
    ) -> Statement {
        var compiler = SQLCompiler(dialect)
        var tail = (ignoringConflicts ? .ignored : conflict)?.sql(dialect) ?? ""
        if !returning.isEmpty { tail += " RETURNING " + returning.map(dialect.quoted).joined(separator: ", ") }
        guard !columns.isEmpty || key != nil else {
            return Statement("INSERT INTO \(dialect.quoted(table)) DEFAULT VALUES\(tail)")
        }
        let names = (columns.isEmpty ? [key ?? ""] : columns).map(dialect.quoted).joined(separator: ", ")
        let counted = SQLFunction("next key") { _ in "DEFAULT" }.sql([], dialect)
        let tuples = rows.map { row in
            row.isEmpty ? "(\(counted))" : "(" + row.map { compiler.bind($0) }.joined(separator: ", ") + ")"
        }
        let sql = "INSERT INTO \(dialect.quoted(table)) (\(names)) VALUES \(tuples.joined(separator: ", "))\(tail)"
        return Statement(sql, compiler.parameters)
    }

    /// `UPDATE` of the rows of a query.
    package static func update(
        _ query: SelectQuery, set assignments: [(column: FieldSchema, value: SQLExpression)],
        _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        var scope = compiler.makeScope(query.table)
        var parts: [String] = []
        for assignment in assignments {
            let value = try compiler.assigned(assignment.value, to: assignment.column, in: &scope)
            parts.append("\(dialect.quoted(assignment.column.column)) = \(value)")
        }
        guard scope.joinSQL.isEmpty else {
            throw .invalidQuery(
                "An update of \(query.table.schema.name) reads a column of another table. "
                    + "SQL sets a column from columns of the same row only.")
        }
        guard compiler.seen.isEmpty else { throw .invalidQuery(Self.noSetOfRows) }
        let condition = try compiler.rowCondition(query)
        return try compiler.statement(
            "UPDATE \(dialect.quoted(query.table.name)) SET \(parts.joined(separator: ", "))\(condition)")
    }

    /// `UPDATE` of rows of a query, each to its own values.
    ///
    /// - Parameters:
    ///   - columns: The columns that are set; none is the primary key.
    ///   - rows: For each row its primary key, and then the values; at least one.
    package static func updateMany(
        _ query: SelectQuery, set columns: [FieldSchema], rows: [[SQLValue]], _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        let table = dialect.quoted(query.table.name)
        let key = query.table.primaryKey
        let types = ([key] + columns).map { dialect.parameterType(of: query.table.storedKind(of: $0)) }
        var tuples: [String] = []
        for (position, row) in rows.enumerated() {
            let places = zip(row, types).map { value, type in
                let place = compiler.bind(value)
                // The first row tells the database the types of all.
                return position == 0 ? type.map { "CAST(\(place) AS \($0))" } ?? place : place
            }
            tuples.append("(" + places.joined(separator: ", ") + ")")
        }
        let names = ["k"] + columns.indices.map { "c\($0)" }
        let sets = zip(columns, names.dropFirst()).map { "\(dialect.quoted($0.column)) = changes.\($1)" }
        let condition = try compiler.rowCondition(query)
        return Statement(
            "WITH changes (\(names.joined(separator: ", "))) AS (VALUES \(tuples.joined(separator: ", "))) "
                + "UPDATE \(table) SET \(sets.joined(separator: ", ")) FROM changes"
                + (condition.isEmpty ? " WHERE " : condition + " AND ")
                + "\(compiler.column(key.column, of: query.table.name)) = changes.k",
            compiler.parameters)
    }

    /// `DELETE` of the rows of a query; rows that refer to them are not looked at.
    package static func delete(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        let condition = try compiler.rowCondition(query)
        return try compiler.statement("DELETE FROM \(dialect.quoted(query.table.name))\(condition)")
    }

    /// `DELETE` of rows of a table between two models.
    ///
    /// - Parameter conditions: Columns, each with the values one of which it has; the caller keeps to the most values
    ///   a statement can have.
    package static func deleteLinks(
        from table: String, where conditions: [(column: String, values: [SQLValue])], _ dialect: any SQLDialect
    ) -> Statement {
        var compiler = SQLCompiler(dialect)
        let parts = conditions.map { column, values in
            "\(dialect.quoted(column)) IN (\(values.map { compiler.bind($0) }.joined(separator: ", ")))"
        }
        let sql = "DELETE FROM \(dialect.quoted(table)) WHERE \(parts.joined(separator: " AND "))"
        return Statement(sql, compiler.parameters)
    }

    /// The `WHERE` of a statement that writes: plain where it can be, else by the primary keys of a `SELECT`.
    private mutating func rowCondition(_ query: SelectQuery) throws(ORMError) -> String {
        try query.table.validate()
        if let problem = query.problem { throw problem }
        var scope = makeScope(query.table)
        let before = self
        let condition = try whereClause(query, in: &scope)
        if scope.joinSQL.isEmpty, seen.isEmpty, query.source == nil, !query.isSliced, query.distinctOn.isEmpty {
            return condition
        }
        self = before
        var bare = query
        bare.selectRelated = []
        if !query.isSliced, query.distinctOn.isEmpty {
            bare.orders = []
            bare.usesTableOrdering = false
            bare.isDistinct = false
        }
        let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
        let rows = try select(bare, .expressions([key]), in: makeScope(query.table), exactly: true)
        return " WHERE \(column(query.table.primaryKey.column, of: query.table.name)) IN (\(rows))"
    }
}

extension AnyTable {
    /// What a column stores: for a foreign key, what it refers to.
    package func storedKind(of field: FieldSchema) -> FieldKind {
        guard case .foreignKey = field.kind, let target = relations[field.name]?.target else { return field.kind }
        return target.storedKind(of: target.primaryKey)
    }
}
