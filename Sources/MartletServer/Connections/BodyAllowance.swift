package import MartletIO

/// How long may still be waited for a body.
///
/// Waiting uses the time up, and each byte gives a piece of it back, so that a body that comes at the lowest rate or
/// faster never runs out of it, one that stands still does so after the whole time, and one that drips does so a little
/// later. What came fast before saves nothing up beyond the whole time: a client cannot buy itself a day of dripping
/// with a megabyte.
package struct BodyAllowance {
    /// What is left, in nanoseconds.
    package private(set) var left: UInt64

    private let whole: UInt64
    private let rate: UInt64

    /// Makes an allowance.
    ///
    /// - Parameters:
    ///   - whole: The time to begin with, in nanoseconds, which is also the most there ever is.
    ///   - bytesPerSecond: The lowest rate; at 0 any byte gives the whole time back.
    package init(_ whole: UInt64, bytesPerSecond: Int) {
        self.whole = whole
        left = whole
        rate = UInt64(max(bytesPerSecond, 0))
    }

    /// Takes off the time between two moments in which somebody waited.
    package mutating func wait(from start: Moment, to end: Moment) {
        let waited = end < start ? 0 : end.nanoseconds - start.nanoseconds
        left -= min(left, waited)
    }

    /// Gives back what so many bytes are worth.
    package mutating func receive(_ count: Int) {
        guard count > 0 else { return }
        let worth = UInt64(count).multipliedReportingOverflow(by: 1_000_000_000)
        guard rate > 0, !worth.overflow else {
            left = whole
            return
        }
        let (sum, overflow) = left.addingReportingOverflow(worth.partialValue / rate)
        left = overflow ? whole : min(whole, sum)
    }
}
