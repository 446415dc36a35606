import MartletIO
import MartletORM
import MartletPostgreSQL
import MartletTiming
import Synchronization
import Testing

/// A worker as a server has it, on which tasks share connections.
struct SharingWorker {
    let worker: Worker
    let test: TestDatabase

    /// - Parameter together: How many statements may share a connection; none is too slow to share, as no test depends
    ///   on the machine's speed.
    init(
        together: Int = 8, limit: Int = 4, _ configure: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) throws {
        worker = try Worker(index: 0)
        test = try TestDatabase.open {
            $0.limit = limit
            $0.statementsTogether = together
            $0.shortStatement = .seconds(3_600)
            configure(&$0)
        }
    }

    /// Runs something on the worker and waits for it.
    func run<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let (values, gate) = AsyncStream.makeStream(of: Result<Value, any Error>.self)
        worker.run {
            do {
                gate.yield(.success(try await operation()))
            } catch {
                gate.yield(.failure(error))
            }
        }
        var iterator = values.makeAsyncIterator()
        return try #require(await iterator.next()).get()
    }

    /// Runs a statement twice on each connection that may come, so that all of them know it.
    func learn(_ statements: Statement...) async throws {
        for statement in statements {
            _ = try await run { [test] in try await test.database.rows(statement) { $0.value(at: 0) } }
        }
    }

    /// Begins statements in the same turn of the worker's loop, and gives back what became of each.
    func together(_ statements: [Statement]) async throws -> [Result<SQLValue?, any Error>] {
        try await run { [test] in
            await withTaskGroup(of: (Int, Result<SQLValue?, any Error>).self) { group in
                for (index, statement) in statements.enumerated() {
                    group.addTask {
                        do {
                            let rows = try await test.database.rows(statement, access: .write) { $0.value(at: 0) }
                            return (index, .success(rows.first))
                        } catch {
                            return (index, .failure(error))
                        }
                    }
                }
                return await group.reduce(into: [Int: Result<SQLValue?, any Error>]()) { $0[$1.0] = $1.1 }
                    .sorted { $0.key < $1.key }.map(\.value)
            }
        }
    }
}

extension PostgreSQLTests {
    @Suite struct SharingTests {
        private static let pid = Statement("SELECT pg_backend_pid()")
        private static func double(_ number: Int64) -> Statement {
            Statement("SELECT $1::int8 * 2", [.integer(number)])
        }
        private static func divide(_ number: Int64) -> Statement {
            Statement("SELECT 60 / $1::int8", [.integer(number)])
        }

        @Test func `statements of many tasks of a worker share a connection, and each gets its own rows`() async throws
        {
            let sharing = try SharingWorker(together: 100)
            try await sharing.learn(Self.double(0), Self.pid)
            let results = try await sharing.together((0..<60).map(Self.double))
            #expect(try results.map { try $0.get() } == (0..<60).map { .integer($0 * 2) })
            let pids = try await sharing.together(Array(repeating: Self.pid, count: 20)).map { try $0.get() }
            #expect(Set(pids).count == 1)
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        @Test func `no more than so many share a connection`() async throws {
            let sharing = try SharingWorker(together: 4, limit: 16)
            try await sharing.learn(Self.pid)
            // A new connection does not know the statement yet, so that one task has it for itself.
            let pids = try await sharing.together(Array(repeating: Self.pid, count: 6)).map { try $0.get() }
            let counts = Dictionary(grouping: pids, by: { $0 }).values.map(\.count).sorted()
            #expect(counts == [1, 1, 4])
        }

        @Test func `with one statement at a time each has a connection for itself`() async throws {
            let sharing = try SharingWorker(together: 1)
            try await sharing.learn(Self.pid)
            let pids = try await sharing.together(Array(repeating: Self.pid, count: 4)).map { try $0.get() }
            #expect(Set(pids).count == 4)
        }

        @Test func `an error does not reach the neighbours`() async throws {
            let sharing = try SharingWorker()
            try await sharing.learn(Self.divide(1))
            let results = try await sharing.together([1, 2, 0, 3, 0, 4].map(Self.divide))
            let values = results.map { try? $0.get() }
            #expect(values == [.integer(60), .integer(30), nil, .integer(20), nil, .integer(15)])
            for index in [2, 4] {
                guard case .failure(let error as DatabaseError) = results[index] else {
                    Issue.record("Statement \(index) has no error.")
                    continue
                }
                #expect(error.kind == .invalidValue && error.sql == Self.divide(0).sql)
            }
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        @Test func `a write is the last of those that share, and is kept`() async throws {
            let sharing = try SharingWorker()
            try await sharing.test.run(
                "CREATE TABLE t (id integer PRIMARY KEY)", "CREATE TABLE u (id integer PRIMARY KEY)",
                "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u DEFERRABLE INITIALLY DEFERRED",
                "INSERT INTO u VALUES (1), (2)")
            let insert = Statement("INSERT INTO t VALUES ($1) RETURNING pg_backend_pid()", [.integer(1)])
            try await sharing.learn(insert, Self.pid)
            let again = Statement(insert.sql, [.integer(2)])
            let results = try await sharing.together([Self.pid, Self.pid, again, Self.pid]).map { try $0.get() }
            #expect(results[0] == results[1] && results[1] == results[2] && results[2] != results[3])
            #expect(try await sharing.test.value("SELECT count(*) FROM t") == .integer(2))
        }

        @Test func `a constraint that is checked at the end of a shared statement is its error`() async throws {
            let sharing = try SharingWorker()
            try await sharing.test.run(
                "CREATE TABLE u (id integer PRIMARY KEY)",
                "CREATE TABLE t (id integer REFERENCES u DEFERRABLE INITIALLY DEFERRED)", "INSERT INTO u VALUES (1)")
            let insert = Statement("INSERT INTO t VALUES ($1) RETURNING pg_backend_pid()", [.integer(1)])
            try await sharing.learn(insert, Self.pid)
            let results = try await sharing.together([Self.pid, Statement(insert.sql, [.integer(9)])])
            #expect(throws: Never.self) { try results[0].get() }
            let error = #expect(throws: DatabaseError.self) { try results[1].get() }
            #expect(error?.kind == .foreignKeyViolation && error?.columns == ["t.id"])
            #expect(try await sharing.test.value("SELECT count(*) FROM t") == .integer(1))
        }

        @Test func `nothing shares with a transaction, nor with what changes the session`() async throws {
            let sharing = try SharingWorker()
            let setting = Statement("SELECT set_config('work_mem', '1MB', false) || pg_backend_pid()")
            try await sharing.learn(Self.pid, setting)
            let isShared = try await sharing.run { [test = sharing.test, worker = sharing.worker] in
                try await test.inTransaction {
                    let own = try await test.database.rows(Self.pid) { $0.value(at: 0) }
                    // Detached, as the transaction is that of all tasks which inherit it.
                    let other = Task.detached(executorPreference: worker) {
                        try await Worker.$current.withValue(worker) {
                            try await test.database.rows(Self.pid) { $0.value(at: 0) }
                        }
                    }
                    return try await other.value == own
                }
            }
            #expect(!isShared)
            let results = try await sharing.together([Self.pid, setting]).map { try $0.get() }
            guard case .integer(let pid) = results[0], case .text(let other) = results[1] else {
                Issue.record("\(results)")
                return
            }
            #expect(other != "1MB\(pid)")
        }

        @Test func `a statement outlives a change of its table that happens while it is shared`() async throws {
            let sharing = try SharingWorker()
            try await sharing.test.run("CREATE TABLE t (a integer)", "INSERT INTO t VALUES (7)")
            let all = Statement("SELECT * FROM t")
            try await sharing.learn(all)
            try await sharing.test.run("ALTER TABLE t ALTER COLUMN a TYPE bigint")
            for _ in 0..<2 {
                let results = try await sharing.together([all, all, all, all]).map { try $0.get() }
                #expect(results == Array(repeating: .integer(7), count: 4))
            }
            let kept = Statement("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT * FROM t'")
            // What two tasks have prepared at once is not left behind; the old one is the server's to forget.
            let count = try await sharing.test.value(kept.sql)
            #expect(count == .integer(1) || count == .integer(2))
        }

        @Test func `rows of megabytes come whole, and small ones behind them too`() async throws {
            let sharing = try SharingWorker()
            let long = Statement("SELECT repeat('0123456789', $1::int)", [.integer(300_000)])
            try await sharing.learn(long, Self.double(0))
            let results = try await sharing.together([long, Self.double(4), long, Self.double(5)]).map { try $0.get() }
            let text = SQLValue.text(String(repeating: "0123456789", count: 300_000))
            #expect(results == [text, .integer(8), text, .integer(10)])
        }

        @Test func `values of megabytes go out whole, and small ones behind them too`() async throws {
            let sharing = try SharingWorker()
            let long = Statement("SELECT length($1::text)", [.text(String(repeating: "é", count: 2_000_000))])
            try await sharing.learn(Statement(long.sql, [.text("")]), Self.double(0))
            let results = try await sharing.together([long, Self.double(4), long, Self.double(5)]).map { try $0.get() }
            #expect(results == [.integer(2_000_000), .integer(8), .integer(2_000_000), .integer(10)])
        }
    }
}
