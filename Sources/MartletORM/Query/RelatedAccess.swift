/// How the rows at the other end of a relation are put into a model. Made where both types are known.
struct RelatedAccess<M: Model>: Sendable {
    /// Decodes the related row that was selected with this one; only for relations to one row.
    let decode: (@Sendable (inout M, any Row, RelatedColumnsPlan) throws -> Void)?

    /// Loads the related rows of many models with one statement for each few thousand.
    ///
    /// Models that have theirs keep them, and the rows below are loaded for those too.
    let load: @Sendable (inout [M], PrefetchNode) async throws -> Void
}

/// Where the columns of a related row begin, and what was selected with that row in turn.
struct RelatedColumnsPlan: Sendable {
    let name: String
    let start: Int
    var children: [RelatedColumnsPlan] = []
}

extension RelatedAccess {
    /// A relation to one row whose key this one holds.
    static func one<To: Model>(
        get: @escaping @Sendable (M) -> To.ID?, loaded: @escaping @Sendable (M) -> To?,
        set: @escaping @Sendable (inout M, To) -> Void
    ) -> RelatedAccess {
        RelatedAccess(
            decode: { model, row, plan in
                // Without a row at the other end the join filled its columns with nulls.
                guard get(model) != nil, !row.isNull(at: plan.start + To.table.primaryKeyPosition) else { return }
                set(&model, try To.table.decode(row, at: plan.start, related: plan.children))
            },
            load: { models, node in
                var byID: [To.ID: To] = [:]
                if node.keepsLoaded {
                    for model in models {
                        if let row = loaded(model) { byID[row.id] = row }
                    }
                }
                let missing = Set(models.compactMap(get)).filter { byID[$0] == nil }
                var rows = Array(byID.values)
                let key = SQLExpression.column(ColumnPath([], To.anyTable.primaryKey))
                let found: [(To.ID, To)] = try await node.rows(where: key, in: missing.map(\.sqlValue))
                rows += found.map(\.1)
                try await To.table.prefetch(node.children, for: &rows)
                for row in rows { byID[row.id] = row }
                for index in models.indices {
                    if let id = get(models[index]), let row = byID[id] { set(&models[index], row) }
                }
            })
    }

    /// The one row that refers to this one, or none.
    static func reverseOne<To: Model>(
        _ relation: Relation, target: To.Type, loaded: @escaping @Sendable (M) -> To??,
        set: @escaping @Sendable (inout M, To?) -> Void
    ) -> RelatedAccess {
        let many = many(
            relation, target: target, loaded: { loaded($0).map { row in row.map { [$0] } ?? [] } },
            set: { set(&$0, $1.first) })
        return RelatedAccess(
            decode: { model, row, plan in
                guard !row.isNull(at: plan.start + To.table.primaryKeyPosition) else { return set(&model, nil) }
                set(&model, try To.table.decode(row, at: plan.start, related: plan.children))
            },
            load: many.load)
    }

    /// A relation to many rows.
    static func many<To: Model>(
        _ relation: Relation, target: To.Type, loaded: @escaping @Sendable (M) -> [To]?,
        set: @escaping @Sendable (inout M, [To]) -> Void
    ) -> RelatedAccess {
        RelatedAccess(
            decode: nil,
            load: { models, node in
                // The rows of all models in one list, and whose each is.
                var owners: [M.ID] = []
                var rows: [To] = []
                var wanted: [SQLValue] = []
                for model in models {
                    guard node.keepsLoaded, let known = loaded(model) else {
                        wanted.append(model.id.sqlValue)
                        continue
                    }
                    owners += known.map { _ in model.id }
                    rows += known
                }
                let (key, isOnce) = try relation.ownerKey(in: M.anyTable)
                let found: [(M.ID, To)] = try await node.rows(where: key, in: wanted)
                var seen: Set<LinkedPair<M.ID, To.ID>> = []
                for (owner, row) in found where isOnce || seen.insert(LinkedPair(owner, row.id)).inserted {
                    owners.append(owner)
                    rows.append(row)
                }
                try await To.table.prefetch(node.children, for: &rows)
                var byOwner: [M.ID: [To]] = [:]
                for (owner, row) in zip(owners, rows) { byOwner[owner, default: []].append(row) }
                let store = try node.store(M.self, To.self)
                for index in models.indices {
                    let rows = byOwner[models[index].id] ?? []
                    if let store { store(&models[index], rows) } else { set(&models[index], rows) }
                }
            })
    }
}

/// Two rows that are linked: a third table may link them more than once, and each is loaded once.
private struct LinkedPair<First: Hashable, Second: Hashable>: Hashable {
    let first: First
    let second: Second

    init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }
}

extension Relation {
    /// The column, seen from the other table, that says which row of this one a row there belongs to.
    ///
    /// - Returns: The column, and whether it names a row at the other end once at most.
    func ownerKey(in table: AnyTable) throws(ORMError) -> (key: SQLExpression, isOnce: Bool) {
        let target = target
        switch try SQLCompiler.link(of: self, in: table) {
        case .forward(let column), .reverse(let column):
            let field = target.columns.first { $0.column == column } ?? target.primaryKey
            return (.column(ColumnPath([], field)), true)
        case .through(let through, let here, let there):
            let field = FieldSchema(here, table.primaryKey.kind, column: here)
            let schema = ModelSchema(
                name: table.schema.name, table: through, fields: [FieldSchema("id", .auto, primaryKey: true), field])
            let links = AnyTable(schema: schema, relations: [:], ordering: [], problems: [])
            let way = Relation(
                name: name, isNullable: false, isMultiple: false, target: { links },
                link: { .reverse(column: there) })
            return (.column(ColumnPath([way], field)), false)
        }
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
    nonisolated(nonsending) func prefetch(_ nodes: [PrefetchNode], for models: inout [M]) async throws {
        guard !models.isEmpty else { return }
        for node in nodes { try await field(named: node.name)?.related?.load(&models, node) }
    }
}
