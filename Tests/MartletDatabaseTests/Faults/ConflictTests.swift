import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    /// Transactions that PostgreSQL itself ends for the sake of others, and that are tried again.
    @Suite(.timeLimit(.minutes(2))) struct ConflictTests {
        /// Adds up one class.
        private static func sum(_ number: Int64, _ test: TestDatabase) async throws -> SQLValue {
            try await test.value("SELECT sum(value)::bigint FROM scores WHERE class = $1", .integer(number)) ?? .null
        }

        /// Writes a sum down in the other class, which the other transaction has added up.
        private static func note(_ sum: SQLValue, in number: Int64, _ test: TestDatabase) async throws {
            try await test.database.execute(
                Statement("INSERT INTO scores (class, value) VALUES ($1, $2)", [.integer(number), sum]))
        }

        private static func codes(_ log: StatementLog) -> [String] {
            log.statements.compactMap { event in
                (event.error as? DatabaseError).map { "\($0.code ?? "") at \(event.sql.prefix(6))" }
            }
        }

        // The example of PostgreSQL's own manual, in both orders: what one reads the other writes.
        // https://www.postgresql.org/docs/current/transaction-iso.html#XACT-SERIALIZABLE
        @Test(arguments: ["INSERT", "COMMIT"])
        func `a transaction that can not be put in any order is tried again`(_ failing: String) async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run(
                "CREATE TABLE scores (class integer, value bigint)",
                "INSERT INTO scores VALUES (1, 10), (1, 20), (2, 100), (2, 200)")
            let (isReady, isDone) = (Gate(), Gate())
            let attempts = CallCount()
            let log = StatementLog()
            let second = Task {
                try await log.observing {
                    try await test.database.use {
                        try await transaction(retrying: 3, isolation: .serializable) {
                            let isFirst = attempts.add() == 1
                            let sum = try await Self.sum(2, test)
                            if isFirst, failing == "INSERT" {
                                isReady.open()
                                await isDone.pass()
                            }
                            try await Self.note(sum, in: 1, test)
                            if isFirst, failing == "COMMIT" {
                                isReady.open()
                                await isDone.pass()
                            }
                        }
                    }
                }
            }
            try await test.database.use {
                try await transaction(isolation: .serializable) {
                    try await Self.note(try await Self.sum(1, test), in: 2, test)
                    await isReady.pass()
                }
            }
            isDone.open()
            try await second.value
            #expect(Self.codes(log) == ["40001 at \(failing)"])
            #expect(attempts.value == 2)
            // Both effects, as if one had come after the other.
            let rows = try await test.database.rows(
                Statement("SELECT class, value FROM scores WHERE value > 20 AND value NOT IN (100, 200) ORDER BY 1")
            ) { [try $0.integer(at: 0), try $0.integer(at: 1)] }
            #expect(rows == [[1, 330], [2, 30]])
            #expect(test.backend.statistics.used == 0)
        }

        @Test func `without the helper the one that comes second is told, and nothing of it stays`() async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run("CREATE TABLE scores (class integer, value bigint)", "INSERT INTO scores VALUES (1, 10)")
            let error = await #expect(throws: DatabaseError.self) {
                try await test.database.use {
                    try await transaction(isolation: .repeatableRead) {
                        _ = try await Self.sum(1, test)
                        try await Task.detached { try await test.run("UPDATE scores SET value = value + 1") }.value
                        try await test.run("UPDATE scores SET value = value + 5")
                    }
                }
            }
            #expect(error?.kind == .serializationFailure)
            #expect(error?.code == "40001")
            #expect(try await test.value("SELECT value FROM scores") == .integer(11))
        }

        @Test func `two transactions that wait for each other both come through`() async throws {
            let fresh = try #require(FreshDatabase.current).configuration
            let name = try #require(fresh.database)
            let maintenance = try TestDatabase.open { $0.limit = 1 }
            // How long the server waits before it looks for a circle.
            try await maintenance.run("ALTER DATABASE \(name) SET deadlock_timeout = '20ms'")
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run(
                "CREATE TABLE counts (id integer PRIMARY KEY, n integer NOT NULL)",
                "INSERT INTO counts VALUES (0, 0), (1, 0)")
            let gates = [Gate(), Gate()]
            let attempts = CallCount()
            let log = StatementLog()
            try await log.observing {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for own in 0...1 {
                        group.addTask {
                            try await test.database.use {
                                try await transaction(retrying: 5) {
                                    attempts.add()
                                    try await test.run("UPDATE counts SET n = n + 1 WHERE id = \(own)")
                                    gates[own].open()
                                    await gates[1 - own].pass()
                                    try await test.run("UPDATE counts SET n = n + 1 WHERE id = \(1 - own)")
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(Self.codes(log).contains("40P01 at UPDATE"))
            #expect(attempts.value > 2)
            #expect(try await test.value("SELECT array_agg(n)::text FROM counts") == .text("{2,2}"))
            #expect(test.backend.statistics.used == 0)
        }
    }
}
