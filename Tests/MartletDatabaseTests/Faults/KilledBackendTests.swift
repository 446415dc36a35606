import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    /// A server's process that is ended while a transaction has written and not yet committed.
    @Suite(.timeLimit(.minutes(2))) struct KilledBackendTests {
        enum Moment: String, CaseIterable, CustomTestStringConvertible {
            case beforeStatement = "before a statement"
            case inStatement = "in a statement"
            case beforeCommit = "between the last statement and the commit"
            case inCommit = "in the commit"

            var testDescription: String { rawValue }
        }

        private static let tables = [
            "CREATE TABLE written (id integer PRIMARY KEY)",
            """
            CREATE FUNCTION rest() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$
            """,
            // Run by the commit itself.
            """
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON written DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION rest()
            """,
        ]

        /// Ends a backend and waits until it has gone.
        private static func kill(_ pid: SQLValue, _ outside: TestDatabase) async throws {
            #expect(try await outside.value("SELECT pg_terminate_backend($1, 60000)", pid) == .bool(true))
        }

        /// Asks until a backend sleeps; the server itself tells, so nothing depends on how long that takes.
        private static func untilAsleep(_ pid: SQLValue, _ outside: TestDatabase) async throws {
            let sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'"
            while try await outside.value(sql, pid) != .integer(1) { await Task.yield() }
        }

        @Test(arguments: Moment.allCases)
        func `a transaction whose backend is killed leaves nothing of what it wrote`(_ moment: Moment) async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            let outside = try TestDatabase.open { $0.limit = 1 }
            for sql in Self.tables { try await test.run(sql) }
            let pids = AsyncStream.makeStream(of: SQLValue.self)
            let hooks = CallCount()
            let log = StatementLog()
            let victim = Task {
                try await log.observing {
                    try await test.inTransaction {
                        afterCommit { hooks.add() }
                        try await test.run("INSERT INTO written VALUES (1)", "INSERT INTO written VALUES (2)")
                        if moment == .inCommit { try await test.run("INSERT INTO written VALUES (7)") }
                        let pid = try #require(try await test.value("SELECT pg_backend_pid()"))
                        switch moment {
                        case .beforeStatement:
                            try await Self.kill(pid, outside)
                            try await test.run("INSERT INTO written VALUES (3)")
                        case .inStatement:
                            pids.continuation.yield(pid)
                            _ = try await test.value("SELECT count(*) FROM pg_sleep(600)")
                        case .beforeCommit: try await Self.kill(pid, outside)
                        case .inCommit: pids.continuation.yield(pid)
                        }
                    }
                }
            }
            if moment == .inStatement || moment == .inCommit {
                var iterator = pids.stream.makeAsyncIterator()
                let pid = try #require(await iterator.next())
                try await Self.untilAsleep(pid, outside)
                try await Self.kill(pid, outside)
            }
            let error = await #expect(throws: DatabaseError.self) { try await victim.value }
            #expect(error?.kind == .connection, "\(error?.description ?? "")")
            // The statement that has failed is the one that was meant.
            let failed = log.statements.first { $0.error != nil }?.sql
            let isCommit = moment == .beforeCommit || moment == .inCommit
            #expect(isCommit == (failed == "COMMIT"), "\(failed ?? "")")
            #expect(hooks.value == 0)
            #expect(test.backend.gauges == (open: 0, idle: 0, waiting: 0))
            #expect(test.backend.statistics.closed == 1)
            #expect(try await outside.value("SELECT count(*) FROM written") == .integer(0))
            try await test.inTransaction {
                afterCommit { hooks.add() }
                try await test.run("INSERT INTO written VALUES (1)")
            }
            #expect(try await outside.value("SELECT array_agg(id)::text FROM written") == .text("{1}"))
            #expect(hooks.value == 1)
            #expect(test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        @Test func `backends that are killed one after the other leak no connection`() async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            let outside = try TestDatabase.open { $0.limit = 1 }
            for sql in Self.tables { try await test.run(sql) }
            for _ in 0..<6 {
                await #expect(throws: DatabaseError.self) {
                    try await test.inTransaction {
                        try await test.run("INSERT INTO written VALUES (1)")
                        let pid = try #require(try await test.value("SELECT pg_backend_pid()"))
                        try await Self.kill(pid, outside)
                    }
                }
                #expect(test.backend.statistics.used == 0)
            }
            let both = try await test.inTransaction {
                try await Task.detached { try await test.value("SELECT count(*) FROM written") }.value
            }
            #expect(both == .integer(0))
            #expect(test.backend.gauges.open == test.backend.gauges.idle)
        }
    }
}
