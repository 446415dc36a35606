import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    /// What a transaction's options do, and not only what they say.
    @Suite(.timeLimit(.minutes(2))) struct IsolationTests {
        struct LevelCase: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let level: IsolationLevel?
            let setting: String
            /// Whether it sees what another has committed since its first statement.
            let seesOthers: Bool
        }

        // https://www.postgresql.org/docs/current/transaction-iso.html
        static let levels = [
            LevelCase(testDescription: "the server's own", level: nil, setting: "read committed", seesOthers: true),
            LevelCase(
                testDescription: "read uncommitted", level: .readUncommitted, setting: "read uncommitted",
                seesOthers: true),
            LevelCase(
                testDescription: "read committed", level: .readCommitted, setting: "read committed", seesOthers: true),
            LevelCase(
                testDescription: "repeatable read", level: .repeatableRead, setting: "repeatable read",
                seesOthers: false),
            LevelCase(
                testDescription: "serializable", level: .serializable, setting: "serializable", seesOthers: false),
        ]

        private static func setting(_ name: String, _ test: TestDatabase) async throws -> SQLValue? {
            try await test.value("SELECT current_setting($1)", .text(name))
        }

        @Test(arguments: levels, [false, true])
        func `a level decides whether others are seen`(_ example: LevelCase, _ isReadOnly: Bool) async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            try await test.run("CREATE TABLE seen (id integer)")
            try await test.database.use {
                try await transaction(isolation: example.level, readOnly: isReadOnly) {
                    let before = try await test.value("SELECT count(*) FROM seen")
                    #expect(before == .integer(0))
                    // A task that is in no transaction: its row is committed at once.
                    try await Task.detached { try await test.run("INSERT INTO seen VALUES (1)") }.value
                    let after = try await test.value("SELECT count(*) FROM seen")
                    #expect(after == .integer(example.seesOthers ? 1 : 0))
                    let nested = try await transaction { try await test.value("SELECT count(*) FROM seen") }
                    #expect(nested == after)
                    #expect(try await Self.setting("transaction_isolation", test) == .text(example.setting))
                    #expect(try await Self.setting("transaction_read_only", test) == .text(isReadOnly ? "on" : "off"))
                    #expect(try await Self.setting("transaction_deferrable", test) == .text("off"))
                }
            }
            // The next one has nothing of it.
            #expect(try await test.value("SELECT count(*) FROM seen") == .integer(1))
            let next = try await test.inTransaction {
                [
                    try await Self.setting("transaction_isolation", test),
                    try await Self.setting("transaction_read_only", test),
                ]
            }
            #expect(next == [.text("read committed"), .text("off")])
        }

        @Test(arguments: [
            "INSERT INTO seen VALUES (2)", "UPDATE seen SET id = 3", "DELETE FROM seen", "TRUNCATE seen",
            "CREATE TABLE other (id integer)", "DROP TABLE seen", "SELECT nextval('numbers')",
            "SELECT * FROM seen FOR UPDATE", "WITH new AS (INSERT INTO seen VALUES (2) RETURNING id) SELECT * FROM new",
        ])
        func `a transaction that only reads refuses whatever writes`(_ sql: String) async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run(
                "CREATE TABLE seen (id integer)", "CREATE SEQUENCE numbers", "INSERT INTO seen VALUES (1)")
            let error = await #expect(throws: DatabaseError.self) {
                try await test.database.use {
                    try await transaction(readOnly: true) {
                        let count = try await test.value("SELECT count(*) FROM seen")
                        #expect(count == .integer(1))
                        try await test.run(sql)
                    }
                }
            }
            #expect(error?.kind == .readOnly)
            #expect(error?.code == "25006")
            #expect(try await test.value("SELECT array_agg(id)::text FROM seen") == .text("{1}"))
            try await test.run("INSERT INTO seen VALUES (2)")
        }

        @Test func `a deferrable transaction waits until nothing can be in its way`() async throws {
            let test = try TestDatabase.open { $0.limit = 3 }
            try await test.run("CREATE TABLE seen (id integer)")
            let database = test.database
            let (reader, waited) = try await database.use {
                try await transaction(isolation: .serializable) {
                    try await test.run("INSERT INTO seen SELECT count(*) FROM seen")
                    let reader = Task.detached {
                        try await database.use {
                            try await transaction(isolation: .serializable, readOnly: true, deferrable: true) {
                                let count = try await test.value("SELECT count(*) FROM seen")
                                let setting = try await Self.setting("transaction_deferrable", test)
                                return [count, setting]
                            }
                        }
                    }
                    // Its first statement waits for this transaction, and the server says so.
                    let waiting = """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event = 'SafeSnapshot'
                        """
                    let outside = Task.detached {
                        while try await test.value(waiting) != .integer(1) { await Task.yield() }
                        return true
                    }
                    return (reader, try await outside.value)
                }
            }
            #expect(waited)
            // It sees what was there when it began to wait: that has turned out to be a state that nothing endangers.
            #expect(try await reader.value == [.integer(0), .text("on")])
        }
    }
}
