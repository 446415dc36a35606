import Dispatch
import Glibc

/// Where the time comes from, and who calls back later: the system, or a ``ManualTime`` that a test moves.
///
/// The one seam for time in what limits, counts and waits.
public struct TimeSource: Sendable {
    /// The present.
    public let now: @Sendable () -> ContinuousClock.Instant

    /// Calls an operation once, at a moment or soon after it, on a thread of its own choice.
    package let call: @Sendable (_ moment: ContinuousClock.Instant, _ operation: @escaping @Sendable () -> Void) -> Void

    /// The time since 1970-01-01 UTC, which is the same on all machines, more or less.
    public let sinceEpoch: @Sendable () -> Duration

    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        sinceEpoch: @escaping @Sendable () -> Duration,
        call: @escaping @Sendable (ContinuousClock.Instant, @escaping @Sendable () -> Void) -> Void
    ) {
        self.now = now
        self.sinceEpoch = sinceEpoch
        self.call = call
    }

    /// The system's clock, which goes on while the machine sleeps.
    public static let system = TimeSource(now: { .now }, sinceEpoch: wallTime) { moment, operation in
        let delay = ContinuousClock.now.duration(to: moment)
        // A year is beyond every limit that is meant, and no more nanoseconds than Dispatch counts.
        let nanoseconds = min(max(delay, .zero), .seconds(31_536_000)) / .nanoseconds(1)
        DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds)), execute: operation)
    }

    private static let wallTime: @Sendable () -> Duration = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
