import FoundationEssentials
import MartletValues

/// Moments as PostgreSQL's binary form has them: microseconds from 2000-01-01 in UTC.
enum BinaryTimestamp {
    /// From 1970-01-01 to 2000-01-01.
    private static let epoch: Int64 = 946_684_800_000_000

    /// The microseconds of a moment, rounded; a moment beyond PostgreSQL's range becomes one of its infinities.
    static func microseconds(of date: Date) -> Int64 {
        let total = (date.timeIntervalSince1970 * 1_000_000).rounded()
        guard let exact = Int64(exactly: total) else { return total < 0 ? .min : .max }
        let (microseconds, overflow) = exact.subtractingReportingOverflow(epoch)
        return overflow ? .min : microseconds
    }

    /// From 1970-01-01 to 2000-01-01.
    private static let epochDay = 10_957

    /// The days of a day.
    static func days(of day: CalendarDate) -> Int32 { Int32(Int(day.daysSince1970) - epochDay) }

    /// The day; `nil` for the infinities, and for a day outside of the years 1 to 9999.
    static func day(_ days: Int32) -> CalendarDate? { CalendarDate(daysSince1970: Int(days) + epochDay) }

    /// The moment; `nil` for the infinities, which are no moments.
    static func date(microseconds: Int64) -> Date? {
        guard microseconds != .min, microseconds != .max else { return nil }
        let (exact, overflow) = microseconds.addingReportingOverflow(epoch)
        guard !overflow else { return nil }
        // As the ORM cuts moments to microseconds, so that a stored one equals the one it was stored from.
        return Date(timeIntervalSince1970: Double(exact) / 1_000_000)
    }
}
