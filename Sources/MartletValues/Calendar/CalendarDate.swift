public import FoundationEssentials
import MartletCalendar

/// A day of the Gregorian calendar, without a time and a time zone: a birthday, a deadline.
///
/// ```swift
/// let birthday = CalendarDate("1990-02-28")
/// let nextDay = birthday?.adding(days: 1)
/// ```
///
/// The years 1 to 9999 exist, as in Python's `date`.
public struct CalendarDate: Sendable, Hashable, Comparable, LosslessStringConvertible {
    /// Days from 1970-01-01; negative before it.
    package let daysSince1970: Int32

    private static let range: ClosedRange<Int> = -719_162...2_932_896

    /// The first day there is: January 1 of the year 1.
    public static let first = CalendarDate(unchecked: range.lowerBound)

    /// The last day there is: December 31 of the year 9999.
    public static let last = CalendarDate(unchecked: range.upperBound)

    private init(unchecked days: Int) {
        daysSince1970 = Int32(truncatingIfNeeded: days)
    }

    /// The day that is so many days after 1970-01-01.
    ///
    /// - Returns: `nil` outside the years 1 to 9999.
    package init?(daysSince1970 days: Int) {
        guard Self.range.contains(days) else { return nil }
        self.init(unchecked: days)
    }

    /// A day from its parts.
    ///
    /// - Returns: `nil` when there is no such day, as on February 30, and outside the years 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), let date = CivilDate(year: year, month: month, day: day) else { return nil }
        self.init(unchecked: date.daysSince1970)
    }

    /// The day on which a moment falls.
    ///
    /// - Parameter secondsFromGMT: The offset of the time zone in force at that moment; UTC unless told.
    public init(_ moment: Date, secondsFromGMT: Int = 0) {
        let seconds = moment.timeIntervalSince1970 + Double(secondsFromGMT)
        let days = (seconds / 86_400).rounded(.down)
        // A moment that is no number, or outside of the years there are, is put at their edge, as `DateTimeText` does.
        let bounded = days.isNaN ? Double(Self.range.lowerBound) : days
        self.init(
            unchecked: Int(min(max(bounded, Double(Self.range.lowerBound)), Double(Self.range.upperBound))))
    }

    /// Today in UTC.
    public static var today: CalendarDate { CalendarDate(.now) }

    private var civil: CivilDate { CivilDate(daysSince1970: Int(daysSince1970)) }

    /// The year, 1 to 9999.
    public var year: Int { civil.year }

    /// The month, 1 to 12.
    public var month: Int { civil.month }

    /// The day of the month, 1 to 31.
    public var day: Int { civil.day }

    /// The day of the week; 0 is Sunday.
    public var weekday: Int { civil.weekday }

    /// The day that is so many days later, or earlier.
    ///
    /// - Returns: `nil` outside the years 1 to 9999.
    public func adding(days: Int) -> CalendarDate? {
        let (sum, overflow) = Int(daysSince1970).addingReportingOverflow(days)
        return overflow ? nil : CalendarDate(daysSince1970: sum)
    }

    /// How many days it is from this day to another.
    public func days(to other: CalendarDate) -> Int { Int(other.daysSince1970) - Int(daysSince1970) }

    /// The moment at which the day begins in UTC.
    public var startInUTC: Date { Date(timeIntervalSince1970: Double(daysSince1970) * 86_400) }

    /// The order of time.
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

extension CalendarDate {
    /// Reads `2026-01-31`.
    ///
    /// - Returns: `nil` for any other form and for a day that does not exist.
    public init?(_ text: String) {
        var text = text
        guard let date = text.withUTF8({ CalendarDate(text: $0) }) else { return nil }
        self = date
    }

    /// Reads the ten bytes of `2026-01-31`.
    package init?(text: UnsafeBufferPointer<UInt8>) {
        var reader = DigitReader(text)
        guard let year = reader.number(digits: 4), reader.take(0x2D), let month = reader.number(digits: 2),
            reader.take(0x2D), let day = reader.number(digits: 2), reader.isAtEnd
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// `2026-01-31`.
    public var description: String {
        let civil = civil
        return String(unsafeUninitializedCapacity: 10) { buffer in
            DigitWriter.write(civil.year / 100, to: buffer, at: 0)
            DigitWriter.write(civil.year % 100, to: buffer, at: 2)
            buffer[4] = 0x2D
            DigitWriter.write(civil.month, to: buffer, at: 5)
            buffer[7] = 0x2D
            DigitWriter.write(civil.day, to: buffer, at: 8)
            return 10
        }
    }
}

extension CalendarDate: Codable {
    /// Reads `2026-01-31`.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let date = CalendarDate(text) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(text.prefix(60))' is no day such as 2026-01-31"))
        }
        self = date
    }

    /// Writes `2026-01-31`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
