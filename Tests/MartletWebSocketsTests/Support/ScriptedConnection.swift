import MartletHTTP
import Synchronization

/// A connection whose events a test makes, one by one, and that keeps what is written to it.
final class ScriptedConnection: UpgradedConnection {
    private let events: AsyncStream<UpgradedConnectionEvent>
    private let continuation: AsyncStream<UpgradedConnectionEvent>.Continuation
    private let written: AsyncStream<[UInt8]>
    private let writing: AsyncStream<[UInt8]>.Continuation
    /// The times that were set, in order.
    let times = Mutex<[Duration?]>([])

    init() {
        (events, continuation) = AsyncStream.makeStream(of: UpgradedConnectionEvent.self)
        (written, writing) = AsyncStream.makeStream(of: [UInt8].self)
    }

    /// Lets something happen.
    func happen(_ event: UpgradedConnectionEvent) { continuation.yield(event) }

    /// The next frame that is written.
    func frame() async -> [UInt8]? { await written.first { _ in true } }

    func next(reading: Bool) async -> UpgradedConnectionEvent {
        // Without regard to cancellation, as the real one.
        await Task { [events] in await events.first { _ in true } ?? .end }.value
    }

    func write(_ head: [UInt8], _ body: [UInt8], isLast: Bool) async throws { writing.yield(head + body) }

    func arm(after delay: Duration?) async { times.withLock { $0.append(delay) } }

    func wake() { continuation.yield(.woken) }
}
