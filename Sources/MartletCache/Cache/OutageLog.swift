internal import MartletLogging
internal import Synchronization

/// Tells that a cache is down, but not with every request.
final class OutageLog: Sendable {
    private static let log = Logger("martlet.cache")
    private static let pause = Duration.seconds(10)

    private struct State {
        var lastTold: ContinuousClock.Instant?
        var untold = 0
    }

    /// Shared by all tasks; held to count.
    private let state = Mutex(State())

    /// Tells of a command that failed, or counts it where one was told of a moment ago.
    func failed(_ command: String, _ error: CacheError) {
        let now = ContinuousClock.now
        let untold = state.withLock { state -> Int? in
            if let last = state.lastTold, last.duration(to: now) < Self.pause {
                state.untold += 1
                return nil
            }
            state.lastTold = now
            defer { state.untold = 0 }
            return state.untold
        }
        guard let untold else { return }
        if case .tooLarge = error {
            Self.log.warning("cache_value_too_large", command: command, error: error.description, untold: untold)
        } else {
            Self.log.error("cache_unavailable", command: command, error: error.description, untold: untold)
        }
    }

    /// Tells of a value that an older release, or a Django, has left.
    func unreadable(_ key: String, _ reason: String) {
        Self.log.info("cache_value_unreadable", key: key, reason: reason)
    }

    /// Tells of a value that is out of date and could not be made anew.
    func notRefreshed(_ key: String, _ reason: String) {
        Self.log.error("cache_refresh_failed", key: key, error: reason)
    }
}
