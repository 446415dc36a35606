import CSQLite
import FoundationEssentials
import MartletORM
import MartletSQLite
import Testing

@Suite struct ConnectionTests {
    private func openingError(_ path: String) async -> DatabaseError? {
        let database = Database(SQLiteBackend(path: path))
        return await #expect(throws: DatabaseError.self) { try await database.execute(Statement("SELECT 1")) }
    }

    @Test func `a file that cannot be a database is an error with its path`() async throws {
        try await withFolder { folder in
            let text = folder.appendingPathComponent("text.sqlite3").path
            try Data(String(repeating: "This is no database. ", count: 100).utf8).write(to: URL(fileURLWithPath: text))
            let missing = folder.appendingPathComponent("no/such/folder/db.sqlite3").path
            for path in [missing, text, folder.path, "/dev/null/db"] {
                let error = await openingError(path)
                #expect(error?.kind == .connection, "\(path)")
                #expect(error?.message.hasPrefix("\(path): ") == true, "\(error?.message ?? "")")
            }
            #expect(await openingError(missing)?.message.contains("Its folder must exist") == true)
            for path in ["", "a\0b"] { #expect(await openingError(path)?.kind == .connection) }
        }
    }

    @Test func `a path may hold any character`() async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent("Bücher 😀 100%?mode=ro#'\".sqlite3").path
            let database = Database(SQLiteBackend(path: path))
            try await database.execute(Statement("CREATE TABLE t (a)"))
            #expect(FileManager.default.fileExists(atPath: path))
            await database.backend.close()
        }
    }

    @Test(arguments: [
        #"SELECT "excerpt" FROM t"#, #"SELECT a FROM t WHERE "excerpt" = 'excerpt'"#, #"UPDATE t SET a = "excerpt""#,
        #"INSERT INTO t (a) SELECT "excerpt" FROM t"#, #"CREATE INDEX i ON t ("excerpt")"#,
        #"CREATE TABLE u (a CHECK (a <> "excerpt"))"#, #"SELECT "'; DROP TABLE t; --" FROM t"#, #"SELECT "" FROM t"#,
    ])
    func `a column that is missing is an error, and not a text of its name`(_ sql: String) async throws {
        let database = Database(SQLiteBackend(path: ":memory:"))
        try await database.execute(Statement("CREATE TABLE t (a)"))
        try await database.execute(Statement("INSERT INTO t (a) VALUES (1)"))
        let error = await #expect(throws: DatabaseError.self) { try await database.execute(Statement(sql)) }
        #expect(error?.message.contains("no such column") == true, "\(error?.message ?? "")")
        #expect(try await database.rows(Statement(#"SELECT "a" FROM "t""#)) { try $0.integer(at: 0) } == [1])
        await database.backend.close()
    }

    @Test func `many tasks open a new file at once`() async throws {
        try await withFolder { folder in
            for round in 0..<20 {
                let database = Database(SQLiteBackend(path: folder.appendingPathComponent("\(round).sqlite3").path))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for task in 0..<12 {
                        group.addTask {
                            if task.isMultiple(of: 3) {
                                try await database.execute(Statement("CREATE TABLE IF NOT EXISTS t (a)"))
                            } else {
                                _ = try await database.rows(Statement("SELECT 1")) { _ in true }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                await database.backend.close()
            }
        }
    }

    @Test func `a lock that another process holds is waited for, and then an error`() async throws {
        try await withFolder { folder in
            var configuration = SQLiteConfiguration(path: folder.appendingPathComponent("db.sqlite3").path)
            configuration.busyTimeout = .milliseconds(50)
            let database = Database(SQLiteBackend(configuration))
            try await database.execute(Statement("CREATE TABLE t (a)"))
            // A second connection that shares nothing with the first but the file, as another process's would.
            var other: OpaquePointer?
            #expect(sqlite3_open(configuration.path, &other) == SQLITE_OK)
            defer { sqlite3_close(other) }
            #expect(sqlite3_exec(other, "BEGIN IMMEDIATE; INSERT INTO t VALUES (1)", nil, nil, nil) == SQLITE_OK)
            let write = await #expect(throws: DatabaseError.self) {
                try await database.execute(Statement("INSERT INTO t VALUES (2)"))
            }
            #expect(write?.kind == .busy)
            let begin = await #expect(throws: DatabaseError.self) {
                try await database.use { try await transaction { Issue.record("the lock is held") } }
            }
            #expect(begin?.kind == .busy)
            #expect(try await database.rows(Statement("SELECT * FROM t")) { _ in true }.isEmpty)
            #expect(sqlite3_exec(other, "COMMIT", nil, nil, nil) == SQLITE_OK)
            try await database.use {
                try await transaction { _ = try await database.execute(Statement("INSERT INTO t VALUES (2)")) }
            }
            #expect(try await database.rows(Statement("SELECT a FROM t")) { try $0.integer(at: 0) } == [1, 2])
            await database.backend.close()
        }
    }

    @Test func `a connection left in a transaction does not go back to its pool`() async throws {
        try await withFolder { folder in
            let database = Database(SQLiteBackend(path: folder.appendingPathComponent("db.sqlite3").path))
            try await database.execute(Statement("CREATE TABLE t (a)"))
            try await database.execute(Statement("BEGIN"))
            try await database.use {
                try await transaction { _ = try await database.execute(Statement("INSERT INTO t VALUES (1)")) }
            }
            #expect(try await database.rows(Statement("SELECT a FROM t")) { try $0.integer(at: 0) } == [1])
            await database.backend.close()
        }
    }

    @Test func `more statements than are kept, and one whose decoding fails, run again and again`() async throws {
        try await withFolder { folder in
            var configuration = SQLiteConfiguration(path: folder.appendingPathComponent("db.sqlite3").path)
            configuration.readers = 1
            let database = Database(SQLiteBackend(configuration))
            for round in 0..<3 {
                for number in 0..<129 {
                    let rows = try await database.rows(Statement("SELECT \(number) + ?1", [.integer(Int64(round))])) {
                        try $0.integer(at: 0)
                    }
                    #expect(rows == [Int64(number + round)])
                }
            }
            let three = Statement("SELECT 1 UNION ALL SELECT 'two' UNION ALL SELECT 3")
            for _ in 0..<3 {
                await #expect(throws: DecodingProblem.self) { try await database.rows(three) { try $0.integer(at: 0) } }
                #expect(try await database.rows(three) { $0.value(at: 0) } == [.integer(1), .text("two"), .integer(3)])
            }
            let long = "SELECT " + String(repeating: "1 + ", count: 10_000) + "1"
            for _ in 0..<2 {
                let error = await #expect(throws: DatabaseError.self) { try await database.execute(Statement(long)) }
                #expect(error?.kind == .statement)
            }
            let wide = "SELECT 1 IN (" + Array(repeating: "1", count: 10_000).joined(separator: ", ") + ")"
            for _ in 0..<2 {
                #expect(try await database.rows(Statement(wide)) { try $0.integer(at: 0) } == [1])
            }
            await database.backend.close()
        }
    }

    @Test func `statements that are none, are two or lack values are refused`() async throws {
        try await withFolder { folder in
            let database = Database(SQLiteBackend(path: folder.appendingPathComponent("db.sqlite3").path))
            for statement in [
                Statement(""), Statement("  "), Statement("SELECT 1; SELECT 2"), Statement("SELECT 1\0; DROP TABLE t"),
                Statement("SELECT ?1"), Statement("SELECT 1", [.null]), Statement("SELEKT"),
            ] {
                let error = await #expect(throws: DatabaseError.self) { try await database.execute(statement) }
                #expect(error?.kind == .statement, "\(statement.sql)")
            }
            let readOnly = await #expect(throws: DatabaseError.self) {
                try await database.rows(Statement("CREATE TABLE t (a)")) { _ in true }
            }
            #expect(readOnly?.kind == .readOnly)
            await database.backend.close()
        }
    }

    @Test func `a closed database says so, and what was lent is closed when it comes back`() async throws {
        try await withFolder { folder in
            let backend = SQLiteBackend(path: folder.appendingPathComponent("db.sqlite3").path)
            let lent = try await backend.lease(.write)
            await backend.close()
            _ = try await lent.execute(Statement("CREATE TABLE t (a)"))
            backend.release(lent, .write)
            let error = await #expect(throws: PoolError.self) { try await backend.lease(.write) }
            #expect(error?.reason == .closed)
        }
    }
}
