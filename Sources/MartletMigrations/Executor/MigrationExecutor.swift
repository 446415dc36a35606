public import FoundationEssentials
public import MartletORM

/// Applies and undoes migrations.
///
/// ```swift
/// let executor = MigrationExecutor(database, MigrationGraph([accountsMigrations, blogMigrations]))
/// try await executor.migrate(to: .latest) { print("  \($0)…") }
/// ```
public struct MigrationExecutor: Sendable {
    /// A migration and when it was applied.
    public struct Status: Sendable, Hashable {
        /// The migration.
        public let name: MigrationName
        /// When it was applied; `nil` when it is not.
        public let applied: Date?
    }

    private let database: Database
    private let graph: MigrationGraph
    private let recorder: MigrationRecorder

    /// Makes an executor.
    public init(_ database: Database, _ graph: MigrationGraph) {
        self.database = database
        self.graph = graph
        recorder = MigrationRecorder(database: database)
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

    /// What ``migrate(to:fake:progress:)`` would do.
    ///
    /// - Throws: ``MigrationError`` or ``DatabaseError``.
    public func plan(to target: MigrationTarget = .latest) async throws -> [MigrationStep] {
        let history = Set(try await recorder.applied().keys)
        let graph = try graph.facing(history)
        return try graph.plan(to: target, applied: graph.applied(in: history))
    }

    /// Applies or undoes migrations until the target is reached, each in a transaction of its own.
    ///
    /// All are planned before the first is begun. When one fails the database is as it was before that one; those
    /// before it stay.
    ///
    /// - Parameters:
    ///   - fake: Write the history only, for a database whose tables are there already.
    ///   - progress: Called before each migration.
    /// - Returns: What was done.
    /// - Throws: ``MigrationError``; of kind `failed` with the operation, its migration and the SQL.
    @discardableResult
    public func migrate(
        to target: MigrationTarget = .latest, fake: Bool = false,
        progress: @Sendable (MigrationStep) -> Void = { _ in }
    ) async throws -> [MigrationStep] {
        let history = Set(try await recorder.applied().keys)
        let graph = try graph.facing(history)
        let applied = graph.applied(in: history)
        let plan = try prepare(try graph.plan(to: target, applied: applied), applied: applied, graph)
        if !plan.isEmpty { try await recorder.ensureTable() }
        for migration in plan {
            progress(migration.step)
            try await run(migration, rows: graph.rows(of: migration.step.name), fake: fake)
        }
        // A squashed migration whose parts are all applied is so itself, and they may be taken away.
        for name in graph.order where graph.squashedApplied.contains(name) && !history.contains(name) {
            if !plan.contains(where: { $0.step.name == name }) { try await recorder.record(name) }
        }
        return plan.map(\.step)
    }

    /// The statements of a migration, as `sqlmigrate` prints them.
    ///
    /// - Throws: ``MigrationError``.
    public func sql(for name: MigrationName, backwards: Bool = false) throws(MigrationError) -> String {
        try graph.sql(for: name, dialect: database.dialect, backwards: backwards)
    }

    private func prepare(
        _ steps: [MigrationStep], applied: Set<MigrationName>, _ graph: MigrationGraph
    ) throws(MigrationError) -> [PlannedMigration] {
        let editor = database.dialect.schemaEditor
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

    private func run(_ migration: PlannedMigration, rows: [MigrationName], fake: Bool) async throws {
        let (database, recorder, step) = (database, recorder, migration.step)
        let editor = database.dialect.schemaEditor
        let tables = fake ? [] : migration.rebuiltTables
        do {
            try await editor.transaction(on: database, checking: tables) {
                // The transaction holds the write lock: a second process that migrates too finds the work done.
                guard try await recorder.contains(rows[0]) == (step.direction == .backwards) else { return }
                if !fake { try await run(migration.parts, of: step, editor: editor) }
                switch step.direction {
                case .forwards: for name in rows { try await recorder.record(name) }
                case .backwards: for name in rows { try await recorder.forget(name) }
                }
            }
        } catch let error as DatabaseError {
            throw MigrationError(
                .failed, "\(step) failed at its end, and the database is as before it.",
                "Correct the rows or the migration, and migrate again.", underlying: error)
        }
    }

    private func run(
        _ parts: [PlannedMigration.Part], of migration: MigrationStep, editor: any SchemaEditor
    ) async throws {
        for part in parts {
            do {
                for action in part.actions { try await run(action, editor: editor) }
            } catch {
                throw MigrationError(
                    .failed,
                    "\(migration) failed at operation \(part.index + 1), \(part.operation); "
                        + "the database is as before the migration.",
                    Self.remedy(for: error), underlying: error)
            }
        }
    }

    private func run(_ action: MigrationAction, editor: any SchemaEditor) async throws {
        switch action {
        case .schema(let step): try await editor.run(step, on: database)
        case .code(let code, let models):
            let data = MigrationData(database: database, models: models)
            try await database.use { try await code(data) }
        }
    }

    private static func remedy(for error: any Error) -> String {
        switch (error as? DatabaseError)?.kind {
        case .notNullViolation:
            "There are rows that need a value: write `default:` behind the field in the migration."
        case .uniqueViolation:
            "Rows have the same value: change them first, or give each a value of its own."
        default:
            "Correct the rows or the migration, and migrate again."
        }
    }
}
