import Synchronization

/// Several databases, and who says which of them a query goes to.
///
/// ```swift
/// let databases = Databases(
///     primary: Database(PostgreSQLBackend(url: main), models: registry),
///     replicas: [Database(PostgreSQLBackend(url: copy), models: registry)],
///     others: [.archive: Database(SQLiteBackend(path: "archive.sqlite3"), models: registry)],
///     router: ArchiveRouter())
/// try await databases.use { try await Post.objects.all() }    // read from the copy
/// ```
///
/// Source: [Django, multiple databases](https://docs.djangoproject.com/en/5.2/topics/db/multi-db/).
public final class Databases: Sendable {
    /// The database that is written to unless told.
    public let primary: Database
    /// Copies of the primary that are only read from, in turn.
    public let replicas: [Database]
    /// Databases with rows of their own.
    public let others: [DatabaseAlias: Database]
    /// Says which database a model's rows are in.
    public let router: any DatabaseRouter

    private let turn = Atomic(0)

    /// Makes a group of databases.
    ///
    /// - Parameters:
    ///   - others: By the names that `using` and the router know; not `.primary` and not `.replica`.
    public init(
        primary: Database, replicas: [Database] = [], others: [DatabaseAlias: Database] = [:],
        router: any DatabaseRouter = RouterChain()
    ) {
        self.primary = primary
        self.replicas = replicas
        self.others = others
        self.router = router
    }

    /// The databases of the current task; `nil` where a single one is bound.
    public static var current: Databases? { Database.ambient?.routing?.databases }

    /// The names of all databases that have tables of their own, the primary first.
    public var aliases: [DatabaseAlias] {
        [.primary] + others.keys.sorted { $0.description < $1.description }
    }

    /// A database by its name; for `.replica` one of them in turn, or the primary where there is none.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for a name that none has.
    public func database(_ alias: DatabaseAlias) throws(ORMError) -> Database {
        if alias == .primary { return primary }
        if alias == .replica { return nextReplica ?? primary }
        if let database = others[alias] { return database }
        let known = (aliases + [.replica]).map { "'\($0)'" }.joined(separator: ", ")
        throw .invalidQuery(
            "There is no database '\(alias)'; there are \(known). Name it where the databases are made.")
    }

    /// The database that a model's rows are read from or written to here and now.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` when the router names a database that there is not.
    public func database(for model: (some Model).Type, _ access: DatabaseAccess) throws(ORMError) -> Database {
        let pin = Database.ambient?.routing.flatMap { $0.databases === self ? $0.pin : nil }
        return try Routing(databases: self, pin: pin).database(for: model.modelName, access)
    }

    /// Whether a model's table belongs into a database.
    public func allowsMigration(of model: ModelName, on alias: DatabaseAlias) -> Bool {
        router.allowsMigration(of: model, on: alias) ?? true
    }

    /// Runs an operation that does not suspend with these databases bound; tasks that it starts inherit them.
    public func use<Result>(_ operation: () throws -> Result) rethrows -> Result {
        try Database.$ambient.withValue(ambient(pin: nextPin), operation: operation)
    }

    /// Runs an operation with its queries going to these databases.
    ///
    /// One call is one unit of work, such as a request: once it has written to the primary, it reads from there too, since
    /// a replica may not have the row yet.
    public func use<Result>(
        caller: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        try await Database.$ambient.withValue(ambient(pin: nextPin), operation: operation, isolation: caller)
    }

    /// Closes all of them.
    public func close() async {
        await primary.backend.close()
        for database in replicas { await database.backend.close() }
        for database in others.values { await database.backend.close() }
    }

    // Without replicas there is nothing to keep away from.
    private var nextPin: PrimaryPin? { replicas.isEmpty ? nil : PrimaryPin() }

    private func ambient(pin: PrimaryPin?) -> Database.Ambient {
        Database.Ambient(
            database: primary, open: Database.ambient?.open ?? [], routing: Routing(databases: self, pin: pin))
    }

    func contains(_ database: Database) -> Bool {
        primary === database || replicas.contains { $0 === database } || others.values.contains { $0 === database }
    }

    var nextReplica: Database? {
        guard !replicas.isEmpty else { return nil }
        let next = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return replicas[Int(UInt(bitPattern: next) % UInt(replicas.count))]
    }
}

/// Notes that a unit of work has written, and must read what it wrote.
final class PrimaryPin: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
