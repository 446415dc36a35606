import MartletIO
import Synchronization

/// What a server has done since it was made, and how it is now: what a metric reads.
public struct ServerStatistics: Sendable, Hashable {
    /// How many connections are open that are served.
    public internal(set) var connections = 0
    /// How many connections were accepted to be served.
    public internal(set) var accepted = 0
    /// How many connections were told that there are too many.
    public internal(set) var refused = 0
    /// How many bytes have come in, without what encryption adds.
    public internal(set) var receivedBytes = 0
    /// How many bytes were sent, without what encryption adds.
    public internal(set) var sentBytes = 0

    /// What a server has done that does not exist yet.
    public init() {}
}

/// What has happened on one worker: its connections and their bytes. Only the worker counts, so it needs no more than a
/// load and a store; others only read.
final class Traffic: Sendable {
    private let accepted = Atomic<Int>(0)
    private let refused = Atomic<Int>(0)
    private let received = Atomic<Int>(0)
    private let sent = Atomic<Int>(0)

    func open(_ admission: ConnectionCount.Admission) {
        switch admission {
        case .served: accepted.store(accepted.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        case .refused: refused.store(refused.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        }
    }

    func receive(_ count: Int) {
        received.store(received.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    func send(_ count: Int) {
        sent.store(sent.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }

    /// Counts what a socket has taken.
    func sending(_ transfer: Socket.Transfer) -> Socket.Transfer {
        if case .bytes(let count) = transfer { send(count) }
        return transfer
    }

    func add(to statistics: inout ServerStatistics) {
        statistics.accepted += accepted.load(ordering: .relaxed)
        statistics.refused += refused.load(ordering: .relaxed)
        statistics.receivedBytes += received.load(ordering: .relaxed)
        statistics.sentBytes += sent.load(ordering: .relaxed)
    }
}

extension Server {
    /// What the server has done, and how it is now; what it has done stays when it has stopped.
    public var statistics: ServerStatistics {
        var statistics = ServerStatistics()
        statistics.connections = count.served
        for traffic in traffic.withLock({ $0 }) { traffic.add(to: &statistics) }
        return statistics
    }
}
