import FoundationEssentials
import MartletIO
import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    @Suite struct ConnectionTests {
        @Test func `many tasks share few connections`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 4
            }
            let sums = try await withThrowingTaskGroup(of: SQLValue?.self) { group in
                for number in 0..<200 {
                    group.addTask { try await test.value("SELECT $1::int8 * 2", .integer(Int64(number))) }
                }
                return try await group.reduce(into: Set<SQLValue?>()) { $0.insert($1) }
            }
            #expect(sums == Set((0..<200).map { SQLValue.integer($0 * 2) }))
            #expect(test.backend.gauges.open <= 4)
            #expect(test.backend.gauges.waiting == 0)
        }

        @Test func `tasks of several workers share few connections`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 2
            }
            let workers = try (0..<3).map { try Worker(index: $0) }
            let results = AsyncStream.makeStream(of: SQLValue?.self)
            for number in 0..<90 {
                workers[number % 3].run {
                    let value = try? await test.database.use {
                        try await transaction {
                            let first = try await test.value("SELECT $1::int8", .integer(Int64(number)))
                            return try await test.value("SELECT $1::int8", first ?? .null)
                        }
                    }
                    results.continuation.yield(value ?? nil)
                }
            }
            var seen: Set<SQLValue?> = []
            var iterator = results.stream.makeAsyncIterator()
            for _ in 0..<90 { seen.insert(await iterator.next() ?? nil) }
            #expect(seen == Set((0..<90).map { SQLValue.integer($0) }))
            #expect(test.backend.gauges.open <= 2)
        }

        @Test func `a connection goes to another worker and comes back as often as it is wanted`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            let workers = try (0..<2).map { try Worker(index: $0) }
            let results = AsyncStream.makeStream(of: Result<SQLValue?, any Error>.self)
            var answers = results.stream.makeAsyncIterator()
            for number in 0..<200 {
                workers[number % 2].run {
                    do {
                        let value = try await test.value("SELECT $1::int8", .integer(Int64(number)))
                        results.continuation.yield(.success(value))
                    } catch {
                        results.continuation.yield(.failure(error))
                    }
                }
                #expect(try await answers.next()?.get() == .integer(Int64(number)))
            }
            #expect(test.backend.statistics.closed == 0)
        }

        @Test func `child tasks of a transaction take turns on its connection`() async throws {
            let test = try TestDatabase.open()
            let pids = try await test.inTransaction {
                try await withThrowingTaskGroup(of: SQLValue?.self) { group in
                    for _ in 0..<20 { group.addTask { try await test.value("SELECT pg_backend_pid()") } }
                    return try await group.reduce(into: Set<SQLValue?>()) { $0.insert($1) }
                }
            }
            #expect(pids.count == 1)
        }

        @Test func `a statement is prepared once and forgotten when others push it out`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 1
                $0.cachedStatements = 3
            }
            for round in 0..<3 {
                for number in 1...5 {
                    let value = try await test.value("SELECT $1::int8 + \(number)", .integer(Int64(round)))
                    #expect(value == .integer(Int64(round + number)))
                }
            }
            #expect(try await test.value("SELECT count(*) FROM pg_prepared_statements") == .integer(3))
        }

        @Test func `no statement is kept in unnamed mode`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 1
                $0.statementMode = .unnamed
            }
            for number in 1...5 {
                #expect(try await test.value("SELECT $1::int8", .integer(Int64(number))) == .integer(Int64(number)))
            }
            #expect(try await test.value("SELECT count(*) FROM pg_prepared_statements") == .integer(0))
        }

        @Test func `a statement outlives a change of its table`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 1
            }
            try await test.run("CREATE TABLE t (a integer)", "INSERT INTO t VALUES (1)")
            #expect(try await test.database.rows(Statement("SELECT * FROM t")) { $0.count } == [1])
            try await test.run("ALTER TABLE t ADD COLUMN b text", "ALTER TABLE t ALTER COLUMN a TYPE bigint")
            #expect(try await test.database.rows(Statement("SELECT * FROM t")) { $0.count } == [2])
            try await test.run("DISCARD ALL")
            #expect(try await test.database.rows(Statement("SELECT * FROM t")) { $0.count } == [2])
        }

        @Test func `values and results of megabytes pass whole`() async throws {
            let test = try TestDatabase.open()
            let text = String(repeating: "0123456789abcdef", count: 1 << 18)
            #expect(try await test.value("SELECT $1::text || $1::text", .text(text)) == .text(text + text))
            let rows = try await test.database.rows(Statement("SELECT i FROM generate_series(1, 100000) AS i")) {
                try $0.integer(at: 0)
            }
            #expect(rows.count == 100_000)
            #expect(rows.reduce(0, +) == 5_000_050_000)
        }

        @Test func `the application's name is what the server shows`() async throws {
            let test = try TestDatabase.open {
                $0.applicationName = "blog"
            }
            #expect(try await test.value("SELECT current_setting('application_name')") == .text("blog"))
            #expect(try await test.value("SELECT current_setting('timezone')") == .text("UTC"))
        }
    }
}
