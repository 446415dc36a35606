import Glibc

/// A point on the monotonic clock, in nanoseconds; cheap to compare and to store.
public struct Moment: Sendable, Hashable, Comparable {
    /// Nanoseconds since an arbitrary start; never goes backwards.
    public let nanoseconds: UInt64

    init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// A moment that never comes.
    public static let distantFuture = Moment(nanoseconds: .max)

    /// The present, read from the clock; on a worker ``Worker/now`` costs nothing.
    public static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// Whether `left` is earlier.
    public static func < (left: Moment, right: Moment) -> Bool { left.nanoseconds < right.nanoseconds }

    /// A later moment; a duration too long to count ends at ``distantFuture``, a negative one adds nothing.
    public static func + (moment: Moment, delay: Duration) -> Moment {
        moment + delay.wholeNanoseconds
    }

    /// A moment so many nanoseconds later, or ``distantFuture``.
    package static func + (moment: Moment, nanoseconds: UInt64) -> Moment {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .distantFuture : Moment(nanoseconds: sum)
    }
}

extension Duration {
    /// The duration in nanoseconds, between 0 and the largest number.
    package var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .max }
        let (sum, carried) = product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return carried ? .max : sum
    }
}
