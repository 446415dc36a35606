import MartletMigrations
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import Testing

/// Runs each test twice, in a SQLite file and in a PostgreSQL database of its own, with the tables that migrations make for
/// some models.
struct ModelsDatabase: TestTrait, SuiteTrait, TestScoping {
    let models: [any Model.Type]
    /// What PostgreSQL must have of its own before the tables are made.
    var extensions: [String] = []
    var onlyPostgreSQL = false

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        if !onlyPostgreSQL {
            try await LibraryDatabase.naming("SQLite", test, testCase) {
                try await LibraryDatabase.withFile { try await use(SQLiteBackend(path: $0), function) }
            }
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
        let registry = ModelRegistry(models)
        let database = Database(backend, models: registry)
        do {
            try await database.use {
                for name in extensions where database.dialect.name == "postgresql" {
                    try await database.execute(Statement("CREATE EXTENSION IF NOT EXISTS \(name)"))
                }
                let migrations = try await Detected.migrations(for: registry)
                try await MigrationExecutor(database, try MigrationGraph(migrations)).migrate()
                let again = try await MigrationAutodetector(MigrationGraph(migrations), models: registry).changes()
                #expect(again.isEmpty, "what was migrated is what the models are")
                try await Detected.$current.withValue(migrations) { try await function() }
            }
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
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
