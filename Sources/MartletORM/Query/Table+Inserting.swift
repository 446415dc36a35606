extension Table {
    /// Inserts rows in the driver's own way, some thousands of values at a time.
    ///
    /// - Parameter isNumbering: Whether the database numbers the rows, all of which have no id yet.
    /// - Returns: Whether the driver has such a way; if not, nothing was inserted.
    func insertDirectly(_ models: inout [M], numbering isNumbering: Bool) async throws -> Bool {
        let database = try Database.current
        let key = isNumbering ? primaryKeyPosition : -1
        var columns = erased.columns.map(\.column)
        if isNumbering { columns.remove(at: key) }
        let one = [[SQLValue]](repeating: [SQLValue](repeating: .null, count: columns.count), count: 1)
        let sql = SQLCompiler.insert(into: erased.name, columns: columns, rows: one, database.dialect).sql
        // Bounds the memory that the values take beside the models.
        let size = max(1, 10_000 / columns.count)
        for start in stride(from: 0, to: models.count, by: size) {
            let chunk = start..<min(start + size, models.count)
            var values: [SQLValue] = []
            values.reserveCapacity(chunk.count * columns.count)
            for index in chunk { encode(models[index], leaving: key, to: &values) }
            let rows = NewRows(
                statement: sql, table: erased.name, columns: columns, values: values, areNumbered: isNumbering)
            guard let numbers = try await database.insert(rows) else { return false }
            for (index, number) in zip(chunk, numbers) {
                if let id = Int(number) as? M.ID { models[index].id = id }
            }
        }
        return true
    }
}
