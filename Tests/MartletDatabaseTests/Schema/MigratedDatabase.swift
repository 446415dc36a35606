import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import Testing

/// Runs each test on both databases, with the tables of some models made by migrations that were detected for them.
struct MigratedDatabase: TestTrait, SuiteTrait, TestScoping {
    let models: [any Model.Type]
    var isRecursive: Bool { true }
    var onlyPostgreSQL = false

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        if !onlyPostgreSQL {
            try await naming("SQLite", test, testCase) {
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
                    "martlet-\(UUID().uuidString)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: folder) }
                try await use(SQLiteBackend(path: folder.appendingPathComponent("test.sqlite3").path), function)
            }
        }
        try await naming("PostgreSQL", test, testCase) {
            try await FreshDatabase.providing {
                let fresh = try #require(FreshDatabase.current)
                try await use(PostgreSQLBackend(fresh.configuration), function)
            }
        }
    }

    private func naming(
        _ name: String, _ test: Test, _ testCase: Test.Case?, _ function: @Sendable () async throws -> Void
    ) async throws {
        let trait = IssueHandlingTrait.compactMapIssues { issue in
            var issue = issue
            issue.comments.append("on \(name)")
            return issue
        }
        try await trait.provideScope(for: test, testCase: testCase, performing: function)
    }

    private func use(_ backend: any DatabaseBackend, _ function: @Sendable () async throws -> Void) async throws {
        let database = Database(backend, models: ModelRegistry(models))
        do {
            try await database.use {
                for name in ["btree_gist", "pg_trgm", "unaccent"] where database.dialect.name == "postgresql" {
                    try await database.execute(Statement("CREATE EXTENSION IF NOT EXISTS \(name)"))
                }
                let migrations = try await Detected.migrations(for: ModelRegistry(models))
                try await MigrationExecutor(database, try MigrationGraph(migrations)).migrate()
                try await Detected.$current.withValue(migrations) { try await function() }
            }
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }
}

/// The migrations that `makemigrations` would write.
enum Detected {
    @TaskLocal static var current: [Migrations] = []

    static func migrations(for models: ModelRegistry, after existing: [Migrations] = []) async throws -> [Migrations] {
        let apps = Set(models.schemas.map(\.name.app)).sorted()
        let known = apps.map { app in existing.first { $0.app == app } ?? Migrations(app: app, []) }
        let drafts = try await MigrationAutodetector(MigrationGraph(known), models: models).changes()
        return known.map { app in
            Migrations(app: app.app, app.list + drafts.filter { $0.app == app.app }.map(\.migration))
        }
    }
}

extension Trait where Self == MigratedDatabase {
    /// Fresh databases with the tables of some models.
    static func migrated(_ models: any Model.Type...) -> Self { Self(models: models) }

    /// A fresh PostgreSQL database with the tables of some models.
    static func migratedPostgreSQL(_ models: any Model.Type...) -> Self { Self(models: models, onlyPostgreSQL: true) }
}

/// Whether the test runs on PostgreSQL.
func isPostgreSQL() throws -> Bool { try Database.current.dialect.name == "postgresql" }
