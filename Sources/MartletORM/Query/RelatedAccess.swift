/// How the rows at the other end of a relation are put into a model. Made where both types are known.
struct RelatedAccess<M: Model>: Sendable {
    /// Decodes the related row that was selected with this one; only for relations to one row.
    let decode: (@Sendable (inout M, any Row, RelatedColumnsPlan) throws -> Void)?

    /// Loads the related rows of many models with one statement for each few thousand.
    let load: @Sendable (inout [M], [PrefetchNode]) async throws -> Void
}

/// Where the columns of a related row begin, and what was selected with that row in turn.
struct RelatedColumnsPlan: Sendable {
    let name: String
    let start: Int
    var children: [RelatedColumnsPlan] = []
}

/// A relation to be loaded after the rows, and what is to be loaded for its rows in turn.
struct PrefetchNode: Sendable {
    let name: String
    var children: [PrefetchNode] = []

    /// Adds a path to a forest; what two paths share is loaded once.
    static func insert(_ path: ArraySlice<String>, into nodes: inout [PrefetchNode]) {
        guard let name = path.first else { return }
        let index = nodes.firstIndex { $0.name == name } ?? nodes.endIndex
        if index == nodes.endIndex { nodes.append(PrefetchNode(name: name)) }
        insert(path.dropFirst(), into: &nodes[index].children)
    }
}

extension RelatedAccess {
    /// A relation to one row.
    static func one<To: Model>(
        get: @escaping @Sendable (M) -> To.ID?, set: @escaping @Sendable (inout M, To) -> Void
    ) -> RelatedAccess {
        RelatedAccess(
            decode: { model, row, plan in
                // Without a row at the other end the join filled its columns with nulls.
                guard get(model) != nil, !row.isNull(at: plan.start + To.table.primaryKeyPosition) else { return }
                set(&model, try To.table.decode(row, at: plan.start, related: plan.children))
            },
            load: { models, children in
                let ids = Set(models.compactMap(get))
                var rows: [To] = []
                for chunk in try Array(ids).chunked() {
                    rows += try await To.unscoped.filter { $0.id.in(chunk) }.unordered.all()
                }
                try await To.table.prefetch(children, for: &rows)
                let byID = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
                for index in models.indices {
                    if let id = get(models[index]), let row = byID[id] { set(&models[index], row) }
                }
            })
    }

    /// A relation to many rows.
    static func many<To: Model>(
        _ relation: Relation, target: To.Type, set: @escaping @Sendable (inout M, [To]) -> Void
    ) -> RelatedAccess {
        RelatedAccess(
            decode: nil,
            load: { models, children in
                let database = try Database.current
                var owners: [M.ID] = []
                var rows: [To] = []
                for chunk in try models.map(\.id).chunked() {
                    let statement = try SQLCompiler.prefetch(
                        relation, of: M.anyTable, keys: chunk.map(\.sqlValue), database.dialect)
                    let found = try await database.rows(statement) { row in
                        (try M.ID.decode(from: row, at: 0), try To.table.decode(row, at: 1, related: []))
                    }
                    for (owner, row) in found {
                        owners.append(owner)
                        rows.append(row)
                    }
                }
                try await To.table.prefetch(children, for: &rows)
                var byOwner: [M.ID: [To]] = [:]
                for (owner, row) in zip(owners, rows) { byOwner[owner, default: []].append(row) }
                for index in models.indices { set(&models[index], byOwner[models[index].id] ?? []) }
            })
    }
}

extension Array where Element: Sendable {
    /// Slices short enough for one statement of the task's database.
    ///
    /// - Parameters:
    ///   - reserved: How many values the statement binds beside these.
    ///   - each: How many values the statement binds for one element.
    package func chunked(reserving reserved: Int = 0, by each: Int = 1) throws -> [[Element]] {
        let size = Swift.max(1, (try Database.current.dialect.maximumParameters - reserved) / each)
        return stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension Table {
    /// The primary key's place among the selected columns.
    var primaryKeyPosition: Int {
        columns.firstIndex { $0.schema?.isPrimaryKey == true } ?? 0
    }

    /// Decodes a row and the related rows that were selected with it.
    func decode(_ row: any Row, at start: Int, related: [RelatedColumnsPlan]) throws -> M {
        var model = try decode(row, at: start)
        for plan in related { try field(named: plan.name)?.related?.decode?(&model, row, plan) }
        return model
    }

    /// Loads relations of rows that were read.
    func prefetch(_ nodes: [PrefetchNode], for models: inout [M]) async throws {
        guard !models.isEmpty else { return }
        for node in nodes { try await field(named: node.name)?.related?.load(&models, node.children) }
    }
}
