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
            let values = encode(models[chunk], leaving: key)
            let rows = NewRows(
                statement: sql, table: erased.name, columns: columns, values: values, areNumbered: isNumbering)
            guard let numbers = try await database.insert(rows) else { return false }
            number(&models, chunk, numbers)
        }
        return true
    }

    /// How many models have no id yet that the database gives.
    func unsetIDs(of models: [M]) -> Int {
        guard erased.isNumbered else { return 0 }
        guard let key = directKey else { return models.count(where: \.hasUnsetID) }
        return models.withUnsafeBufferPointer { models in
            var count = 0
            ModelAddresses(models).forEach { model in
                if model.load(fromByteOffset: key.offset, as: Int.self) == 0 { count += 1 }
            }
            return count
        }
    }

    /// Gives models the ids that the database has given their rows.
    private func number(_ models: inout [M], _ chunk: Range<Int>, _ numbers: [Int64]) {
        let key = directKey
        for (index, number) in zip(chunk, numbers) {
            if let key {
                withUnsafeMutablePointer(to: &models[index]) { model in
                    UnsafeMutableRawPointer(model).storeBytes(of: Int(number), toByteOffset: key.offset, as: Int.self)
                }
            } else if let id = Int(number) as? M.ID {
                models[index].id = id
            }
        }
    }

    /// The place of a key that is an `Int`.
    private var directKey: DirectColumn? {
        let key = columns[primaryKeyPosition].column?.direct
        return key?.form == .int ? key : nil
    }
}
