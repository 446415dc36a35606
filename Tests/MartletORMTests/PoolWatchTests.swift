import MartletORM
import MartletTiming
import Synchronization
import Testing

/// A connection that is what the test says it is.
private final class WatchedConnection: DatabaseConnection {
    private let state = Mutex((connected: true, answers: true, questions: 0))

    var isUsable: Bool { true }
    var isConnected: Bool { state.withLock { $0.connected } }
    var questions: Int { state.withLock { $0.questions } }
    func disconnect() { state.withLock { $0.connected = false } }
    func fallSilent() { state.withLock { $0.answers = false } }

    func answers() async -> Bool {
        state.withLock { state in
            state.questions += 1
            return state.answers
        }
    }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] { [] }

    func execute(_ statement: Statement) async throws -> ExecutionResult { ExecutionResult(changedRows: 0) }

    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> { throw CancellationError() }
}

/// What a pool does with time: old, idle, silent and long-held connections.
@Suite struct PoolWatchTests {
    private let time = ManualTime()

    private func makePool(
        limit: Int = 2, _ configure: (inout PoolSettings) -> Void = { _ in }
    ) -> ConnectionPool<WatchedConnection> {
        var settings = PoolSettings(name: "test", limit: limit, timeout: .seconds(30), time: time.source)
        configure(&settings)
        return ConnectionPool(settings) { WatchedConnection() }
    }

    private func waiters(_ count: Int, of pool: ConnectionPool<WatchedConnection>) async {
        while pool.gauges.waiting != count { await Task.yield() }
    }

    @Test func `who finds no connection is told who holds them and for how long`() async throws {
        let pool = makePool(limit: 3)
        let first = try await holdingConnections(as: "nightly report") { try await pool.lease() }
        time.advance(by: .milliseconds(1_500))
        let others = try await LeaseHolder.$current.withValue(LeaseHolder("GET", "/slow/")) {
            [try await pool.lease(), try await pool.lease()]
        }
        let waiting = Task { try await pool.lease() }
        await waiters(1, of: pool)
        time.advance(by: .seconds(30))
        let error = await #expect(throws: PoolError.self) { try await waiting.value }
        #expect(error?.holders == ["2 × GET /slow/ (for up to 30.0 s)", "nightly report (for 31.5 s)"])
        #expect(
            error?.description
                == "No connection to 'test' came free within 30.0 seconds: all 3 are in use and 1 wait. They are held by "
                + "2 × GET /slow/ (for up to 30.0 s), nightly report (for 31.5 s). Look for transactions that stay open "
                + "while they await something else, or raise the limit.")
        #expect(pool.statistics.timeouts == 1)
        for connection in others + [first] { pool.release(connection) }
    }

    @Test func `a holder's name is cut where it is too long`() {
        let name = LeaseHolder("GET", "/" + String(repeating: "x", count: 5_000)).description
        #expect(name.count == 201 && name.hasPrefix("GET /xxx") && name.hasSuffix("…"))
    }

    @Test func `a lease that lasts is told once, with its holder`() async throws {
        let told = Mutex<[String]>([])
        let pool = makePool {
            $0.longLease = .seconds(10)
            $0.onLongLease = { lease in told.withLock { $0.append("\(lease.pool): \(lease.holder) \(lease.duration)") }
            }
        }
        let kept = try await holdingConnections(as: "import") { try await pool.lease() }
        time.advance(by: .seconds(6))
        pool.release(try await pool.lease())
        time.advance(by: .seconds(3))
        #expect(told.withLock { $0 } == [])
        time.advance(by: .seconds(1))
        #expect(told.withLock { $0 } == ["test: import 10.0 seconds"])
        time.advance(by: .seconds(100))
        pool.release(kept)
        time.advance(by: .seconds(100))
        #expect(told.withLock { $0.count } == 1)
    }

    @Test func `an idle connection is closed when its time is over`() async throws {
        let pool = makePool { $0.idleTimeout = .seconds(60) }
        let (first, second) = (try await pool.lease(), try await pool.lease())
        pool.release(first)
        time.advance(by: .seconds(40))
        pool.release(second)
        time.advance(by: .seconds(20))
        #expect(pool.gauges == (open: 1, idle: 1, waiting: 0))
        #expect(try await pool.lease() === second)
        pool.release(second)
        time.advance(by: .seconds(60))
        #expect(pool.gauges == (open: 0, idle: 0, waiting: 0))
        #expect(pool.statistics.closed == 2)
    }

    @Test func `a connection is replaced at the end of its life`() async throws {
        let pool = makePool(limit: 1) { $0.lifetime = .seconds(100) }
        let first = try await pool.lease()
        time.advance(by: .seconds(99))
        pool.release(first)
        #expect(try await pool.lease() === first)
        time.advance(by: .seconds(1))
        pool.release(first)
        let second = try await pool.lease()
        #expect(second !== first)
        #expect(pool.gauges == (open: 1, idle: 0, waiting: 0))
        pool.release(second)
    }

    @Test func `a connection that was lost while it was idle is not lent`() async throws {
        let pool = makePool(limit: 1)
        let first = try await pool.lease()
        pool.release(first)
        first.disconnect()
        time.advance(by: .milliseconds(1))
        let second = try await pool.lease()
        #expect(second !== first)
        pool.release(second)
    }

    @Test func `a connection that has been idle for long is asked first, and replaced when it is silent`() async throws
    {
        let pool = makePool(limit: 1) { $0.checkAfter = .seconds(60) }
        let first = try await pool.lease()
        pool.release(first)
        time.advance(by: .seconds(60))
        #expect(try await pool.lease() === first)
        #expect(first.questions == 0)
        pool.release(first)
        time.advance(by: .seconds(61))
        #expect(try await pool.lease() === first)
        #expect(first.questions == 1)
        pool.release(first)
        first.fallSilent()
        time.advance(by: .seconds(61))
        let second = try await pool.lease()
        #expect(second !== first)
        #expect(pool.gauges == (open: 1, idle: 0, waiting: 0))
        pool.release(second)
        #expect(pool.gauges == (open: 1, idle: 1, waiting: 0))
    }

    @Test func `the times that tasks have waited are counted`() async throws {
        let pool = makePool(limit: 1)
        let first = try await pool.lease()
        let waiting = Task { try await pool.lease() }
        await waiters(1, of: pool)
        time.advance(by: .milliseconds(3))
        pool.release(first)
        pool.release(try await waiting.value)
        let statistics = pool.statistics
        #expect(statistics.waits.count == 1)
        #expect(statistics.waits.sum == .milliseconds(3))
        #expect(statistics.waits.counts == [0, 1, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect(statistics.leases == 2)
        #expect(statistics.used + statistics.idle == statistics.open)
    }
}
