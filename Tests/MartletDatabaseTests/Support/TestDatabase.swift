import Foundation
import MartletORM
import MartletPostgreSQL
import Synchronization
import TestPrograms
import Testing

/// A way to the database that the test has for itself.
struct TestDatabase {
    let backend: PostgreSQLBackend
    let database: Database

    /// Opens the test's database; it is closed when the test ends.
    static func open(
        models: [any Model.Type] = [], _ configure: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) throws -> TestDatabase {
        let fresh = try #require(FreshDatabase.current)
        var configuration = fresh.configuration
        configure(&configuration)
        let backend = PostgreSQLBackend(configuration)
        fresh.opened.withLock { $0.append(backend) }
        return TestDatabase(backend: backend, database: Database(backend, models: ModelRegistry(models)))
    }

    /// Runs statements one after the other.
    func run(_ statements: String...) async throws {
        for sql in statements { try await database.execute(Statement(sql)) }
    }

    /// The first column of the first row.
    func value(_ sql: String, _ parameters: SQLValue...) async throws -> SQLValue? {
        try await database.rows(Statement(sql, parameters)) { $0.value(at: 0) }.first
    }

    /// Runs an operation in a transaction of this database.
    func inTransaction<Result>(_ operation: () async throws -> Result) async throws -> Result {
        try await database.use { try await transaction { try await operation() } }
    }
}

/// A database that is made for one test and dropped after it.
final class FreshDatabase: Sendable {
    @TaskLocal static var current: FreshDatabase?

    let configuration: PostgreSQLConfiguration
    let opened = Mutex<[PostgreSQLBackend]>([])

    private init(_ configuration: PostgreSQLConfiguration) {
        self.configuration = configuration
    }

    static func providing(_ function: @Sendable () async throws -> Void) async throws {
        // A test that has one already, and asks for a second, would wait for itself.
        let isFirst = current == nil
        if isFirst { await TestTurns.shared.take() }
        defer { if isFirst { TestTurns.shared.leave() } }
        let server = try PrivateServer.shared.get()
        var configuration = PostgreSQLConfiguration()
        configuration.host = server.folder
        configuration.user = "martlet"
        configuration.database = "postgres"
        configuration.limit = 1
        let maintenance = Database(PostgreSQLBackend(configuration))
        let name = "test_" + UUID().uuidString.lowercased().filter { $0 != "-" }
        try await maintenance.execute(Statement("CREATE DATABASE \(name)"))
        configuration.database = name
        configuration.limit = 4
        let fresh = FreshDatabase(configuration)
        do {
            try await $current.withValue(fresh) { try await function() }
        } catch {
            await fresh.close(name, maintenance)
            throw error
        }
        await fresh.close(name, maintenance)
    }

    private func close(_ name: String, _ maintenance: Database) async {
        for backend in opened.withLock({ $0 }) { await backend.close() }
        _ = try? await maintenance.execute(Statement("DROP DATABASE \(name) WITH (FORCE)"))
        await maintenance.backend.close()
    }
}

/// Gives each test a ``FreshDatabase``.
struct FreshDatabaseTrait: TestTrait, SuiteTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await FreshDatabase.providing(function)
    }
}

extension Trait where Self == FreshDatabaseTrait {
    /// A database for each test.
    static var freshDatabase: Self { Self() }
}
