import MartletORM
import MartletTiming
import Testing

/// A connection that answers when the test says so.
private final class SilentConnection: DatabaseConnection {
    let (said, say) = AsyncStream.makeStream(of: Bool.self)
    var isUsable: Bool { true }

    func answers() async -> Bool { await said.first { _ in true } ?? false }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] { [] }

    func execute(_ statement: Statement) async throws -> ExecutionResult { ExecutionResult(changedRows: 0) }

    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> { throw CancellationError() }
}

/// A connection that has been idle for long is asked whether it answers, and its task is cancelled meanwhile.
@Suite struct PoolCheckTests {
    @Test(arguments: [true, false])
    func `a task that is cancelled says nothing about its connection`(_ isAlive: Bool) async throws {
        let time = ManualTime()
        var settings = PoolSettings(name: "test", limit: 1, timeout: .seconds(30), time: time.source)
        settings.checkAfter = .seconds(60)
        let pool = ConnectionPool(settings) { SilentConnection() }
        let first = try await pool.lease()
        pool.release(first)
        time.advance(by: .seconds(61))
        let task = Task { try await pool.lease() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let waiting = Task { try await pool.lease() }
        while pool.gauges.waiting == 0 { await Task.yield() }
        first.say.yield(isAlive)
        let second = try await waiting.value
        #expect((second === first) == isAlive)
        #expect(pool.statistics.closed == (isAlive ? 0 : 1))
        pool.release(second)
        #expect(pool.gauges == (open: 1, idle: 1, waiting: 0))
    }
}
