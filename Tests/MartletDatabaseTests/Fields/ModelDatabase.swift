import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import Testing

/// Runs each test twice, on a SQLite file and in a PostgreSQL database of its own, with the tables that `makemigrations`
/// and `migrate` make for some models.
struct ModelDatabase: TestTrait, SuiteTrait, TestScoping {
    let models: [any Model.Type]

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await Self.naming("SQLite", test, testCase) {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            try await use(SQLiteBackend(path: folder.appendingPathComponent("test.sqlite3").path), function)
        }
        try await Self.naming("PostgreSQL", test, testCase) {
            try await FreshDatabase.providing {
                let fresh = try #require(FreshDatabase.current)
                try await use(PostgreSQLBackend(fresh.configuration), function)
            }
        }
    }

    private static func naming(
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
        let registry = ModelRegistry(models)
        let database = Database(backend, models: registry)
        do {
            try await database.use {
                try await Self.migrate(registry, database)
                try await function()
            }
        } catch {
            await backend.close()
            throw error
        }
        await backend.close()
    }

    /// Finds the migrations of all models, applies them, and finds that none is missing then.
    private static func migrate(_ registry: ModelRegistry, _ database: Database) async throws {
        let apps = Set(registry.schemas.map(\.name.app)).sorted()
        let empty = try MigrationGraph(apps.map { Migrations(app: $0, []) })
        let drafts = try await MigrationAutodetector(empty, models: registry).changes()
        let graph = try MigrationGraph(
            apps.map { app in Migrations(app: app, drafts.filter { $0.app == app }.map(\.migration)) })
        try await MigrationExecutor(database, graph).migrate()
        #expect(try await MigrationAutodetector(graph, models: registry).changes().isEmpty)
    }
}

extension Trait where Self == ModelDatabase {
    /// Fresh databases with the tables of models.
    static func roundTripped(_ models: any Model.Type...) -> Self { Self(models: models) }
}
