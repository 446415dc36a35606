import FoundationEssentials
import MartletIO
import MartletORM
import MartletPostgreSQL
import Synchronization
import Testing

extension PostgreSQLTests {
    @Suite struct FaultTests {
        struct ErrorCase: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let sql: String
            let kind: DatabaseError.Kind
            var columns: [String] = []
            var constraint: String?
        }

        static let errors = [
            ErrorCase(
                testDescription: "unique", sql: "INSERT INTO child VALUES (1, 'a', 1)", kind: .uniqueViolation,
                columns: ["child.id"], constraint: "child_pkey"),
            ErrorCase(
                testDescription: "unique over two columns", sql: "INSERT INTO child VALUES (9, 'a', 1)",
                kind: .uniqueViolation, columns: ["child.name", "child.parent"], constraint: "name_and_parent"),
            ErrorCase(
                testDescription: "foreign key", sql: "INSERT INTO child VALUES (2, 'b', 9)", kind: .foreignKeyViolation,
                columns: ["child.parent"], constraint: "child_parent_fkey"),
            ErrorCase(
                testDescription: "not null", sql: "INSERT INTO child VALUES (2, NULL, 1)", kind: .notNullViolation,
                columns: ["child.name"]),
            ErrorCase(
                testDescription: "check", sql: "INSERT INTO child VALUES (-1, 'b', 1)", kind: .checkViolation,
                columns: ["child.id"], constraint: "child_id_check"),
            ErrorCase(testDescription: "no SQL", sql: "SELEKT 1", kind: .statement),
            ErrorCase(testDescription: "no table", sql: "SELECT * FROM nothing", kind: .statement),
            ErrorCase(testDescription: "nothing", sql: "", kind: .statement),
            ErrorCase(testDescription: "two statements", sql: "SELECT 1; SELECT 2", kind: .statement),
            ErrorCase(testDescription: "a copy", sql: "COPY child FROM STDIN", kind: .statement),
            ErrorCase(testDescription: "too long", sql: "UPDATE child SET name = repeat('x', 30)", kind: .invalidValue),
            ErrorCase(testDescription: "division by zero", sql: "SELECT 1 / (id - 1) FROM child", kind: .invalidValue),
        ]

        @Test(arguments: errors)
        func `errors are told apart and the next statement works`(_ example: ErrorCase) async throws {
            let test = try TestDatabase.open()
            try await test.run(
                "CREATE TABLE parent (id integer PRIMARY KEY)",
                """
                CREATE TABLE child (id integer PRIMARY KEY CHECK (id >= 0), name varchar(20) NOT NULL,
                parent integer REFERENCES parent (id), CONSTRAINT name_and_parent UNIQUE (name, parent))
                """,
                "INSERT INTO parent VALUES (1)", "INSERT INTO child VALUES (1, 'a', 1)")
            let error = await #expect(throws: DatabaseError.self) { try await test.run(example.sql) }
            #expect(error?.kind == example.kind)
            #expect(error?.columns == example.columns)
            #expect(error?.constraint == example.constraint)
            #expect(try await test.value("SELECT count(*) FROM child") == .integer(1))
        }

        @Test func `too few or too many values are refused`() async throws {
            let test = try TestDatabase.open()
            let error = await #expect(throws: DatabaseError.self) {
                try await test.value("SELECT $1::int + $2::int", .integer(1))
            }
            #expect(error?.message == "2 values are needed and 1 were given.")
            #expect(try await test.value("SELECT $1::int + $2::int", .integer(1), .integer(2)) == .integer(3))
        }

        /// A task that is in the middle of a statement of a transaction, and its backend's number.
        private static func startEndlessStatement(_ test: TestDatabase) async throws -> (
            Task<Void, any Error>, SQLValue
        ) {
            let gate = AsyncStream.makeStream(of: SQLValue.self)
            let task = Task {
                try await test.database.use {
                    try await transaction {
                        gate.continuation.yield(try await test.value("SELECT pg_backend_pid()") ?? .null)
                        _ = try await test.value("SELECT count(*) FROM pg_sleep(600)")
                    }
                }
            }
            var pids = gate.stream.makeAsyncIterator()
            let pid = try #require(await pids.next())
            try await untilActive(pid, test)
            return (task, pid)
        }

        @Test func `a backend that is killed fails its statement, and the next one works`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 2
            }
            let (victim, pid) = try await Self.startEndlessStatement(test)
            #expect(try await test.value("SELECT pg_terminate_backend($1)", pid) == .bool(true))
            let error = await #expect(throws: DatabaseError.self) { try await victim.value }
            #expect(error?.kind == .connection)
            for _ in 0..<4 { #expect(try await test.value("SELECT 1") == .integer(1)) }
        }

        @Test func `an idle connection that the server has closed is not lent again`() async throws {
            let test = try TestDatabase.open()
            // Two at once, so that both are idle afterwards; one of them ends the other.
            let pids = try await withThrowingTaskGroup(of: SQLValue?.self) { group in
                for _ in 0..<2 {
                    group.addTask { try await test.value("SELECT pg_backend_pid() FROM pg_sleep(0.2)") }
                }
                return try await group.reduce(into: [SQLValue?]()) { $0.append($1) }
            }
            #expect(Set(pids).count == 2)
            _ = try await test.value(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
            // The other one may be lent before its end was noticed; that statement fails, and no second one does.
            _ = try? await test.value("SELECT 1")
            for _ in 0..<4 { #expect(try await test.value("SELECT 1") == .integer(1)) }
        }

        @Test func `a cancelled task ends its statement and its connection lives on`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 2
            }
            let (task, pid) = try await Self.startEndlessStatement(test)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            // Both connections answer, the cancelled one among them.
            let alive = try await test.value("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", pid)
            #expect(alive == .integer(1))
            for _ in 0..<10 { #expect(try await test.value("SELECT 1") == .integer(1)) }
            #expect(test.backend.gauges.open == 2)
        }

        @Test func `the server ends a statement that takes too long`() async throws {
            let test = try TestDatabase.open {
                $0.statementTimeout = .milliseconds(300)
            }
            let error = await #expect(throws: DatabaseError.self) {
                try await test.value("SELECT count(*) FROM pg_sleep(600)")
            }
            #expect(error?.kind == .timeout)
            #expect(try await test.value("SELECT 1") == .integer(1))
        }

        @Test func `a transaction that was left open does not reach the next task`() async throws {
            let test = try TestDatabase.open()
            try await test.run("BEGIN")
            let sql = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'idle in transaction'
                """
            #expect(try await test.value(sql) == .integer(0))
        }

        @Test func `a server that is not there is an error that says so`() async throws {
            var configuration = PostgreSQLConfiguration()
            configuration.host = "/nonexistent"
            let database = Database(PostgreSQLBackend(configuration))
            let error = await #expect(throws: DatabaseError.self) { try await database.execute(Statement("SELECT 1")) }
            #expect(error?.kind == .connection)
            #expect(error?.message.contains("/nonexistent") == true)
        }

        /// Asks until a backend is at work; the server itself tells, so nothing depends on how long that takes.
        private static func untilActive(_ pid: SQLValue, _ test: TestDatabase) async throws {
            let sql =
                "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event = 'PgSleep'"
            while try await test.value(sql, pid) != .integer(1) { await Task.yield() }
        }
    }
}
