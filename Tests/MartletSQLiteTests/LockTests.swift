import CSQLite
import FoundationEssentials
import MartletORM
import Testing

@testable import MartletSQLite

/// What becomes of locks: those of other processes, and those that are none since this process has one writer.
@Suite(.timeLimit(.minutes(1))) struct LockTests {
    /// Another process's connection to the same file: it shares nothing with ours.
    private final class OtherProcess {
        private var handle: OpaquePointer?

        init(_ path: String) {
            #expect(sqlite3_open(path, &handle) == SQLITE_OK)
        }

        deinit { sqlite3_close(handle) }

        func run(_ sql: String) -> Int32 { sqlite3_exec(handle, sql, nil, nil, nil) }
    }

    private func withFile(
        _ configure: (inout SQLiteConfiguration) -> Void = { _ in },
        _ body: (Database, SQLiteBackend, String) async throws -> Void
    ) async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("db.sqlite3").path
            var configuration = SQLiteConfiguration(path: path)
            configure(&configuration)
            let backend = SQLiteBackend(configuration)
            let database = Database(backend)
            try await database.execute(Statement("CREATE TABLE t (a)"))
            try await database.use { try await body(database, backend, path) }
            await backend.close()
        }
    }

    private func add(_ number: Int) async throws {
        try await Database.current.execute(Statement("INSERT INTO t VALUES (?1)", [.integer(Int64(number))]))
    }

    private func rows() async throws -> [Int64] {
        try await Database.current.rows(Statement("SELECT a FROM t ORDER BY a")) { try $0.integer(at: 0) }
    }

    // MARK: Write-ahead log

    @Test func `a file has a write-ahead log, for those that read as for the one that writes`() async throws {
        try await withFile { database, _, path in
            for access in [DatabaseAccess.read, .write] {
                let mode = try await database.rows(Statement("PRAGMA journal_mode"), access: access) {
                    try $0.text(at: 0)
                }
                #expect(mode == ["wal"])
            }
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            // The mode stays with the file.
            let other = Database(SQLiteBackend(path: path))
            #expect(try await other.rows(Statement("PRAGMA journal_mode")) { try $0.text(at: 0) } == ["wal"])
            await other.backend.close()
        }
    }

    @Test func `readers do not wait for the writer, and see what was committed`() async throws {
        try await withFile({ $0.busyTimeout = .seconds(600) }) { database, _, _ in
            try await add(1)
            try await transaction {
                try await add(2)
                let outside = try await Task.detached { try await database.use { try await rows() } }.value
                #expect(outside == [1])
            }
            #expect(try await rows() == [1, 2])
        }
    }

    // MARK: Snapshots

    // https://www.sqlite.org/rescode.html#busy_snapshot
    @Test func `who has read an old state cannot write, which is a serialization failure`() async throws {
        try await withFile { _, backend, path in
            let other = OtherProcess(path)
            // What `transaction` never does: it reads first, and begins to write behind that.
            let connection = try await backend.lease(.write)
            _ = try await connection.execute(Statement("BEGIN"))
            let before = try await connection.rows(Statement("SELECT count(*) FROM t")) { try $0.integer(at: 0) }
            #expect(before == [0])
            #expect(other.run("INSERT INTO t VALUES (1)") == SQLITE_OK)
            let error = await #expect(throws: DatabaseError.self) {
                try await connection.execute(Statement("INSERT INTO t VALUES (2)"))
            }
            #expect(error?.kind == .serializationFailure)
            // SQLITE_BUSY_SNAPSHOT
            #expect(error?.code == "517")
            _ = try await connection.execute(Statement("ROLLBACK"))
            backend.release(connection, .write)
            try await add(2)
            #expect(try await rows() == [1, 2])
            #expect(backend.statistics.writing.used == 0)
        }
    }

    @Test func `a transaction holds the lock from its beginning, so its state is never an old one`() async throws {
        try await withFile { _, _, path in
            let other = OtherProcess(path)
            try await transaction {
                #expect(try await rows() == [])
                #expect(other.run("INSERT INTO t VALUES (1)") == SQLITE_BUSY)
                try await add(2)
            }
            #expect(other.run("INSERT INTO t VALUES (1)") == SQLITE_OK)
            #expect(try await rows() == [1, 2])
        }
    }

    // MARK: Waiting

    @Test(arguments: [(0, 0), (1, 1), (50, 6), (5_000, 57), (60_000, 607)])
    func `a lock is tried again after pauses that grow, as long as patience lasts`(
        _ patience: Int, _ tries: Int
    ) {
        var pauses: [Int] = []
        while let pause = StatementMonitor.pause(after: Int32(pauses.count), patience: .milliseconds(patience)) {
            pauses.append(Int(pause))
        }
        #expect(pauses.count == tries)
        #expect(pauses.reduce(0, +) == patience)
        // The last one is what is left of the time.
        #expect(pauses.dropLast() == pauses.dropLast().sorted()[...])
        #expect(pauses.allSatisfy { (1...100).contains($0) })
    }

    @Test func `a statement that finds another process's lock is run once, and waits inside of SQLite`() async throws {
        try await withFile({ $0.busyTimeout = .seconds(600) }) { database, backend, path in
            let other = OtherProcess(path)
            #expect(other.run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)") == SQLITE_OK)
            let log = StatementLog()
            let waiting = Task { try await log.observing { try await database.use { try await add(2) } } }
            while backend.statistics.writing.used == 0 { await Task.yield() }
            // Nobody else is held up: not those that read, and no worker.
            #expect(try await rows() == [])
            #expect(log.statements.isEmpty)
            #expect(other.run("COMMIT") == SQLITE_OK)
            try await waiting.value
            #expect(log.statements.map(\.sql) == ["INSERT INTO t VALUES (?1)"])
            #expect(try await rows() == [1, 2])
        }
    }

    @Test func `writers of this process wait in line, and ask SQLite for nothing meanwhile`() async throws {
        try await withFile { database, backend, _ in
            let log = StatementLog()
            let (entered, leave) = (AsyncStream.makeStream(of: Void.self), AsyncStream.makeStream(of: Void.self))
            let first = Task {
                try await database.use {
                    try await transaction {
                        try await add(0)
                        entered.continuation.finish()
                        for await _ in leave.stream {}
                    }
                }
            }
            for await _ in entered.stream {}
            var tasks: [Task<Void, any Error>] = []
            for number in 1...5 {
                tasks.append(
                    Task {
                        try await log.observing {
                            try await database.use { try await transaction { try await add(number) } }
                        }
                    })
                while backend.statistics.writing.waiting != number { await Task.yield() }
            }
            #expect(log.statements.isEmpty)
            #expect(backend.statistics.writing.used == 1)
            leave.continuation.finish()
            try await first.value
            for task in tasks { try await task.value }
            // Each of them once, and one after the other.
            #expect(log.statements.count == 15)
            #expect(log.statements.allSatisfy { $0.error == nil })
            #expect(
                log.statements.filter { $0.sql.hasPrefix("INSERT") }.map(\.parameters) == (1...5).map { [.integer($0)] }
            )
            #expect(try await rows() == Array(0...5))
        }
    }
}
