import Glibc
import MartletHTTP
import Synchronization

/// A file whose being there switches something on, looked for now and then.
final class MaintenanceFile: Sendable {
    private struct State {
        var isThere: Bool
        /// When to look again.
        var next: ContinuousClock.Instant
    }

    private let interval: Duration
    private let now: @Sendable () -> ContinuousClock.Instant
    private let look: @Sendable () async throws -> Bool
    /// Shared by all requests; held to read and write two values, never during a look.
    private let state: Mutex<State>

    /// Makes a switch, and looks for the file at once.
    ///
    /// - Parameters:
    ///   - interval: How long what was seen counts.
    ///   - now: The clock.
    convenience init(
        path: String, interval: Duration = .seconds(1),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        // The disk may be slow, and a worker must not wait for it.
        self.init(isThere: access(path, F_OK) == 0, interval: interval, now: now) {
            try await OpenFile.away { access(path, F_OK) == 0 }
        }
    }

    init(
        isThere: Bool, interval: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant,
        look: @escaping @Sendable () async throws -> Bool
    ) {
        state = Mutex(State(isThere: isThere, next: now() + interval))
        self.interval = interval
        self.now = now
        self.look = look
    }

    /// Whether the file was there when it was last looked for; one request looks, and the others go by what was seen.
    nonisolated(nonsending) func isThere() async -> Bool {
        let now = now()
        let (known, isDue) = state.withLock { state in
            let isDue = state.next <= now
            if isDue { state.next = now + interval }
            return (state.isThere, isDue)
        }
        guard isDue else { return known }
        // A look that fails says nothing new.
        let isThere = (try? await look()) ?? known
        state.withLock { $0.isThere = isThere }
        return isThere
    }
}
