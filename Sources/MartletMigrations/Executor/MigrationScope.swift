public import MartletORM

/// What of the migrations a database takes part in: the tables, and the statements of their own, that its router allows.
///
/// A migration is recorded in every database, also where it does nothing there, as in Django.
struct MigrationScope: Sendable {
    /// Everything.
    static let all = MigrationScope(databases: nil, alias: .primary)

    private let databases: Databases?
    private let alias: DatabaseAlias

    private init(databases: Databases?, alias: DatabaseAlias) {
        self.databases = databases
        self.alias = alias
    }

    /// What one of several databases takes part in.
    init(_ databases: Databases, _ alias: DatabaseAlias) {
        self.init(databases: databases, alias: alias)
    }

    /// The models whose tables the database has.
    func visible(_ state: ProjectState) -> ProjectState {
        guard let databases else { return state }
        return ProjectState(state.models.filter { databases.allowsMigration(of: $0.name, on: alias) })
    }

    /// Whether the database runs the statements that an app's migrations bring along.
    func runsStatements(of app: String) -> Bool {
        databases?.router.allowsMigration(ofApp: app, on: alias) ?? true
    }
}

extension MigrationExecutor {
    /// Makes an executor for one of several databases: it makes the tables that the router allows there.
    ///
    /// ```swift
    /// for alias in databases.aliases { try await MigrationExecutor(databases, on: alias, graph).migrate() }
    /// ```
    ///
    /// A replica is not migrated: it takes over what its primary has.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for a name that no database has, and for `.replica`.
    public init(
        _ databases: Databases, on alias: DatabaseAlias, _ graph: MigrationGraph,
        history: String = MigrationHistory.djangoTable
    ) throws(ORMError) {
        guard alias != .replica else {
            throw .invalidQuery("A replica is not migrated: it takes over the tables of its primary.")
        }
        self.init(try databases.database(alias), graph.limited(to: MigrationScope(databases, alias)), history: history)
    }
}
