public import FoundationEssentials
public import MartletORM

/// Applies and undoes migrations.
///
/// ```swift
/// let executor = MigrationExecutor(database, MigrationGraph([accountsMigrations, blogMigrations]))
/// try await executor.migrate(to: .latest) { event in print(event) }
/// ```
public struct MigrationExecutor: Sendable {
    /// A migration and when it was applied.
    public struct Status: Sendable, Hashable {
        /// The migration.
        public let name: MigrationName
        /// When it was applied; `nil` when it is not.
        public let applied: Date?
    }

    let database: Database
    private(set) var graph: MigrationGraph
    let recorder: MigrationRecorder

    var editor: any SchemaEditor { database.dialect.schemaEditor }

    /// Makes an executor.
    ///
    /// - Parameter history: The name of the table that the applied migrations are kept in; Django's unless told.
    public init(_ database: Database, _ graph: MigrationGraph, history: String = MigrationHistory.djangoTable) {
        self.database = database
        self.graph = graph
        recorder = MigrationRecorder(database: database, name: history)
    }

    /// Every migration, app by app and in order, with the moment it was applied: what `showmigrations` prints.
    ///
    /// - Throws: ``DatabaseError``.
    public func status() async throws -> [(app: String, migrations: [Status])] {
        let history = try await recorder.applied()
        let graph = try graph.facing(Set(history.keys))
        var applied = history
        for name in graph.squashedApplied where history[name] == nil {
            applied[name] = graph.rows(of: name).compactMap { history[$0] }.max()
        }
        return graph.apps.map { app in
            let names = graph.order.filter { $0.app == app.app }
            return (app.app, names.map { Status(name: $0, applied: applied[$0]) })
        }
    }

    /// What ``migrate(to:options:progress:)`` would do.
    ///
    /// - Throws: ``MigrationError`` or ``DatabaseError``.
    public func plan(to target: MigrationTarget = .latest) async throws -> [MigrationStep] {
        let history = try await history()
        let executor = try facing(history)
        return try executor.graph.plan(to: target, applied: executor.graph.applied(in: history))
    }

    /// The names in the history.
    func history() async throws -> Set<MigrationName> { Set(try await recorder.applied().keys) }

    /// The same executor, whose squashed migrations stand for their parts as far as the history allows.
    func facing(_ history: Set<MigrationName>) throws(MigrationError) -> MigrationExecutor {
        var executor = self
        executor.graph = try graph.facing(history)
        return executor
    }

    /// Applies or undoes migrations until the target is reached, each in a transaction of its own unless it says otherwise.
    ///
    /// One process at a time migrates a database: another one waits, and then finds nothing left to do. All migrations are
    /// planned before the first is begun. When one fails the database is as it was before that one; those before it stay.
    ///
    /// - Parameter progress: Called before and after each migration, and between the batches of its code.
    /// - Returns: What was done.
    /// - Throws: ``MigrationError``; of kind `failed` with the operation, its file and the SQL, of kind `locked` when
    ///   another process has migrated for too long.
    @discardableResult
    public func migrate(
        to target: MigrationTarget = .latest, options: MigrationOptions = MigrationOptions(),
        progress: @escaping @Sendable (MigrationEvent) -> Void = { _ in }
    ) async throws -> [MigrationStep] {
        // Where nothing is to be done, nobody needs to wait.
        let history = try await history()
        if try await plan(to: target).isEmpty, try facing(history).unrecorded(history).isEmpty { return [] }
        return try await exclusively(options, progress) {
            let history = try await self.history()
            return try await facing(history).catchUp(with: target, history, options, progress)
        }
    }

    private func catchUp(
        with target: MigrationTarget, _ history: Set<MigrationName>, _ options: MigrationOptions,
        _ progress: @escaping @Sendable (MigrationEvent) -> Void
    ) async throws -> [MigrationStep] {
        let applied = graph.applied(in: history)
        let plan = try prepare(try graph.plan(to: target, applied: applied), applied: applied)
        if !plan.isEmpty { try await recorder.ensureTable() }
        for migration in plan { try await run(migration, options, progress) }
        for name in unrecorded(history) where !plan.contains(where: { $0.step.name == name }) {
            try await recorder.record(name)
        }
        return plan.map(\.step)
    }

    /// Squashed migrations whose parts are all applied, and which so are themselves: when they have been recorded, the
    /// parts may be taken away.
    private func unrecorded(_ history: Set<MigrationName>) -> [MigrationName] {
        graph.order.filter { graph.squashedApplied.contains($0) && !history.contains($0) }
    }

    /// Forgets the migrations of an app that are in the history and no longer in the project.
    ///
    /// - Returns: Their names, in order.
    /// - Throws: ``MigrationError`` of kind `unknown` for an app that has no migrations.
    @discardableResult
    public func prune(_ app: String) async throws -> [MigrationName] {
        let known = Set(try graph.app(app).list.map(\.name))
        return try await exclusively(MigrationOptions(), { _ in }) {
            let gone = try await recorder.applied().keys.filter { $0.app == app && !known.contains($0.name) }
                .sorted { $0.name < $1.name }
            for name in gone { try await recorder.forget(name) }
            return gone
        }
    }

    /// The statements of a migration, as `sqlmigrate` prints them.
    ///
    /// - Throws: ``MigrationError``.
    public func sql(for name: MigrationName, backwards: Bool = false) throws(MigrationError) -> String {
        try graph.sql(for: name, dialect: database.dialect, backwards: backwards)
    }

    func prepare(
        _ steps: [MigrationStep], applied: Set<MigrationName>
    ) throws(MigrationError) -> [PlannedMigration] {
        var applied = applied
        var state = try graph.state(after: applied)
        var plan: [PlannedMigration] = []
        for step in steps {
            switch step.direction {
            case .forwards:
                plan.append(try graph.planForwards(step.name, &state, editor: editor))
            case .backwards:
                applied.remove(step.name)
                state = try graph.state(after: applied)
                plan.append(try graph.planBackwards(step.name, from: state, editor: editor))
            }
        }
        return plan
    }
}
