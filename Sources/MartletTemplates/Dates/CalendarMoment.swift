import FoundationEssentials
import MartletCalendar

/// An instant as calendar and clock show it in a zone.
struct CalendarMoment {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let microsecond: Int
    /// 0 is Sunday.
    let weekday: Int
    /// 1 is the first of January.
    let dayOfYear: Int
    let offset: TemplateTimeZone.Offset
    let zone: String
    /// Seconds since 1970 in UTC.
    let epoch: Int

    init(_ date: Date, in zone: TemplateTimeZone) {
        // Years 1 to 9999, as Python's calendar: a date beyond them shows its end.
        let seconds = date.timeIntervalSince1970
        let exact = seconds.isNaN ? 0 : min(max(seconds, -62_135_596_800), 253_402_300_799)
        let micros = Int((exact * 1_000_000).rounded())
        (epoch, microsecond) = floorDivision(micros, 1_000_000)
        self.zone = zone.identifier
        offset = zone.offset(at: epoch)
        let local = epoch + offset.seconds
        let (days, clock) = floorDivision(local, 86_400)
        let date = CivilDate(daysSince1970: days)
        (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60)
        (year, month, day) = (date.year, date.month, date.day)
        weekday = date.weekday
        dayOfYear = days - CivilDate.firstDay(of: year) + 1
    }

    var isLeapYear: Bool { CivilDate.isLeapYear(year) }

    var daysInMonth: Int { CivilDate.daysInMonth(month, year: year) }

    /// The year and week of ISO 8601, whose weeks begin on Monday and belong to the year of their Thursday.
    var isoWeek: (year: Int, week: Int) {
        let thursday = epochDay - (weekday + 6) % 7 + 3
        let year = CivilDate(daysSince1970: thursday).year
        return (year, (thursday - CivilDate.firstDay(of: year)) / 7 + 1)
    }

    private var epochDay: Int { floorDivision(epoch + offset.seconds, 86_400).quotient }

    /// `2026-01-31T09:05:00.000001+01:00`, as Python's `isoformat` writes it.
    func isoText(separator: String) -> String {
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let clock = "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
        let fraction = microsecond == 0 ? "" : "." + padded(microsecond, 6)
        return date + separator + clock + fraction + offsetText(separator: ":")
    }

    /// `2026-01-31T09:05:00.123Z`, as Django's JSON has an instant in UTC.
    var scriptText: String {
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let fraction = microsecond == 0 ? "" : "." + padded(microsecond / 1000, 3)
        return "\(date)T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))\(fraction)Z"
    }

    /// `+0130` or `+01:30`.
    func offsetText(separator: String) -> String {
        let minutes = abs(offset.seconds) / 60
        return (offset.seconds < 0 ? "-" : "+") + padded(minutes / 60, 2) + separator + padded(minutes % 60, 2)
    }

    /// What a template reads with a dot: `date.year`.
    func member(_ name: String) -> TemplateValue? {
        switch name {
        case "year": .int(year)
        case "month": .int(month)
        case "day": .int(day)
        case "hour": .int(hour)
        case "minute": .int(minute)
        case "second": .int(second)
        case "microsecond": .int(microsecond)
        default: nil
        }
    }
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
