/// How many rows a delete has removed.
public struct DeletionResult: Sendable, Hashable {
    /// The number of rows of each model, those removed by a cascade among them.
    public private(set) var byModel: [ModelName: Int] = [:]

    /// The number of all rows.
    public var total: Int { byModel.values.reduce(0, +) }

    mutating func add(_ count: Int, _ model: ModelName) {
        if count > 0 { byModel[model, default: 0] += count }
    }
}

/// Deletes rows as Django's collector does: who refers to them is found by the application, table by table.
struct Deletion {
    private let database: Database
    private var steps: [(table: AnyTable, keys: [SQLValue])] = []
    private var seen: Set<RowKey> = []
    private var clearing: [(table: AnyTable, field: FieldSchema, keys: [SQLValue])] = []
    private var through: [(table: String, column: String, keys: [SQLValue])] = []

    private struct RowKey: Hashable {
        let model: ModelName
        let key: SQLValue
    }

    static func delete(_ query: SelectQuery) async throws -> DeletionResult {
        let database = try Database.current
        let table = query.table
        let hasRelations =
            !database.models.fields(referringTo: table.schema.name).isEmpty
            || table.schema.fields.contains { !$0.kind.hasColumn }
        guard hasRelations else {
            var result = DeletionResult()
            let statement = try SQLCompiler.delete(query, database.dialect)
            result.add(try await database.execute(statement).changedRows, table.schema.name)
            return result
        }
        return try await transaction {
            var deletion = Deletion(database: database)
            let key = SQLExpression.column(ColumnPath([], table.primaryKey))
            var rows = query
            rows.selectRelated = []
            let statement = try SQLCompiler.select([key], from: rows, database.dialect)
            let keys = try await database.rows(statement, access: .write) { $0.value(at: 0) }
            try await deletion.collect(table, keys)
            return try await deletion.run()
        }
    }

    private init(database: Database) {
        self.database = database
    }

    /// Notes rows for deletion, and whatever follows from it.
    private mutating func collect(_ table: AnyTable, _ keys: [SQLValue]) async throws {
        let name = table.schema.name
        let new = keys.filter { seen.insert(RowKey(model: name, key: $0)).inserted }
        guard !new.isEmpty else { return }
        steps.append((table, new))
        for field in table.schema.fields {
            guard case .manyToMany(let target) = field.kind else { continue }
            let middle = ThroughTable(of: table.schema, field: field.name, to: target)
            through.append((middle.name, middle.source, new))
        }
        for referring in database.models.fields(referringTo: name) {
            switch referring.field.kind {
            case .foreignKey(_, let onDelete):
                try await follow(referring, onDelete, from: name, new)
            case .manyToMany(let target):
                let middle = ThroughTable(of: referring.table.schema, field: referring.field.name, to: target)
                through.append((middle.name, middle.target, new))
            default: break
            }
        }
    }

    private mutating func follow(
        _ referring: ModelRegistry.ReferringField, _ onDelete: OnDelete, from name: ModelName, _ keys: [SQLValue]
    ) async throws {
        guard onDelete != .doNothing else { return }
        let rows = try await self.keys(of: referring.table, where: referring.field, in: keys)
        guard !rows.isEmpty else { return }
        switch onDelete {
        case .cascade:
            try await collect(referring.table, rows)
        case .setNull:
            clearing.append((referring.table, referring.field, rows))
        case .protect:
            let by = "\(referring.table.schema.name).\(referring.field.name)"
            throw ORMError.protected(model: "\(name)", by: by, count: rows.count)
        case .doNothing: break
        }
    }

    private func keys(
        of table: AnyTable, where field: FieldSchema, in keys: [SQLValue]
    ) async throws -> [SQLValue] {
        var found: [SQLValue] = []
        for chunk in try keys.chunked() {
            var query = SelectQuery(table)
            query.usesTableOrdering = false
            query.conditions = [.inList(.column(ColumnPath([], field)), chunk)]
            let key = SQLExpression.column(ColumnPath([], table.primaryKey))
            let statement = try SQLCompiler.select([key], from: query, database.dialect)
            found += try await database.rows(statement, access: .write) { $0.value(at: 0) }
        }
        return found
    }

    /// Carries it out: first what refers, then what is referred to.
    private func run() async throws -> DeletionResult {
        var result = DeletionResult()
        for (table, column, keys) in through {
            for chunk in try keys.chunked() {
                try await database.execute(
                    SQLCompiler.deleteLinks(from: table, where: [(column, chunk)], database.dialect))
            }
        }
        for (table, field, keys) in clearing {
            // The null that is set is a value, too.
            for chunk in try keys.chunked(reserving: 1) {
                let statement = try SQLCompiler.update(
                    Self.rows(of: table, chunk), set: [(field, .value(.null))], database.dialect)
                try await database.execute(statement)
            }
        }
        for (table, keys) in steps.reversed() {
            for chunk in try keys.chunked() {
                let statement = try SQLCompiler.delete(Self.rows(of: table, chunk), database.dialect)
                result.add(try await database.execute(statement).changedRows, table.schema.name)
            }
        }
        return result
    }

    private static func rows(of table: AnyTable, _ keys: [SQLValue]) -> SelectQuery {
        var query = SelectQuery(table)
        query.conditions = [.inList(.column(ColumnPath([], table.primaryKey)), keys)]
        return query
    }
}
