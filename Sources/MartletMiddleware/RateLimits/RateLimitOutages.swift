import MartletLogging
import Synchronization

/// Remembers that nobody can count: tells it, but not with each request, and spares the next ones the wait for a cache
/// that does not answer.
final class RateLimitOutages: Sendable {
    private static let log = Logger("martlet.request")
    /// How long nobody is asked after a failure.
    private static let rest = Duration.seconds(1)
    /// How long after it was told it is not told again.
    private static let silence = Duration.seconds(10)

    private struct State {
        var failed: ContinuousClock.Instant?
        var told: ContinuousClock.Instant?
    }

    /// Shared by all workers; held to look and to note.
    private let state = Mutex(State())

    /// Whether the last failure was a moment ago.
    func isOpen(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in state.failed.map { $0.duration(to: now) < Self.rest } ?? false }
    }

    func tell(_ scope: String, at now: ContinuousClock.Instant) {
        let isDue = state.withLock { state in
            state.failed = now
            if let told = state.told, told.duration(to: now) < Self.silence { return false }
            state.told = now
            return true
        }
        if isDue { Self.log.warning("rate_limit_unavailable", limit: scope) }
    }
}
