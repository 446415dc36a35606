import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    /// The kinds of errors that need more than one statement, and the columns of every sort of constraint.
    @Suite struct ErrorMappingTests {
        struct ColumnCase: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let constraint: String
            let insert: String
            var kind = DatabaseError.Kind.uniqueViolation
            let columns: [String]
        }

        static let constraints = [
            ColumnCase(
                testDescription: "an index on an expression", constraint: "CREATE UNIQUE INDEX c ON t (lower(name))",
                insert: "INSERT INTO t VALUES (2, 'ANN', 5)", columns: ["t.name"]),
            ColumnCase(
                testDescription: "a partial index", constraint: "CREATE UNIQUE INDEX c ON t (size) WHERE name <> 'x'",
                insert: "INSERT INTO t VALUES (2, 'y', 1)", columns: ["t.size"]),
            ColumnCase(
                testDescription: "columns in another order",
                constraint: "ALTER TABLE t ADD CONSTRAINT c UNIQUE (size, name)",
                insert: "INSERT INTO t VALUES (2, 'Ann', 1)", columns: ["t.size", "t.name"]),
            ColumnCase(
                testDescription: "an index that includes further columns",
                constraint: "CREATE UNIQUE INDEX c ON t (size) INCLUDE (name)",
                insert: "INSERT INTO t VALUES (2, 'y', 1)", columns: ["t.size"]),
            ColumnCase(
                testDescription: "a check over two columns",
                constraint: "ALTER TABLE t ADD CONSTRAINT c CHECK (size > 0 OR name = 'none')",
                insert: "INSERT INTO t VALUES (2, 'y', 0)", kind: .checkViolation, columns: ["t.name", "t.size"]),
            ColumnCase(
                testDescription: "an exclusion",
                constraint: "ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (int4range(size, size + 10) WITH &&)",
                insert: "INSERT INTO t VALUES (2, 'y', 5)", kind: .exclusionViolation, columns: ["t.size"]),
            ColumnCase(
                testDescription: "a name with a quote and a bracket",
                constraint: "ALTER TABLE t RENAME name TO \"a \"\")=(\"; ALTER TABLE t ADD UNIQUE (\"a \"\")=(\")",
                insert: "INSERT INTO t VALUES (2, 'Ann', 5)", columns: ["t.a \")=("]),
        ]

        @Test(arguments: constraints)
        func `the columns of a constraint are those of its definition`(_ example: ColumnCase) async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run(
                "CREATE TABLE t (id integer PRIMARY KEY, name text, size integer)",
                "INSERT INTO t VALUES (1, 'Ann', 1)")
            for sql in example.constraint.split(separator: "; ") { try await test.run(String(sql)) }
            let error = await #expect(throws: DatabaseError.self) { try await test.run(example.insert) }
            #expect(error?.kind == example.kind)
            #expect(error?.columns == example.columns)
            let again = await #expect(throws: DatabaseError.self) {
                try await test.inTransaction { try await test.run(example.insert) }
            }
            #expect(again?.columns == example.columns)
            // The connection that was asked has gone.
            let others =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state IS NOT NULL"
            while try await test.value(others) != .integer(1) { await Task.yield() }
        }

        @Test func `one of two transactions that wait for each other ends with a deadlock`() async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)")
            let (first, firstHas) = AsyncStream.makeStream(of: Void.self)
            let (second, secondHas) = AsyncStream.makeStream(of: Void.self)
            func lock(
                _ mine: Int64, _ theirs: Int64, _ has: AsyncStream<Void>.Continuation, _ until: AsyncStream<Void>
            ) async -> DatabaseError.Kind? {
                do {
                    try await test.inTransaction {
                        try await test.run("SET LOCAL deadlock_timeout = 10")
                        _ = try await test.value("SELECT id FROM t WHERE id = $1 FOR UPDATE", .integer(mine))
                        has.finish()
                        for await _ in until {}
                        _ = try await test.value("SELECT id FROM t WHERE id = $1 FOR UPDATE", .integer(theirs))
                    }
                    return nil
                } catch {
                    return (error as? DatabaseError)?.kind
                }
            }
            async let one = lock(1, 2, firstHas, second)
            async let other = lock(2, 1, secondHas, first)
            let kinds = [await one, await other]
            #expect(kinds.compactMap(\.self) == [.deadlock])
            #expect(test.backend.gauges.idle == 2)
        }

        @Test func `transactions without an order end with a serialization failure`() async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY, size integer)", "INSERT INTO t VALUES (1, 0)")
            let error = await #expect(throws: DatabaseError.self) {
                try await test.inTransaction {
                    try await test.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                    _ = try await test.value("SELECT size FROM t")
                    try await Task.detached { try await test.run("UPDATE t SET size = 1") }.value
                    try await test.run("UPDATE t SET size = 2")
                }
            }
            #expect(error?.kind == .serializationFailure)
            #expect(try await test.value("SELECT size::int8 FROM t") == .integer(1))
        }

        struct LimitCase: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let set: String
            let sql: String
            let kind: DatabaseError.Kind
        }

        static let limits = [
            LimitCase(
                testDescription: "read only", set: "SET TRANSACTION READ ONLY", sql: "INSERT INTO t VALUES (2)",
                kind: .readOnly),
            // A quota of the server's stands for a disk that is full, which no test may fill.
            LimitCase(
                testDescription: "no room on the disk", set: "SET LOCAL temp_file_limit = '64kB'",
                sql:
                    "SELECT count(*) FROM (SELECT g, repeat('x', 100) FROM generate_series(1, 200000) AS g ORDER BY 2, 1) AS s",
                kind: .diskFull),
            LimitCase(
                testDescription: "a statement that takes too long", set: "SET LOCAL statement_timeout = 50",
                sql: "SELECT count(*) FROM pg_sleep(600)", kind: .timeout),
            LimitCase(
                testDescription: "a lock that somebody else has", set: "SET LOCAL lock_timeout = 50",
                sql: "LOCK TABLE held IN ACCESS EXCLUSIVE MODE", kind: .busy),
        ]

        @Test(arguments: limits)
        func `limits of the server have kinds of their own, and their connection lives on`(
            _ example: LimitCase
        ) async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run("CREATE TABLE t (id integer)", "CREATE TABLE held (id integer)")
            let (release, releases) = AsyncStream.makeStream(of: Void.self)
            let (held, holds) = AsyncStream.makeStream(of: Void.self)
            let holder = Task {
                try await test.inTransaction {
                    _ = try await test.value("SELECT count(*) FROM held")
                    holds.finish()
                    for await _ in release {}
                }
            }
            for await _ in held {}
            let error = await #expect(throws: DatabaseError.self) {
                try await test.inTransaction {
                    try await test.run("SET LOCAL work_mem = '64kB'", example.set)
                    _ = try await test.value(example.sql)
                }
            }
            #expect(error?.kind == example.kind)
            releases.finish()
            try await holder.value
            #expect(try await test.value("SELECT 1") == .integer(1))
            #expect(test.backend.gauges == (open: 2, idle: 2, waiting: 0))
        }

        @Test func `a server that takes no more connections says so`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run(
                "DROP ROLE IF EXISTS martlet_single", "CREATE ROLE martlet_single LOGIN CONNECTION LIMIT 0")
            let other = try TestDatabase.open { $0.user = "martlet_single" }
            let error = await #expect(throws: DatabaseError.self) { try await other.value("SELECT 1") }
            #expect(error?.kind == .tooManyConnections)
            #expect(other.backend.gauges.open == 0)
        }
    }
}
