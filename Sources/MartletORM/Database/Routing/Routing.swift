/// Which of several databases the queries of a task go to.
struct Routing: Sendable {
    let databases: Databases
    /// Set once the primary was written to; `nil` where there are no replicas.
    let pin: PrimaryPin?
    /// Whether a database was bound by `use`, and no router is asked.
    var isFixed = false

    /// The database for a model's rows, as the router says.
    func database(for model: ModelName, _ access: DatabaseAccess) throws(ORMError) -> Database {
        let alias = databases.router.database(for: model, access) ?? .replica
        guard alias == .replica else { return try databases.database(alias) }
        guard access == .read, pin?.isSet != true, databases.primary.openTransaction == nil else {
            return databases.primary
        }
        return databases.nextReplica ?? databases.primary
    }

    /// Notes a write.
    func hasWritten(_ database: Database) {
        if database === databases.primary { pin?.set() }
    }
}

extension Database {
    /// The database of that name among those of the task; the task's own for `nil`.
    static func current(_ alias: DatabaseAlias?) throws(ORMError) -> Database {
        guard let ambient else { throw .noDatabase }
        guard let alias else { return ambient.database }
        if let routing = ambient.routing { return try routing.databases.database(alias) }
        if alias == .primary { return ambient.database }
        throw .invalidQuery(
            "A query asks for the database '\(alias)', and a single one is bound to this task. "
                + "Bind several: `Databases(primary: …, others: [\"\(alias)\": …]).use { … }`.")
    }

    /// The database that a query goes to.
    static func current(for query: SelectQuery, _ access: DatabaseAccess) throws(ORMError) -> Database {
        guard let ambient else { throw .noDatabase }
        if let alias = query.database {
            guard access == .read || alias != .replica else {
                throw .invalidQuery("A replica is not written to. Leave `using(.replica)` out where rows are written.")
            }
            return try current(alias)
        }
        guard let routing = ambient.routing, !routing.isFixed else { return ambient.database }
        return try routing.database(for: query.table.schema.name, access)
    }
}

extension SelectQuery {
    /// Runs an operation with the database bound that this query goes to, for whatever it asks on its way.
    func bound<Result>(
        _ access: DatabaseAccess, caller: isolated (any Actor)? = #isolation,
        _ operation: (Database) async throws -> Result
    ) async throws -> Result {
        let target = try Database.current(for: self, access)
        guard var ambient = Database.ambient, ambient.database !== target || database != nil else {
            return try await operation(target)
        }
        ambient = Database.Ambient(database: target, open: ambient.open, routing: ambient.routing)
        // What belongs to a query that names its database goes there too; else the router is asked for each model.
        if database != nil { ambient.routing?.isFixed = true }
        return try await Database.$ambient.withValue(
            ambient, operation: { try await operation(target) }, isolation: caller)
    }
}

extension QuerySet {
    /// Sends the query to a database, whatever the router says.
    ///
    /// ```swift
    /// let old = try await Entry.objects.using(.archive).filter { $0.year < 2000 }.all()
    /// ```
    ///
    /// Source: [Django, `using`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#using).
    public func using(_ alias: DatabaseAlias) -> Self {
        with { $0.database = alias }
    }
}

extension Model {
    /// Writes the row to a database, whatever the router says; see ``save()``.
    public mutating func save(using alias: DatabaseAlias) async throws {
        let query = Self.unscoped.using(alias).query
        var copy = self
        self = try await query.bound(.write) { _ in
            try await copy.save()
            return copy
        }
    }

    /// Deletes the row in a database, whatever the router says; see ``delete()``.
    @discardableResult
    public func delete(using alias: DatabaseAlias) async throws -> DeletionResult {
        try await Self.unscoped.using(alias).query.bound(.write) { _ in try await delete() }
    }
}
