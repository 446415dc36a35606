/// Says which database a model's rows are in.
///
/// ```swift
/// struct ArchiveRouter: DatabaseRouter {
///     func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias? {
///         model.app == "archive" ? .archive : nil
///     }
///     func allowsMigration(of model: ModelName, on database: DatabaseAlias) -> Bool? {
///         (model.app == "archive") == (database == .archive)
///     }
/// }
/// ```
///
/// A replica is read from only where nothing speaks against it: not in a transaction of the primary, and not after a
/// write in the same request. So a router may always answer `.replica`.
///
/// Source: [Django, database routers](https://docs.djangoproject.com/en/5.2/topics/db/multi-db/#using-routers).
public protocol DatabaseRouter: Sendable {
    /// The database for reading or writing rows of a model; `nil` for no opinion: then rows are written to the primary
    /// and read from a replica if there is one.
    func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias?

    /// Whether a model's table belongs into a database; `nil` for no opinion: then every database has it.
    func allowsMigration(of model: ModelName, on database: DatabaseAlias) -> Bool?

    /// Whether operations that name no model, such as `RunSQL`, are run in a database; `nil` for no opinion: they are.
    func allowsMigration(ofApp app: String, on database: DatabaseAlias) -> Bool?
}

extension DatabaseRouter {
    /// No opinion.
    public func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias? { nil }

    /// No opinion.
    public func allowsMigration(of model: ModelName, on database: DatabaseAlias) -> Bool? { nil }

    /// No opinion.
    public func allowsMigration(ofApp app: String, on database: DatabaseAlias) -> Bool? { nil }
}

/// Asks one router after the other; the first opinion counts.
///
/// Without any: writes to the primary, and reads from a replica.
public struct RouterChain: DatabaseRouter {
    private let routers: [any DatabaseRouter]

    /// Makes a chain.
    public init(_ routers: [any DatabaseRouter] = []) {
        self.routers = routers
    }

    /// The first opinion.
    public func database(for model: ModelName, _ access: DatabaseAccess) -> DatabaseAlias? {
        for router in routers { if let alias = router.database(for: model, access) { return alias } }
        return nil
    }

    /// The first opinion.
    public func allowsMigration(of model: ModelName, on database: DatabaseAlias) -> Bool? {
        for router in routers { if let answer = router.allowsMigration(of: model, on: database) { return answer } }
        return nil
    }

    /// The first opinion.
    public func allowsMigration(ofApp app: String, on database: DatabaseAlias) -> Bool? {
        for router in routers { if let answer = router.allowsMigration(ofApp: app, on: database) { return answer } }
        return nil
    }
}
