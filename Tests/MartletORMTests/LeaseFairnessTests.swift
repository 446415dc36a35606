import MartletORM
import Synchronization
import Testing

/// A connection that is good for nothing but to be lent.
private final class LentConnection: DatabaseConnection {
    var isUsable: Bool { true }

    func rows<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] { [] }

    func execute(_ statement: Statement) async throws -> ExecutionResult { ExecutionResult(changedRows: 0) }

    func cursor<Value: Sendable>(
        _ statement: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> any RowCursor<Value> { throw CancellationError() }
}

/// Who is served first: whoever asks from where a connection is at home, but not for ever.
@Suite(.timeLimit(.minutes(1))) struct LeaseFairnessTests {
    /// A place that connections can be at home.
    private final class Place: Sendable {}

    private final class Order: Sendable {
        private let numbers = Mutex<[Int]>([])
        var all: [Int] { numbers.withLock { $0 } }
        func add(_ number: Int) { numbers.withLock { $0.append(number) } }
    }

    /// Lets tasks wait for one connection, in their order, and gives back the order in which they got it.
    ///
    /// - Parameter line: Whether each of them asks from the connection's home.
    private func served(_ line: [Bool], hasHome: Bool = true) async throws -> [Int] {
        let (home, elsewhere) = (Place(), Place())
        let queue = LeaseQueue(PoolSettings(name: "test", limit: 1, timeout: .seconds(600))) { LentConnection() }
        let first = try await queue.lease(near: ObjectIdentifier(home))
        let order = Order()
        let returnsTo = hasHome ? ObjectIdentifier(home) : nil
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (number, isAtHome) in line.enumerated() {
                group.addTask {
                    let connection = try await queue.lease(near: ObjectIdentifier(isAtHome ? home : elsewhere))
                    order.add(number)
                    queue.release(connection, home: returnsTo)
                }
                while queue.gauges.waiting != number + 1 { await Task.yield() }
            }
            #expect(queue.gauges == (open: 1, idle: 0, waiting: line.count))
            #expect(queue.statistics.waiting == line.count && queue.statistics.used == 1)
            queue.release(first, home: returnsTo)
            try await group.waitForAll()
        }
        #expect(queue.gauges == (open: 1, idle: 1, waiting: 0))
        #expect(queue.statistics.waits.count == line.count)
        withExtendedLifetime((home, elsewhere)) {}
        return order.all
    }

    @Test func `sixteen that ask from the connection's home pass the first in line, and then it is its turn`()
        async throws
    {
        // The stranger is number 0.
        let order = try await served([false] + Array(repeating: true, count: 20))
        #expect(order == Array(1...16) + [0] + Array(17...20))
    }

    @Test func `each stranger is passed by sixteen at most`() async throws {
        let order = try await served([false, false] + Array(repeating: true, count: 40))
        #expect(order == Array(2...17) + [0] + Array(18...33) + [1] + Array(34...41))
    }

    @Test func `those of one place are served in their order, and so are all without a home`() async throws {
        #expect(try await served(Array(repeating: true, count: 40)) == Array(0..<40))
        let mixed = (0..<40).map { !$0.isMultiple(of: 3) }
        #expect(try await served(mixed, hasHome: false) == Array(0..<40))
        #expect(try await served(Array(repeating: false, count: 40)) == Array(0..<40))
    }
}
