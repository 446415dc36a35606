import MartletIO
import MartletORM
import MartletPostgreSQL
import MartletTiming
import Synchronization
import Testing

extension PostgreSQLTests {
    /// Three statements share a connection, the first of which waits until the test unlocks a table.
    @Suite(.timeLimit(.minutes(2))) struct SharingFaultTests {
        private static let count = Statement("SELECT count(*) FROM t")
        private static let places = "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        private static let waiting = "SELECT count(*) FROM \(places)"
        private static func double(_ number: Int64) -> Statement {
            Statement("SELECT $1::int8 * 2", [.integer(number)])
        }

        private typealias Asked = Task<SQLValue?, any Error>

        /// Begins a statement on the worker.
        private static func ask(
            _ statement: Statement, _ sharing: SharingWorker, _ limit: (Duration, TimeSource)? = nil
        ) -> Asked {
            let database = sharing.test.database
            return Task(executorPreference: sharing.worker) {
                guard let limit else { return try await database.rows(statement) { $0.value(at: 0) }.first }
                return try await withTimeLimit(limit.0, time: limit.1) {
                    try await database.rows(statement) { $0.value(at: 0) }.first
                }
            }
        }

        /// Runs an operation while a table is locked.
        ///
        /// - Parameters:
        ///   - also: What else is to be there.
        ///   - statement: What else the connection is to know.
        private static func locked(
            limit: Int = 4, also: String = "SELECT 1", _ statement: Statement = count,
            _ operation: @Sendable (_ sharing: SharingWorker, _ outside: TestDatabase) async throws -> Void
        ) async throws -> SharingWorker {
            let sharing = try SharingWorker(limit: limit)
            let outside = try TestDatabase.open { $0.limit = 1 }
            try await outside.run("CREATE TABLE t (id integer)", also)
            try await sharing.learn(count, double(0), statement)
            try await outside.inTransaction {
                try await outside.run("LOCK TABLE t")
                try await operation(sharing, outside)
            }
            return sharing
        }

        private static func untilWaiting(_ outside: TestDatabase) async throws {
            while try await outside.value(waiting) == .integer(0) { await Task.yield() }
        }

        @Test func `who is cancelled does not wait, and the others get their rows`() async throws {
            let last = Mutex<Asked?>(nil)
            let sharing = try await Self.locked { sharing, outside in
                let tasks = try await sharing.run {
                    [Self.ask(Self.count, sharing)] + [1, 2].map { Self.ask(Self.double($0), sharing) }
                }
                try await Self.untilWaiting(outside)
                for task in tasks.dropLast() {
                    task.cancel()
                    await #expect(throws: CancellationError.self) { try await task.value }
                }
                // The server was not asked: its request might meet the statement of another.
                #expect(try await outside.value(Self.waiting) == .integer(1))
                last.withLock { $0 = tasks.last }
            }
            #expect(try await last.withLock { $0 }?.value == .integer(4))
            #expect(try await sharing.run { try await Self.ask(Self.double(5), sharing).value } == .integer(10))
            #expect(sharing.test.backend.gauges.open == 1)
        }

        @Test func `a statement that is cancelled while it is alone is ended at the server`() async throws {
            let sharing = try await Self.locked { sharing, outside in
                let task = try await sharing.run { Self.ask(Self.count, sharing) }
                try await Self.untilWaiting(outside)
                task.cancel()
                await #expect(throws: CancellationError.self) { try await task.value }
                #expect(try await outside.value(Self.waiting) == .integer(0))
                let next = try await sharing.run { try await Self.ask(Self.double(5), sharing).value }
                #expect(next == .integer(10))
            }
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        @Test func `who waits behind another statement keeps to the limit of its time`() async throws {
            let time = ManualTime()
            let last = Mutex<Asked?>(nil)
            _ = try await Self.locked { sharing, outside in
                let tasks = try await sharing.run {
                    [
                        Self.ask(Self.count, sharing), Self.ask(Self.double(1), sharing, (.seconds(3), time.source)),
                        Self.ask(Self.double(2), sharing),
                    ]
                }
                try await Self.untilWaiting(outside)
                time.advance(by: .seconds(3))
                let error = await #expect(throws: TimeLimitError.self) { try await tasks[1].value }
                #expect((error?.cause as? DatabaseError)?.kind == .timeout)
                last.withLock { $0 = tasks[2] }
            }
            #expect(try await last.withLock { $0 }?.value == .integer(4))
        }

        @Test func `each statement of a connection that is lost is told, and the next one works`() async throws {
            let sharing = try await Self.locked { sharing, outside in
                let tasks = try await sharing.run {
                    [Self.ask(Self.count, sharing)] + [1, 2].map { Self.ask(Self.double($0), sharing) }
                }
                try await Self.untilWaiting(outside)
                let end = "SELECT count(pg_terminate_backend(pid)) FROM \(Self.places)"
                #expect(try await outside.value(end) == .integer(1))
                for task in tasks {
                    let error = await #expect(throws: DatabaseError.self) { try await task.value }
                    #expect(error?.kind == .connection)
                }
                let next = try await sharing.run { try await Self.ask(Self.double(5), sharing).value }
                #expect(next == .integer(10))
            }
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        /// Whether the only connection of the pool can be taken by one task for itself.
        private static func canBeTaken(_ sharing: SharingWorker) async throws -> SQLValue? {
            try await sharing.run { [test = sharing.test] in
                try await test.inTransaction { try await test.value("SELECT 7") }
            }
        }

        @Test func `statements that all of their tasks have given up are ended at the server`() async throws {
            let sharing = try await Self.locked(limit: 1) { sharing, outside in
                let tasks = try await sharing.run { (0..<3).map { _ in Self.ask(Self.count, sharing) } }
                try await Self.untilWaiting(outside)
                for task in tasks { task.cancel() }
                for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
                // The table is locked still.
                #expect(try await Self.canBeTaken(sharing) == .integer(7))
                #expect(try await outside.value(Self.waiting) == .integer(0))
            }
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        /// Waits for the lock, and does not let itself be ended.
        private static let stubborn = Statement("SELECT stubborn()")
        private static let makeStubborn = """
            CREATE FUNCTION stubborn() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
            LOOP BEGIN RETURN (SELECT count(*) FROM t); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP;
            END $$
            """

        @Test func `a connection that is lost when all of its tasks have gone leaves its place to another`()
            async throws
        {
            let sharing = try await Self.locked(limit: 1, also: Self.makeStubborn, Self.stubborn) { sharing, outside in
                let tasks = try await sharing.run { (0..<2).map { _ in Self.ask(Self.stubborn, sharing) } }
                try await Self.untilWaiting(outside)
                for task in tasks { task.cancel() }
                for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
                // Between two requests to end it does not wait for the lock.
                let end = """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND query = '\(Self.stubborn.sql)'
                    """
                #expect(try await outside.value(end) == .integer(1))
                #expect(try await Self.canBeTaken(sharing) == .integer(7))
            }
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        @Test func `a transaction gets its connection while statements that share come without end`() async throws {
            let sharing = try SharingWorker(limit: 1)
            try await sharing.learn(Self.double(0))
            let isOver = Flag()
            let streams = (0..<4).map { _ in
                Task { [sharing] in
                    while !isOver.isSet {
                        _ = try await sharing.run { try await Self.ask(Self.double(1), sharing).value }
                    }
                }
            }
            for _ in 0..<5 {
                let value = try await sharing.run { [test = sharing.test] in
                    try await test.inTransaction { try await test.value("SELECT 7") }
                }
                #expect(value == .integer(7))
            }
            isOver.set()
            for stream in streams { try await stream.value }
            #expect(sharing.test.backend.gauges == (open: 1, idle: 1, waiting: 0))
        }

        private final class Flag: Sendable {
            private let value = Atomic(false)
            var isSet: Bool { value.load(ordering: .relaxed) }
            func set() { value.store(true, ordering: .relaxed) }
        }

        @Test func `a child of a transaction that is cancelled does not wait for its turn`() async throws {
            _ = try await Self.locked { sharing, outside in
                let test = sharing.test
                // The transaction ends with the error of its first child.
                _ = try? await test.inTransaction {
                    let first = Task { try await test.value(Self.count.sql) }
                    try await Self.untilWaiting(outside)
                    let second = Task { try await test.value("SELECT 1") }
                    second.cancel()
                    await #expect(throws: CancellationError.self) { try await second.value }
                    #expect(try await outside.value(Self.waiting) == .integer(1))
                    first.cancel()
                    _ = try await first.value
                }
            }
        }
    }
}
