/// A date of the proleptic Gregorian calendar, counted from and to days since 1970-01-01.
///
/// Foundation's calendars cost microseconds for each date, and a page has hundreds. This is the one place where the
/// arithmetic is done: HTTP dates, SQL, JSON, log lines and templates all use it.
package struct CivilDate: Sendable, Hashable {
    /// The year; 0 is the one before 1.
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int

    /// Days from 0000-03-01, where the arithmetic begins its years, to 1970-01-01.
    private static let daysBeforeEpoch = 719_468

    /// The date that is so many days after 1970-01-01.
    ///
    /// Years are counted from March, so that the leap day is the last of its year, in eras of 400 years.
    package init(daysSince1970 days: Int) {
        let (era, dayOfEra) = floorDivision(days + Self.daysBeforeEpoch, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    }

    /// A date from its parts.
    ///
    /// - Returns: `nil` when there is no such day, as on February 30.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.daysInMonth(month, year: year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days from 1970-01-01; negative before it.
    package var daysSince1970: Int {
        let (era, yearOfEra) = floorDivision(month <= 2 ? year - 1 : year, 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.daysBeforeEpoch
    }

    /// January 1 of a year, in days from 1970-01-01.
    package static func firstDay(of year: Int) -> Int {
        let years = year - 1
        let leapDays =
            floorDivision(years, 4).quotient - floorDivision(years, 100).quotient
            + floorDivision(years, 400).quotient
        return years * 365 + leapDays - 719_162
    }

    /// 0 is Sunday.
    package var weekday: Int { floorDivision(daysSince1970 + 4, 7).remainder }

    /// How many days a month has.
    package static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeapYear(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Whether a year has a February 29.
    package static func isLeapYear(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

/// Divides so that the remainder is never negative, as time before 1970 needs.
package func floorDivision(_ number: Int, _ divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
