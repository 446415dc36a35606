import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    /// Rows that are read in batches stay with the server until they are asked for.
    @Suite(.timeLimit(.minutes(2))) struct CursorTests {
        /// A row of a view that counts how many rows were made.
        struct Drawn: Model {
            var id = 0

            static let appLabel = "lottery"
            static let table = Table<Drawn>(.integer(\.id, primaryKey: true))
        }

        private static func open() async throws -> TestDatabase {
            let test = try TestDatabase.open(models: [Drawn.self]) { $0.limit = 2 }
            try await test.run(
                "CREATE SEQUENCE numbers",
                "CREATE VIEW lottery_drawn AS SELECT nextval('numbers') AS id FROM generate_series(1, 10000)")
            return test
        }

        /// How many rows the server has made until now; no transaction hides that.
        private static func made(_ test: TestDatabase) async throws -> Int64 {
            let outside = try TestDatabase.open { $0.limit = 1 }
            let count = try await outside.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM numbers")
            await outside.backend.close()
            guard case .integer(let number)? = count else { return -1 }
            return number
        }

        @Test(arguments: [1, 10, 2_000])
        func `the server makes a batch when it is asked for, and not before`(_ size: Int) async throws {
            let test = try await Self.open()
            try await test.database.use {
                var batches = Drawn.objects.inBatches(of: size).makeAsyncIterator()
                #expect(try await Self.made(test) == 0)
                for round in 1...3 {
                    let batch = try await batches.next()
                    #expect(batch?.map(\.id) == Array((round - 1) * size + 1...round * size))
                    #expect(try await Self.made(test) == Int64(round * size))
                }
            }
        }

        @Test func `the loop over rows reads as far as it runs, and gives its cursor back`() async throws {
            let test = try await Self.open()
            try await test.database.use {
                for try await row in Drawn.objects.stream(batch: 50) where row.id == 120 { break }
                #expect(try await Self.made(test) == 150)
                // All at once, to tell the two apart.
                #expect(try await Drawn.objects.all().count == 10_000)
                #expect(try await Self.made(test) == 10_150)
            }
            let open =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
            #expect(try await test.value(open) == .integer(0))
            #expect(try await test.value("SELECT count(*) FROM pg_cursors WHERE name LIKE 'martlet%'") == .integer(0))
            #expect(test.backend.statistics.used == 0)
        }

        @Test func `a cursor that a rollback has ended can be closed, and the transaction goes on`() async throws {
            let test = try await Self.open()
            let numbers = Statement("SELECT generate_series(1, 10)")
            try await test.inTransaction {
                let connection = try await test.database.withConnection(.read, numbers) { $0 }
                let outer = try await connection.cursor(numbers) { try $0.integer(at: 0) }
                try await test.run("SAVEPOINT part")
                let inner = try await connection.cursor(numbers) { try $0.integer(at: 0) }
                #expect(try await inner.next(2) == [1, 2])
                // What the task of a loop does that was left, when the rollback was faster.
                try await test.run("ROLLBACK TO SAVEPOINT part")
                await inner.close()
                #expect(try await outer.next(2) == [1, 2])
                await outer.close()
                let open = try await test.value("SELECT count(*) FROM pg_cursors WHERE name LIKE 'martlet%'")
                #expect(open == .integer(0))
                try await test.run("CREATE TABLE kept (id integer)")
            }
            #expect(try await test.value("SELECT count(*) FROM kept") == .integer(0))
        }

        @Test func `a cursor is declared once and fetched from once for each batch`() async throws {
            let test = try await Self.open()
            let watching = try TestDatabase.open { $0.limit = 1 }
            try await test.database.use {
                var batches = Drawn.objects.inBatches(of: 7).makeAsyncIterator()
                var seen: [String] = []
                for _ in 0..<3 {
                    _ = try await batches.next()
                    let last = try await watching.value(
                        """
                        SELECT query FROM pg_stat_activity
                        WHERE datname = current_database() AND state = 'idle in transaction'
                        """)
                    if case .text(let query)? = last { seen.append(query) }
                }
                #expect(seen == Array(repeating: "FETCH FORWARD 7 FROM martlet_cursor_1", count: 3))
            }
        }
    }
}
