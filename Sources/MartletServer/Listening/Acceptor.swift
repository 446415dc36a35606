import MartletIO

/// Accepts the connections of one listening socket on one worker.
///
/// Several workers, and other processes, may accept from the same socket: who comes first gets the connection, and the
/// others find nothing. Used on its worker only.
final class Acceptor {
    /// What has become of an attempt to accept.
    enum Outcome {
        /// Nothing waits any longer.
        case drained
        /// There may be more.
        case more
        /// The system or a limit allows no further connection.
        case exhausted
    }

    private let descriptor: Int32
    private unowned let listener: Listener
    private let readiness: Readiness
    private var hasEnded = false

    /// How many connections are accepted before those that are open get their turn.
    private static let acceptedPerTurn = 64

    /// How long to wait, in nanoseconds, when the system or the limit allows no further connection.
    private static let pause: UInt64 = 50_000_000

    init(_ descriptor: Int32, _ listener: Listener) throws {
        self.descriptor = descriptor
        self.listener = listener
        readiness = try listener.worker.readiness(of: descriptor)
    }

    /// Accepts until ``end()``.
    nonisolated(nonsending) func run() async {
        let pause = Deadline(on: listener.worker) { [readiness] in readiness.interrupt(.expired) }
        while !hasEnded {
            switch acceptSome() {
            case .drained:
                // A Unix socket that was told to refuse: nothing more can come.
                if readiness.isPeerClosed { end() }
                readiness.drained()
            case .more:
                await Task.yield()
            case .exhausted:
                // Asked again after a moment: what was missing may have been given back.
                readiness.drained()
                pause.arm(listener.worker.now + Self.pause)
            }
            if await readiness.readable() == .ended { return }
            pause.disarm()
            readiness.poke()
        }
    }

    private func acceptSome() -> Outcome {
        for _ in 0..<Self.acceptedPerTurn {
            let outcome = listener.accept(from: descriptor)
            if outcome != .more { return outcome }
        }
        return .more
    }

    /// Takes everything that waits, as far as that is allowed.
    func acceptAll() {
        while !hasEnded, acceptSome() == .more {}
    }

    /// Accepts no more. The descriptor stays open: others may accept from it, or it is closed with the rest.
    func end() {
        hasEnded = true
        readiness.end()
    }
}
