import MartletORM
import Synchronization
import Testing

/// A connection that notes whether two tasks had it at once.
private final class FakeConnection: DatabaseConnection {
    private let state = Mutex((inUse: false, usable: true, shared: false))

    var isUsable: Bool { state.withLock { $0.usable } }
    var wasShared: Bool { state.withLock { $0.shared } }

    func take() {
        state.withLock {
            $0.shared = $0.shared || $0.inUse; $0.inUse = true
        }
    }
    func put() { state.withLock { $0.inUse = false } }
    func lose() { state.withLock { $0.usable = false } }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] { [] }

    func execute(_ statement: Statement) async throws -> ExecutionResult { ExecutionResult(changedRows: 0) }

    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> { NoRows<Value>() }
}

private final class NoRows<Value: Sendable>: RowCursor {
    func next(_ count: Int) async throws -> [Value] { [] }
    func close() async {}
}

/// A list that tasks share.
private final class Shared<Item: Sendable>: Sendable {
    private let items = Mutex<[Item]>([])
    var all: [Item] { items.withLock { $0 } }

    /// - Returns: How many there are now.
    @discardableResult
    func add(_ item: Item) -> Int {
        items.withLock { items in
            items.append(item)
            return items.count
        }
    }
}

@Suite struct ConnectionPoolTests {
    private struct CannotOpen: Error {}

    private func makePool(limit: Int, timeout: Duration = .seconds(60)) -> ConnectionPool<FakeConnection> {
        ConnectionPool(name: "test", limit: limit, timeout: timeout) { FakeConnection() }
    }

    /// Yields until that many tasks wait.
    private func waiters(_ count: Int, of pool: ConnectionPool<FakeConnection>) async {
        while pool.gauges.waiting != count { await Task.yield() }
    }

    @Test func `tasks get connections in the order in which they asked`() async throws {
        let pool = makePool(limit: 1)
        let held = try await pool.lease()
        let order = Shared<Int>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let connection = try await pool.lease()
                    order.add(number)
                    pool.release(connection)
                }
                await waiters(number + 1, of: pool)
            }
            pool.release(held)
            try await group.waitForAll()
        }
        #expect(order.all == Array(0..<20))
        #expect(pool.gauges == (open: 1, idle: 1, waiting: 0))
    }

    @Test func `who waits too long is told how many wait`() async throws {
        let pool = makePool(limit: 1, timeout: .milliseconds(10))
        let held = try await pool.lease()
        let error = await #expect(throws: PoolError.self) { try await pool.lease() }
        #expect(error?.reason == .timeout(.milliseconds(10), limit: 1, waiting: 1))
        #expect(error?.description.contains("all 1 are in use and 1 wait") == true)
        pool.release(held)
        pool.release(try await pool.lease())
        #expect(pool.gauges == (open: 1, idle: 1, waiting: 0))
    }

    @Test func `a task cancelled while it waits leaves the line`() async throws {
        let pool = makePool(limit: 1)
        let held = try await pool.lease()
        let task = Task { try await pool.lease() }
        await waiters(1, of: pool)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pool.gauges == (open: 1, idle: 0, waiting: 0))
        pool.release(held)
        #expect(pool.gauges == (open: 1, idle: 1, waiting: 0))
    }

    @Test func `closing ends every wait and later leases`() async throws {
        let pool = makePool(limit: 1)
        let held = try await pool.lease()
        let task = Task { try await pool.lease() }
        await waiters(1, of: pool)
        #expect(pool.close().isEmpty)
        let error = await #expect(throws: PoolError.self) { try await task.value }
        #expect(error?.reason == .closed)
        pool.release(held)
        #expect(pool.gauges == (open: 0, idle: 0, waiting: 0))
        await #expect(throws: PoolError.self) { try await pool.lease() }
    }

    @Test func `a lost connection makes room for a new one, also for who waits`() async throws {
        let pool = makePool(limit: 1)
        let lost = try await pool.lease()
        let waiting = Task { try await pool.lease() }
        await waiters(1, of: pool)
        lost.lose()
        pool.release(lost)
        let fresh = try await waiting.value
        #expect(fresh !== lost)
        fresh.lose()
        pool.release(fresh)
        #expect(pool.gauges == (open: 0, idle: 0, waiting: 0))
    }

    @Test func `no connection is lost or shared whatever many tasks do`() async throws {
        let opened = Shared<Void>()
        let connections = Shared<FakeConnection>()
        let pool = ConnectionPool<FakeConnection>(name: "test", limit: 3, timeout: .seconds(60)) {
            if opened.add(()).isMultiple(of: 5) { throw CannotOpen() }
            await Task.yield()
            let connection = FakeConnection()
            connections.add(connection)
            return connection
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<2000 {
                group.addTask {
                    let task = Task {
                        guard let connection = try? await pool.lease() else { return }
                        connection.take()
                        for _ in 0..<(number % 5) { await Task.yield() }
                        if number.isMultiple(of: 17) { connection.lose() }
                        connection.put()
                        pool.release(connection)
                    }
                    if number.isMultiple(of: 3) {
                        for _ in 0..<(number % 7) { await Task.yield() }
                        task.cancel()
                    }
                    await task.value
                }
            }
        }
        #expect(connections.all.allSatisfy { !$0.wasShared })
        let gauges = pool.gauges
        #expect(gauges.waiting == 0)
        #expect(gauges.open == gauges.idle && gauges.open <= 3)
    }
}
