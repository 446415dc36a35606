import MartletORM
import MartletPostgreSQL
import MartletSQLite
import TestPrograms

/// A database whose disk is full when a test says so.
struct FaultyDatabase {
    let database: Database
    /// Lets no table grow, or lets them grow again.
    let setDiskFull: (Bool) async throws -> Void

    /// Runs an operation on a SQLite file and on a database of the server with a narrow disk, with the tables of crates.
    static func onEach(_ operation: (FaultyDatabase) async throws -> Void) async throws {
        try await LibraryDatabase.withFile { path in
            let database = Database(SQLiteBackend(path: path), models: Crate.registry)
            try await run(operation, FaultyDatabase(database: database) { try await limitPages($0, of: database) })
        }
        let server = try PrivateServer.narrow.get()
        let maintenance = Database(PostgreSQLBackend(server.configuration))
        try await maintenance.execute(Statement("DROP DATABASE IF EXISTS narrow WITH (FORCE)"))
        try await maintenance.execute(Statement("CREATE DATABASE narrow"))
        await maintenance.backend.close()
        var configuration = server.configuration
        configuration.database = "narrow"
        configuration.limit = 2
        let database = Database(PostgreSQLBackend(configuration), models: Crate.registry)
        defer { try? server.setDiskFull(false) }
        try await run(operation, FaultyDatabase(database: database) { try server.setDiskFull($0) })
    }

    private static func run(
        _ operation: (FaultyDatabase) async throws -> Void, _ faulty: FaultyDatabase
    ) async throws {
        do {
            try await faulty.database.use {
                for sql in Crate.tables { try await LibraryDatabase.create(sql) }
                try await operation(faulty)
            }
        } catch {
            await faulty.database.backend.close()
            throw error
        }
        await faulty.database.backend.close()
    }

    /// SQLite's own measure of a full disk: so many pages and no more.
    private static func limitPages(_ isFull: Bool, of database: Database) async throws {
        let pages = try await database.rows(Statement("PRAGMA page_count"), access: .write) { try $0.integer(at: 0) }
        let most = isFull ? (pages.first ?? 0) + 3 : 1_000_000
        try await database.execute(Statement("PRAGMA max_page_count = \(most)"))
    }

    /// How many connections are lent or waited for.
    var busy: Int {
        database.backend.pools.reduce(0) { $0 + $1.statistics.used + $1.statistics.waiting }
    }
}
