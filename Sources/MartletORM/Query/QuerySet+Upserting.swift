extension QuerySet {
    /// Inserts many rows with few statements, in one transaction; what becomes of rows that are there already is said.
    ///
    /// ```swift
    /// let count = try await Tag.objects.createMany(tags, onConflict: .ignore)
    /// ```
    ///
    /// Which rows were inserted is not told, and new ids are not either; ``upsert(_:on:updating:)`` returns the rows.
    ///
    /// - Returns: How many rows were inserted or overwritten.
    /// - Throws: ``DatabaseError``, of kind `statement` where no constraint says that the properties are unique.
    ///
    /// Source: [Django, `bulk_create`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#bulk-create).
    @discardableResult
    public func createMany(_ models: [M], onConflict resolution: ConflictResolution<M>) async throws -> Int {
        let conflict = try resolution.columns()
        guard !models.isEmpty else { return 0 }
        return try await query.bound(.write) { database in
            let batch = try UpsertBatch(models, conflict)
            return try await transaction {
                var count = 0
                for statement in batch.statements(returning: [], database.dialect) {
                    count += try await database.execute(statement.statement).changedRows
                }
                return count
            }
        }
    }

    /// Inserts rows, or overwrites those that are there already.
    ///
    /// ```swift
    /// let stored = try await Price.objects.upsert(prices, on: \.product, \.day, updating: \.amount)
    /// ```
    ///
    /// SQL: `INSERT INTO … VALUES … ON CONFLICT (product_id, day) DO UPDATE SET amount = EXCLUDED.amount RETURNING …`.
    ///
    /// - Parameters:
    ///   - models: The rows; of several that are the same by `unique`, the database could keep only one, so that is an
    ///     error.
    ///   - unique: The properties of a unique constraint, or the primary key.
    ///   - fields: What is overwritten; unless told everything but the key, `unique` and the moment of creation.
    /// - Returns: The rows as they are stored, in the order of `models`.
    /// - Throws: ``ORMError/invalidQuery(_:)``; ``DatabaseError``.
    @discardableResult
    public func upsert(
        _ models: [M], on unique: any PartialKeyPath<M> & Sendable...,
        updating fields: any PartialKeyPath<M> & Sendable...
    ) async throws -> [M] {
        try await store(models, ConflictResolution(target: unique, updated: fields))
    }

    /// Inserts a row, or overwrites the one that is there already; see the form for many.
    @discardableResult
    public func upsert(
        _ model: M, on unique: any PartialKeyPath<M> & Sendable..., updating fields: any PartialKeyPath<M> & Sendable...
    ) async throws -> M {
        try await store([model], ConflictResolution(target: unique, updated: fields)).first ?? model
    }

    private func store(_ models: [M], _ resolution: ConflictResolution<M>) async throws -> [M] {
        let conflict = try resolution.columns()
        guard !models.isEmpty else { return [] }
        return try await query.bound(.write) { database in
            let batch = try UpsertBatch(models, conflict)
            let table = M.table
            return try await transaction {
                var stored = batch.models
                for part in batch.statements(returning: table.erased.columns.map(\.column), database.dialect) {
                    let rows = try await database.rows(part.statement, access: .write) { try table.decode($0, at: 0) }
                    batch.place(rows, at: part.places, in: &stored)
                }
                return stored
            }
        }
    }
}

/// The rows of an upsert on their way to the database.
private struct UpsertBatch<M: Model> {
    /// The rows with the moments that the database layer keeps.
    let models: [M]
    private let rows: [[SQLValue]]
    private let conflict: ConflictColumns
    /// Where the columns that are unique stand in a row.
    private let unique: [Int]

    init(_ models: [M], _ conflict: ConflictColumns) throws {
        let table = M.table
        try table.erased.validate()
        var stamped = models
        for index in stamped.indices {
            table.stamp(&stamped[index], isNew: true)
            try table.checkReferences(of: stamped[index])
            try table.checkStorable(stamped[index])
        }
        self.models = stamped
        self.conflict = conflict
        rows = stamped.map(table.encode)
        unique = conflict.target.compactMap { column in
            table.erased.columns.firstIndex { $0.column == column }
        }
        guard conflict.updated != nil else { return }
        var seen: Set<[SQLValue]> = []
        for row in rows {
            let key = unique.map { row[$0] }
            // Nulls differ from each other, and a row that is not numbered yet from all.
            if key.contains(.null) || unique == [table.primaryKeyPosition] && key == [.integer(0)] { continue }
            guard seen.insert(key).inserted else {
                throw ORMError.invalidQuery(
                    "An upsert of \(M.self) was given two rows with the same \(conflict.target.joined(separator: ", ")), "
                        + "and cannot know which one to keep.")
            }
        }
    }

    /// The statements, each with the places of its rows. Rows whose columns the database numbers or fills stand in
    /// statements of their own, without those columns.
    func statements(
        returning columns: [String], _ dialect: any SQLDialect
    ) -> [(statement: Statement, places: [Int])] {
        let table = M.table.erased
        // As in `createMany`.
        let size = max(1, min(1000, dialect.maximumParameters) / table.columns.count)
        var result: [(statement: Statement, places: [Int])] = []
        for (written, places) in groups {
            let names = written.map { table.columns[$0].column }
            for start in stride(from: 0, to: places.count, by: size) {
                let part = Array(places[start..<min(start + size, places.count)])
                let values = part.map { place in written.map { rows[place][$0] } }
                let statement = SQLCompiler.insert(
                    into: table.name, columns: names, rows: values, numbering: table.primaryKey.column,
                    returning: columns, onConflict: conflict, dialect)
                result.append((statement, part))
            }
        }
        return result
    }

    /// The rows by the columns that are written of them.
    private var groups: [(written: [Int], places: [Int])] {
        let columns = M.table.erased.columns
        var groups: [(written: [Int], places: [Int])] = []
        for (place, row) in rows.enumerated() {
            let isNumbering = models[place].hasUnsetID
            let written = columns.indices.filter { position in
                let column = columns[position]
                return !column.isFilled(insteadOf: row[position]) && !(isNumbering && column.isPrimaryKey)
            }
            if let group = groups.firstIndex(where: { $0.written == written }) {
                groups[group].places.append(place)
            } else {
                groups.append((written, [place]))
            }
        }
        return groups
    }

    /// Puts rows that came back where they belong.
    func place(_ found: [M], at places: [Int], in stored: inout [M]) {
        let keys = found.map { row in
            let values = M.table.encode(row)
            return unique.map { values[$0] }
        }
        // Nulls differ from each other, so that a row with one is not found by it.
        let known = zip(keys, found).filter { !$0.0.contains(.null) }
        let byKey = Dictionary(known, uniquingKeysWith: { first, _ in first })
        for (index, place) in places.enumerated() {
            // A column that the database changes, such as one that regards no case, is not found by its value; the rows
            // come back in the order in which they were given, though no database promises that.
            let row = byKey[unique.map { rows[place][$0] }] ?? (found.count == places.count ? found[index] : nil)
            if let row { stored[place] = row }
        }
    }
}
