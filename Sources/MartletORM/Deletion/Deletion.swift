/// Deletes rows as Django's collector does: who refers to them is found by the application, table by table.
///
/// Rows that nobody asks about go by a condition; the keys of others are read, so that what refers to them can be found.
///
/// Source: Django's `django.db.models.deletion.Collector`.
struct Deletion {
    let database: Database
    /// The model that the delete was asked for.
    let origin: ModelName

    /// The rows to be deleted, by model, in the order in which the models were met.
    private var models: [ModelName] = []
    private var collected: [ModelName: CollectedRows] = [:]

    /// Models whose rows must go before those of a model.
    private var dependents: [ModelName: Set<ModelName>] = [:]

    /// Rows that are deleted by a condition, unread.
    private var unread: [SelectQuery] = []

    private var updates: [ReferenceUpdate] = []
    private var restricted: [RestrictedRows] = []

    private init(database: Database, origin: ModelName) {
        self.database = database
        self.origin = origin
    }

    /// Deletes the rows of a query.
    ///
    /// - Parameter keys: The primary keys of the rows, if they are known.
    static func delete(_ query: SelectQuery, keys: [SQLValue]? = nil) async throws -> DeletionResult {
        let database = try Database.current
        let name = query.table.schema.name
        var deletion = Deletion(database: database, origin: name)
        if deletion.canDeleteUnread(query.table) {
            var result = DeletionResult()
            let statement = try SQLCompiler.delete(query, database.dialect)
            result.add(try await database.execute(statement).changedRows, name)
            return result
        }
        return try await transaction {
            var rows = query
            rows.selectRelated = []
            let found: [SQLValue]
            if let keys { found = keys } else { found = try await deletion.keys(rows) }
            try await deletion.collect(query.table, found, from: nil)
            try await deletion.refuseRestricted(name)
            return try await deletion.run()
        }
    }
}

/// Rows of one model that are to be deleted.
private struct CollectedRows {
    let table: AnyTable
    var keys: [SQLValue] = []
    var known: Set<SQLValue> = []
}

/// References that get another value, because the rows they lead to are deleted.
private struct ReferenceUpdate {
    let referring: ModelRegistry.ReferringField
    let keys: [SQLValue]
}

/// Rows that forbid the delete unless they are deleted themselves.
private struct RestrictedRows {
    let referring: ModelRegistry.ReferringField
    var keys: [SQLValue]
}

// MARK: Collecting

extension Deletion {
    /// Whether rows of a table can be deleted without a look at them: nothing refers to them that would have to follow,
    /// and no hook hears of it.
    private func canDeleteUnread(_ table: AnyTable) -> Bool {
        let name = table.schema.name
        if let model = database.models.model(named: name), hearsDeletes(model) { return false }
        return database.models.fields(referringTo: name).allSatisfy { $0.field.kind.onDelete == .doNothing }
    }

    private func hearsDeletes<M: Model>(_ model: M.Type) -> Bool { database.models.hooks.hearsDeletes(of: model) }

    /// Notes rows for deletion, and whatever follows from it.
    ///
    /// - Parameter source: The model whose rows these refer to, and cannot do without.
    private mutating func collect(_ table: AnyTable, _ keys: [SQLValue], from source: ModelName?) async throws {
        let name = table.schema.name
        let new = enter(table, keys, from: source)
        guard !new.isEmpty else { return }
        var unread: [(table: AnyTable, fields: [FieldSchema])] = []
        var protecting: [(field: String, count: Int)] = []
        for referring in database.models.fields(referringTo: name) {
            switch referring.field.kind.onDelete {
            case .cascade where canDeleteUnread(referring.table):
                let index = unread.firstIndex { $0.table.schema.name == referring.table.schema.name }
                if let index {
                    unread[index].fields.append(referring.field)
                } else {
                    unread.append((referring.table, [referring.field]))
                }
            case .cascade:
                let rows = try await self.keys(of: referring, in: new)
                try await collect(referring.table, rows, from: referring.field.isNull ? nil : name)
            case .protect:
                let count = try await self.keys(of: referring, in: new).count
                if count > 0 { protecting.append((referring.label, count)) }
            case .restrict:
                let rows = try await self.keys(of: referring, in: new)
                guard !rows.isEmpty else { continue }
                restricted.append(RestrictedRows(referring: referring, keys: rows))
                depend(referring.table.schema.name, on: name)
            case .setNull, .setDefault, .set: updates.append(ReferenceUpdate(referring: referring, keys: new))
            case .doNothing, nil: continue
            }
        }
        guard protecting.isEmpty else {
            throw ORMError.protected(
                model: "\(name)", by: protecting.map(\.field).joined(separator: "', '"),
                count: protecting.map(\.count).reduce(0, +))
        }
        for (table, fields) in unread { try note(table, fields, new) }
    }

    /// Notes rows that are deleted by what they refer to.
    private mutating func note(_ table: AnyTable, _ fields: [FieldSchema], _ keys: [SQLValue]) throws {
        for chunk in try Array(keys.reversed()).chunked(by: fields.count) {
            var query = SelectQuery(table)
            query.usesTableOrdering = false
            let tests = fields.map { SQLExpression.inList(.column(ColumnPath([], $0)), chunk) }
            query.conditions = [tests.dropFirst().reduce(tests[0]) { .or($0, $1) }]
            unread.append(query)
        }
    }

    /// Adds rows; gives back those that were not there.
    private mutating func enter(_ table: AnyTable, _ keys: [SQLValue], from source: ModelName?) -> [SQLValue] {
        guard !keys.isEmpty else { return [] }
        let name = table.schema.name
        if collected[name] == nil {
            collected[name] = CollectedRows(table: table)
            models.append(name)
        }
        var new: [SQLValue] = []
        for key in keys where collected[name]?.known.insert(key).inserted == true { new.append(key) }
        collected[name]?.keys += new
        if let source { depend(name, on: source) }
        return new
    }

    private mutating func depend(_ dependent: ModelName, on model: ModelName) {
        if dependent != model { dependents[model, default: []].insert(dependent) }
    }

    private func keys(of referring: ModelRegistry.ReferringField, in keys: [SQLValue]) async throws -> [SQLValue] {
        var found: [SQLValue] = []
        for chunk in try keys.deletionChunks() {
            var query = SelectQuery(referring.table)
            query.conditions = [.inList(.column(ColumnPath([], referring.field)), chunk)]
            query.usesTableOrdering = false
            found += try await self.keys(query)
        }
        return found
    }

    private func keys(_ query: SelectQuery) async throws -> [SQLValue] {
        let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
        let statement = try SQLCompiler.select([key], from: query, database.dialect)
        return try await database.rows(statement, access: .write) { $0.value(at: 0) }
    }

    /// Refuses the delete when a row restricts it that is not deleted by another way.
    private mutating func refuseRestricted(_ name: ModelName) async throws {
        var left: [(field: String, count: Int)] = []
        for rows in restricted {
            let table = rows.referring.table
            let deleted = collected[table.schema.name]?.known ?? []
            var keys = rows.keys.filter { !deleted.contains($0) }
            for query in unread where query.table.schema.name == table.schema.name && !keys.isEmpty {
                let found = Set(try await self.keys(query))
                keys.removeAll { found.contains($0) }
            }
            if !keys.isEmpty { left.append((rows.referring.label, keys.count)) }
        }
        guard left.isEmpty else {
            throw ORMError.restricted(
                model: "\(name)", by: left.map(\.field).joined(separator: "', '"),
                count: left.map(\.count).reduce(0, +))
        }
    }
}

// MARK: Deleting

extension Deletion {
    /// Carries it out: what is unread, then the references that change, then what refers, then what is referred to.
    private mutating func run() async throws -> DeletionResult {
        var result = DeletionResult()
        let order = sorted()
        var heard: [ModelName: any DeletedRows] = [:]
        for name in order {
            guard let rows = collected[name], let heard1 = try await heardRows(name, rows.keys) else { continue }
            heard[name] = heard1
            try await heard1.tellBefore(DeleteEvent(origin: origin))
        }
        for query in unread {
            let statement = try SQLCompiler.delete(query, database.dialect)
            result.add(try await database.execute(statement).changedRows, query.table.schema.name)
        }
        for update in updates { try await run(update) }
        for name in order {
            guard let rows = collected[name] else { continue }
            for chunk in try Array(rows.keys.reversed()).deletionChunks() {
                var query = SelectQuery(rows.table)
                query.conditions = [.inList(.column(ColumnPath([], rows.table.primaryKey)), chunk)]
                let statement = try SQLCompiler.delete(query, database.dialect)
                result.add(try await database.execute(statement).changedRows, name)
            }
            try await heard[name]?.tellAfter(DeleteEvent(origin: origin))
        }
        return result
    }

    /// The models, those first whose rows refer to the others'; as they were met where they refer in a circle.
    private func sorted() -> [ModelName] {
        var sorted: [ModelName] = []
        var left = models
        while !left.isEmpty {
            let ready = left.firstIndex { name in
                dependents[name, default: []].allSatisfy { sorted.contains($0) || !models.contains($0) }
            }
            guard let ready else { return models.reversed() }
            sorted.append(left.remove(at: ready))
        }
        return sorted
    }

    private func run(_ update: ReferenceUpdate) async throws {
        let field = update.referring.field
        let relation = update.referring.table.relations[field.name]
        let column = SQLExpression.column(ColumnPath([], field))
        var value: SQLValue?
        // The value that is set is bound, too.
        for chunk in try update.keys.deletionChunks(reserving: 1) {
            var query = SelectQuery(update.referring.table)
            query.usesTableOrdering = false
            query.conditions = [.inList(column, chunk)]
            if field.kind.onDelete != .setNull, value == nil {
                // Who gives the value may make a row for it, and is asked only where a row needs it.
                guard try await isAny(query) else { continue }
                value = try await relation?.replacement?()
            }
            let statement = try SQLCompiler.update(query, set: [(field, .value(value ?? .null))], database.dialect)
            try await database.execute(statement)
        }
    }

    private func isAny(_ query: SelectQuery) async throws -> Bool {
        let statement = try SQLCompiler.exists(query, database.dialect)
        return try await !database.rows(statement, access: .write) { _ in true }.isEmpty
    }

    /// The rows as their hooks see them; `nil` where there are none.
    private func heardRows(_ name: ModelName, _ keys: [SQLValue]) async throws -> (any DeletedRows)? {
        guard let model = database.models.model(named: name) else { return nil }
        return try await heardRows(model, keys)
    }

    private func heardRows<M: Model>(_ model: M.Type, _ keys: [SQLValue]) async throws -> (any DeletedRows)? {
        guard database.models.hooks.hearsDeletes(of: model), let hooks = database.models.hooks.of(model) else {
            return nil
        }
        var rows: [M] = []
        for chunk in try keys.deletionChunks() {
            let key = SQLExpression.column(ColumnPath([], M.anyTable.primaryKey))
            let order = OrderTerm(expression: key, isDescending: false, nulls: nil)
            let query = M.objects.with {
                $0.conditions = [.inList(key, chunk)]
                $0.orders = [order]
            }
            rows += try await query.all()
        }
        return HeardRows(rows: rows, hooks: hooks)
    }
}

/// Rows whose delete is told.
private protocol DeletedRows: Sendable {
    func tellBefore(_ event: DeleteEvent) async throws
    func tellAfter(_ event: DeleteEvent) async throws
}

private struct HeardRows<M: Model>: DeletedRows {
    let rows: [M]
    let hooks: ModelHooks<M>

    func tellBefore(_ event: DeleteEvent) async throws {
        for row in rows { for hook in hooks.beforeDelete { try await hook(row, event) } }
    }

    func tellAfter(_ event: DeleteEvent) async throws {
        for row in rows.reversed() { for hook in hooks.afterDelete { try await hook(row, event) } }
    }
}

extension Array where Element == SQLValue {
    /// Slices for one statement each: as in `createMany`, more than a thousand values take SQLite longer.
    fileprivate func deletionChunks(reserving reserved: Int = 0) throws -> [[SQLValue]] {
        let size = Swift.max(1, Swift.min(1000, try Database.current.dialect.maximumParameters - reserved))
        return stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

extension ModelRegistry.ReferringField {
    /// The field as messages name it: `blog.Comment.author`.
    fileprivate var label: String { "\(table.schema.name).\(field.name)" }
}

extension FieldKind {
    /// What happens to a row whose reference loses its row; `nil` for what is no foreign key.
    var onDelete: OnDelete? {
        if case .foreignKey(_, let onDelete) = self { onDelete } else { nil }
    }
}
