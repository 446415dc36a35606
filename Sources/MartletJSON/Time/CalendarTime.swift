package import FoundationEssentials
import MartletCalendar

/// A moment as year, month, day and so on in UTC, to the microsecond: what ISO 8601 writes.
///
/// Foundation's formatters cost microseconds for each date; a page of JSON has hundreds.
package struct CalendarTime: Sendable, Hashable {
    package var year: Int
    package var month: Int
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    package var microsecond: Int

    /// Splits a moment.
    ///
    /// - Returns: `nil` outside the years 1 to 9999, which ISO 8601 and Python's `datetime` cannot write.
    package init?(_ date: Date) {
        let seconds = date.timeIntervalSince1970
        guard seconds >= -62_135_596_800, seconds < 253_402_300_800 else { return nil }
        // Rounded from Foundation's own epoch, so that a date made from whole microseconds gives them back.
        let fromReference = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        self.init(microsecondsSince1970: Int(fromReference) + 978_307_200_000_000)
    }

    /// Splits microseconds since 1970-01-01.
    package init(microsecondsSince1970 microseconds: Int) {
        let (seconds, microsecond) = floorDivision(microseconds, 1_000_000)
        let (days, secondOfDay) = floorDivision(seconds, 86_400)
        let civil = CivilDate(daysSince1970: days)
        (year, month, day) = (civil.year, civil.month, civil.day)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        self.microsecond = microsecond
    }

    /// Microseconds since 1970-01-01; the parts are a date that exists.
    package var microsecondsSince1970: Int {
        let days = CivilDate(year: year, month: month, day: day)?.daysSince1970 ?? 0
        return (days * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000_000 + microsecond
    }

    /// The moment as Foundation has it.
    package var date: Date {
        Date(timeIntervalSinceReferenceDate: Double(microsecondsSince1970 - 978_307_200_000_000) / 1_000_000)
    }
}
