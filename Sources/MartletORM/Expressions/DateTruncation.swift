public import FoundationEssentials

/// What a moment can be cut to.
public enum DateUnit: String, Sendable, Hashable {
    /// January 1, 00:00.
    case year
    /// The first day of the quarter, 00:00.
    case quarter
    /// The first day of the month, 00:00.
    case month
    /// Monday, 00:00.
    case week
    /// 00:00.
    case day
    /// The full hour.
    case hour
    /// The full minute.
    case minute
    /// The full second.
    case second
}

extension Expr where V: DateTimeValue {
    /// The moment, cut to the beginning of its year, month, day, … by the clocks of a zone.
    ///
    /// ```swift
    /// .values { $0.createdAt.truncated(to: .month, in: "Europe/Berlin") }
    /// ```
    ///
    /// Where clocks skip the beginning of a day, the moment is the one when they go on; where they show it twice, the
    /// second. Hours, minutes and seconds are cut without regard to such changes.
    ///
    /// Source: [Django, `Trunc`](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#trunc).
    public func truncated(to unit: DateUnit, in zone: TimeZoneName = .utc) -> Expr {
        let name = SQLFunction("'\(unit.rawValue)'") { _ in "'\(unit.rawValue)'" }
        return Expr(.call(.truncatedMoment, [.call(name, []), sql, zone.sql]))
    }
}

/// The moment a time after another.
public func + <V: DateTimeValue>(left: Expr<V>, right: Duration) -> Expr<V> {
    Expr(.call(.addedTime, [left.sql, .typed(.integer(right.microseconds))]))
}

/// The moment a time before another.
public func - <V: DateTimeValue>(left: Expr<V>, right: Duration) -> Expr<V> {
    Expr(.call(.addedTime, [left.sql, .typed(.integer(-right.microseconds))]))
}

/// The moment at which the statement runs, by the database's clock.
///
/// ```swift
/// .filter { $0.publishedOn < now() }
/// ```
public func now() -> Expr<Date> { Expr<Date>(.call(.now, [])) }

extension Duration {
    /// Whole microseconds, as databases count; a duration longer than 292,000 years is cut to that.
    fileprivate var microseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, exceeds) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard !overflows, !exceeds else { return seconds < 0 ? -.max : .max }
        return max(sum, -.max)
    }
}

extension SQLFunction {
    static let truncatedMoment = SQLFunction("truncated moment")
    /// From a moment and microseconds.
    static let addedTime = SQLFunction("added time")
    static let now = SQLFunction("now")
}
