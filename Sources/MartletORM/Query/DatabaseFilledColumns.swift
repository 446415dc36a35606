// Columns that the database computes or fills: they are left out of what is written, and read back.

extension AnyTable {
    /// Whether the database computes or fills a column.
    var hasFilledColumns: Bool {
        columns.contains { $0.details != nil && ($0.generated != nil || $0.databaseDefault != nil) }
    }

    /// Whether the database computes a column at each write.
    var hasGeneratedColumns: Bool { columns.contains { $0.details != nil && $0.generated != nil } }
}

extension FieldSchema {
    /// Whether an `INSERT` leaves the column to the database.
    func isFilled(insteadOf value: SQLValue) -> Bool {
        guard details != nil else { return false }
        return generated != nil || databaseDefault != nil && value.isNull
    }
}

extension Table {
    /// Inserts a row and reads back what the database has put into it.
    func insertFilled(_ model: M, isNumbering: Bool, in database: Database) async throws -> M {
        var written: [String] = []
        var values: [SQLValue] = []
        var filled: [Int] = []
        for (position, (field, value)) in zip(erased.columns, encode(model)).enumerated() {
            if field.isFilled(insteadOf: value) || isNumbering && field.isPrimaryKey {
                filled.append(position)
            } else {
                written.append(field.column)
                values.append(value)
            }
        }
        let statement = SQLCompiler.insert(
            into: erased.name, columns: written, rows: [values], database.dialect)
        guard !filled.isEmpty else {
            try await database.execute(statement)
            return model
        }
        return try await readBack(filled, of: model, statement, in: database) ?? model
    }

    /// Runs the update of a row and reads back what the database computes.
    ///
    /// - Returns: The row; `nil` when there is none.
    func update(_ model: M, _ statement: Statement, in database: Database) async throws -> M? {
        guard erased.hasGeneratedColumns else {
            return try await database.execute(statement).changedRows > 0 ? model : nil
        }
        let generated = erased.columns.indices.filter { erased.columns[$0].generated != nil }
        return try await readBack(generated, of: model, statement, in: database)
    }

    private func readBack(
        _ positions: [Int], of model: M, _ statement: Statement, in database: Database
    ) async throws -> M? {
        let names = positions.map { database.dialect.quoted(erased.columns[$0].column) }.joined(separator: ", ")
        let returning = Statement("\(statement.sql) RETURNING \(names)", statement.parameters)
        let rows = try await database.rows(returning, access: .write) { row in
            var copy = model
            try withUnsafeMutablePointer(to: &copy) { pointer in
                let base = UnsafeMutableRawPointer(pointer)
                for (index, position) in positions.enumerated() {
                    try self.columns[position].column?.decode(base, row, index)
                }
            }
            return copy
        }
        return rows.first
    }
}
