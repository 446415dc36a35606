import FoundationEssentials
import MartletCalendar
import MartletValues

extension TemplateLibrary {
    /// Filters that write dates.
    mutating func addDateFilters() {
        filter("date") { value, call in formatted(value, call, otherwise: "DATE_FORMAT") }
        filter("time") { value, call in formatted(value, call, otherwise: "TIME_FORMAT") }
        filter("timesince") { value, call in .string(age(value, call, isUntil: false)) }
        filter("timeuntil") { value, call in .string(age(value, call, isUntil: true)) }
    }
}

/// The date in words; empty for what is none, as in Django.
private func formatted(_ value: TemplateValue, _ call: FilterCall, otherwise format: String) -> TemplateValue {
    let moment: CalendarMoment
    switch value {
    case .date(let date): moment = CalendarMoment(date, in: call.services.timeZone)
    case .day(let day): moment = CalendarMoment(day)
    case .time(let time): moment = CalendarMoment(time)
    default: return .string("")
    }
    return .string(DateFormat(call.text.isEmpty ? format : call.text).text(of: moment))
}

private func age(_ value: TemplateValue, _ call: FilterCall, isUntil: Bool) -> String {
    let zone = call.services.timeZone
    guard let date = instant(value, zone) else { return "" }
    let other = call.argument.flatMap { instant($0, zone) } ?? call.services.now()
    let (start, end) = isUntil ? (other, date) : (date, other)
    return timeBetween(CalendarMoment(start, in: zone), CalendarMoment(end, in: zone))
}

/// A moment, or the beginning of a day in the time zone, as Django's `timesince` takes a date.
private func instant(_ value: TemplateValue, _ zone: TemplateTimeZone) -> Date? {
    switch value {
    case .date(let date): return date
    case .day(let day):
        let start = day.startInUTC
        return start.addingTimeInterval(-Double(zone.offset(at: Int(start.timeIntervalSince1970)).seconds))
    default: return nil
    }
}

/// The time between two moments in its two largest neighbouring units: `2 years, 1 month`.
///
/// Source: [timesince](https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#timesince).
private func timeBetween(_ start: CalendarMoment, _ end: CalendarMoment) -> String {
    let nothing = "0\u{A0}minutes"
    guard end.epoch > start.epoch else { return nothing }
    var months = (end.year - start.year) * 12 + end.month - start.month
    let startClock = (start.day, start.hour, start.minute, start.second, start.microsecond)
    if startClock > (end.day, end.hour, end.minute, end.second, end.microsecond) { months -= 1 }
    // What the whole months leave is measured from the same day of the last of them.
    var rest = end.epoch - start.epoch
    if months > 0 {
        let month = start.year * 12 + start.month - 1 + months
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let pivotDay = min(lengths[month % 12], start.day)
        let date = CivilDate(year: month / 12, month: month % 12 + 1, day: pivotDay)
        let pivot =
            (date?.daysSince1970 ?? 0) * 86_400 + start.hour * 3600 + start.minute * 60 + start.second
            - start.offset.seconds
        rest = max(0, end.epoch - pivot)
    }
    months = max(0, months)
    let amounts = [
        (months / 12, "year"), (months % 12, "month"), (rest / 604_800, "week"), (rest / 86_400 % 7, "day"),
        (rest / 3600 % 24, "hour"), (rest / 60 % 60, "minute"),
    ]
    let parts = amounts.drop { $0.0 == 0 }.prefix(2).prefix { $0.0 != 0 }
    if parts.isEmpty { return nothing }
    return parts.map { "\($0.0)\u{A0}\($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
}
