import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    @Suite struct PipelineTests {
        private static func insert(_ id: Int64) -> Statement { Statement("INSERT INTO t VALUES ($1)", [.integer(id)]) }

        @Test func `an error in a pipeline does not reach its neighbours`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY CHECK (id < 100))")
            let ids: [Int64] = [1, 2, 2, 100, 3, 1 << 40, 4]
            let results = try await test.database.pipeline(
                ids.map(Self.insert) + [
                    Statement("SELEKT"), Statement("INSERT INTO t VALUES ($1)"), Statement("UPDATE t SET id = id + 10"),
                ])
            let kinds = results.map { result -> DatabaseError.Kind? in
                if case .failure(let error) = result { error.kind } else { nil }
            }
            #expect(
                kinds == [
                    nil, nil, .uniqueViolation, .checkViolation, nil, .invalidValue, nil, .statement, .statement, nil,
                ])
            #expect(try results.last?.get().changedRows == 4)
            if case .failure(let error) = results[2] {
                #expect(error.columns == ["t.id"] && error.constraint == "t_pkey" && error.code == "23505")
            }
            #expect(try await test.value("SELECT array_agg(id ORDER BY id)::text FROM t") == .text("{11,12,13,14}"))
        }

        @Test func `what follows an error in a transaction is not run`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY)")
            let error = await #expect(throws: DatabaseError.self) {
                try await test.inTransaction {
                    let results = try await test.database.pipeline([1, 1, 2].map(Self.insert))
                    #expect(try results[0].get().changedRows == 1)
                    if case .failure(let error) = results[2] { #expect(error.message.hasPrefix("It was not run")) }
                    _ = try results[1].get()
                }
            }
            #expect(error?.kind == .uniqueViolation)
            #expect(try await test.value("SELECT count(*) FROM t") == .integer(0))
        }

        @Test(arguments: [PostgreSQLConfiguration.StatementMode.named, .unnamed])
        func `thousands of statements and megabytes of values go through`(
            _ mode: PostgreSQLConfiguration.StatementMode
        ) async throws {
            let test = try TestDatabase.open {
                $0.limit = 1
                $0.statementMode = mode
            }
            try await test.run("CREATE TABLE t (id integer PRIMARY KEY, body text)")
            let body = String(repeating: "0123456789abcdef", count: 4_096)
            let results = try await test.database.pipeline(
                (0..<1_000).map { number in
                    Statement(
                        "INSERT INTO t VALUES ($1, $2)",
                        [.integer(number), .text(number.isMultiple(of: 50) ? body : "'; DROP TABLE t; --")])
                })
            #expect(results.count == 1_000)
            #expect(try results.allSatisfy { try $0.get().changedRows == 1 })
            #expect(try await test.value("SELECT sum(length(body)) FROM t") == .integer(20 * 65_536 + 980 * 19))
        }

        @Test(arguments: [1, 2, 3])
        func `a pipeline may have more different statements than are kept`(_ kept: Int) async throws {
            let test = try TestDatabase.open {
                $0.limit = 1
                $0.cachedStatements = kept
            }
            try await test.run("CREATE TABLE t (id integer, step integer)")
            let statements = (0..<9).map { number in
                // Some do not fit the type of their column, and are prepared a second time.
                Statement(
                    "UPDATE t SET step = \(number) WHERE id = $1", [.integer(number.isMultiple(of: 3) ? 1 << 40 : 1)])
            }
            try await test.run("INSERT INTO t VALUES (1, 0)")
            let results = try await test.database.pipeline(statements)
            #expect(try results.map { try $0.get().changedRows } == [0, 1, 1, 0, 1, 1, 0, 1, 1])
            try await test.inTransaction {
                let results = try await test.database.pipeline(statements)
                #expect(try results.map { try $0.get().changedRows } == [0, 1, 1, 0, 1, 1, 0, 1, 1])
            }
        }

        @Test func `a constraint that is checked at the end is the error of its statement`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run(
                "CREATE TABLE u (id integer PRIMARY KEY)",
                "CREATE TABLE t (id integer REFERENCES u DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO u VALUES (1)")
            let results = try await test.database.pipeline([1, 2, 1].map(Self.insert))
            #expect(try results[0].get().changedRows == 1)
            let error = #expect(throws: DatabaseError.self) { try results[1].get() }
            #expect(error?.kind == .foreignKeyViolation)
            #expect(try results[2].get().changedRows == 1)
        }

        @Test func `a constraint that is checked at the end is the error of a statement that is sent alone`()
            async throws
        {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run(
                "CREATE TABLE u (id integer PRIMARY KEY)",
                "CREATE TABLE t (id integer REFERENCES u DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO u VALUES (1)")
            // A hundred are sent together, so that the last one is left over.
            let results = try await test.database.pipeline(
                (Array(repeating: 1, count: 100) + [2]).map(Self.insert))
            #expect(try results.dropLast().allSatisfy { try $0.get().changedRows == 1 })
            let error = #expect(throws: DatabaseError.self) { try results.last?.get() }
            #expect(error?.kind == .foreignKeyViolation)
            #expect(try await test.value("SELECT count(*) FROM t") == .integer(100))
        }

        @Test func `a pipeline that is cancelled leaves its connection whole`() async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            let sleep = Statement("SELECT count(*) FROM pg_sleep(600)")
            let task = Task { try await test.database.pipeline([sleep, sleep, sleep]) }
            let sleeping = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event = 'PgSleep'
                """
            while try await test.value(sleeping) != .integer(1) { await Task.yield() }
            task.cancel()
            // The server is asked once for each of them.
            await #expect(throws: CancellationError.self) { try await task.value }
            for _ in 0..<4 { #expect(try await test.value("SELECT 1") == .integer(1)) }
            #expect(test.backend.gauges.open <= 2)
        }

        @Test func `a transaction begins with its first statement, and not at all without one`() async throws {
            let test = try TestDatabase.open { $0.limit = 2 }
            let open = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
                """
            let outside = try TestDatabase.open { $0.limit = 1 }
            try await test.inTransaction {
                let before = try await outside.value(open)
                _ = try await test.value("SELECT 1")
                let after = try await outside.value(open)
                #expect(before == .integer(0) && after == .integer(1))
            }
            #expect(try await outside.value(open) == .integer(0))
        }

        @Test func `an error of the first statement of a transaction is that statement's`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            let error = await #expect(throws: DatabaseError.self) {
                try await test.inTransaction { try await test.run("SELECT * FROM nothing") }
            }
            #expect(error?.kind == .statement && error?.sql == "SELECT * FROM nothing")
            #expect(try await test.value("SELECT 1") == .integer(1))
            #expect(test.backend.gauges.open == 1)
        }
    }
}
