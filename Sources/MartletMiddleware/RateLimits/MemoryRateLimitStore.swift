import Synchronization

/// Counts requests in this process alone: a site of several processes lets each of them have its share.
///
/// There is room for so many keys. When more come, those go that were not seen for longest, so that a flood of addresses
/// costs no more memory; whoever floods can make others' counts begin anew.
public final class MemoryRateLimitStore: RateLimitStore {
    private struct State {
        var recent: [String: RateLimitCount] = [:]
        /// Those that were recent before `recent` was full.
        var older: [String: RateLimitCount] = [:]
    }

    /// Shared by all workers; held to count.
    private let state = Mutex(State())

    private let half: Int

    /// Makes a store.
    ///
    /// - Parameter maximumKeys: How many keys are counted at once; 100,000 unless told, some 15 MB.
    public init(maximumKeys: Int = 100_000) {
        half = max(1, maximumKeys / 2)
    }

    /// How many keys there are.
    public var keyCount: Int { state.withLock { $0.recent.count + $0.older.count } }

    /// Counts a request.
    public func count(_ key: String, for period: Rate.Period, now: Duration) async -> RateLimitCount? {
        state.withLock { state in
            let last = state.recent[key] ?? state.older.removeValue(forKey: key)
            let count =
                if let last, now < last.end {
                    RateLimitCount(requests: last.requests + 1, end: last.end)
                } else {
                    RateLimitCount(requests: 1, end: now + .seconds(period.seconds))
                }
            if state.recent.count >= half, state.recent[key] == nil {
                state.older = state.recent
                state.recent = [:]
            }
            state.recent[key] = count
            return count
        }
    }
}
