import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletPostgreSQL
import TestPrograms
import Testing

/// Two containers that start together.
@Suite(.migrated()) struct MigrationLockTests {
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("ServerUnderTest").path

    /// How a process of its own reaches the test's database.
    private func url() async throws -> String {
        guard try isPostgreSQL() else {
            let sql = "SELECT file FROM pragma_database_list WHERE name = 'main'"
            return "sqlite:///" + (try await Database.current.rows(Statement(sql)) { try $0.text(at: 0) })[0]
        }
        let configuration = try #require(FreshDatabase.current).configuration
        let host = try #require(configuration.host).replacing("/", with: "%2F")
        return "postgresql://martlet@\(host)/\(try #require(configuration.database))"
    }

    @Test func `two processes that start together do the work once`() async throws {
        let database = try Database.current
        let lock = try #require(try await database.dialect.schemaEditor.migrationLock(on: database))
        #expect(try await database.dialect.schemaEditor.migrationLock(on: database) == nil, "one holder at a time")
        let url = try await url()
        let (waiting, continuation) = AsyncStream.makeStream(of: Void.self)
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let variables = [
                        "DATABASE_URL=\(url)", "DEBUG=true", "SECRET_KEY=test", "SESSION_ENGINE=signed_cookies",
                    ]
                    return try await Program.converse(
                        "env", variables + [Self.program, "migrate"],
                        [
                            (
                                after: "waiting\n",
                                send: {
                                    continuation.yield()
                                    return ""
                                }
                            )
                        ])
                }
            }
            var arrivals = waiting.makeAsyncIterator()
            for _ in 0..<2 { await arrivals.next() }
            await lock.release()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let lines = outputs.joined().split(separator: "\n").filter { $0 != "waiting" }
        #expect(
            lines == ["Applying shop.0001_initial", "Applying shop.0002_rows", "Applying shop.0003_index"],
            "\(outputs)")
        let rows = try await database.rows(Statement("SELECT name FROM shop_item ORDER BY id"), access: .write) {
            try $0.text(at: 0)
        }
        #expect(rows == ["one", "two"])
        let count = Statement("SELECT count(*) FROM django_migrations WHERE app = 'shop'")
        #expect(try await database.rows(count, access: .write) { try $0.integer(at: 0) } == [3])
        let again = try await database.dialect.schemaEditor.migrationLock(on: database)
        #expect(again != nil, "both have given it back")
        await again?.release()
    }

    @Test func `whoever waits too long is told so, and nothing has happened`() async throws {
        let database = try Database.current
        let editor = database.dialect.schemaEditor
        let lock = try #require(try await editor.migrationLock(on: database))
        let migrations = Migrations(
            app: "shop",
            [Migration("0001_initial") { CreateModel("Item", fields: [.init("id", .auto, primaryKey: true)]) }])
        let executor = MigrationExecutor(database, try MigrationGraph([migrations]))
        let error = await #expect(throws: MigrationError.self) {
            try await executor.migrate(options: MigrationOptions(lockTimeout: .zero))
        }
        #expect(error?.kind == .locked)
        #expect(try await !editor.tableNames(in: database).contains("shop_item"))
        await lock.release()
        #expect(try await executor.migrate().count == 1)
        #expect(try await executor.migrate(options: MigrationOptions(lockTimeout: .zero)).isEmpty)
    }
}
