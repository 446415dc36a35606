import MartletMigrations
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import Testing

/// Runs each test twice, in a SQLite file and in a PostgreSQL database of its own, with the tables that migrations make for
/// some models.
struct ModelsDatabase: TestTrait, SuiteTrait, TestScoping {
    let models: [any Model.Type]

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await LibraryDatabase.naming("SQLite", test, testCase) {
            try await LibraryDatabase.withFile { try await use(SQLiteBackend(path: $0), function) }
        }
        try await LibraryDatabase.naming("PostgreSQL", test, testCase) {
            try await FreshDatabase.providing {
                let fresh = try #require(FreshDatabase.current)
                try await use(PostgreSQLBackend(fresh.configuration), function)
            }
        }
    }

    private func use(
        _ backend: any DatabaseBackend, _ function: @Sendable () async throws -> Void
    ) async throws {
        let database = Database(backend, models: ModelRegistry(models))
        do {
            try await migrate(database)
            try await database.use { try await function() }
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }

    /// Writes the migrations that the models need, and applies them.
    private func migrate(_ database: Database) async throws {
        let apps = Set(models.map { $0.anyTable.schema.name.app }).sorted()
        let empty = try MigrationGraph(apps.map { Migrations(app: $0, []) })
        let drafts = try await MigrationAutodetector(empty, models: database.models).changes()
        let graph = try MigrationGraph(
            apps.map { app in Migrations(app: app, drafts.filter { $0.app == app }.map(\.migration)) })
        try await MigrationExecutor(database, graph).migrate()
    }
}

extension Trait where Self == ModelsDatabase {
    /// Fresh databases with the tables of some models.
    static func models(_ models: any Model.Type...) -> Self { Self(models: models) }
}

extension Database {
    /// The task's database, with hooks.
    static func hearing(_ hooks: Hook...) throws -> Database {
        let current = try Database.current
        return Database(current.backend, models: ModelRegistry(current.models.models, hooks: Hooks(hooks)))
    }
}
