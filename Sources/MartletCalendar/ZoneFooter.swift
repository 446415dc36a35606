/// A rule for all years to come, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: [POSIX, `TZ`](https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap08.html#tag_08_03), and
/// [RFC 9636 §3.3.1](https://www.rfc-editor.org/rfc/rfc9636#section-3.3.1), which allows hours beyond a day.
struct ZoneFooter: Sendable {
    /// A day of each year and a second of it.
    private enum Day: Sendable {
        /// 1 to 365, February 29 is never counted.
        case julian(Int)
        /// 0 to 365.
        case ordinal(Int)
        /// A month, a week from 1 to 5 (the last), a weekday from 0 for Sunday.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    private struct Change: Sendable {
        let day: Day
        let second: Int

        /// When clocks change in a year, in seconds since 1970 as the clocks of the place show it.
        func local(in year: Int) -> Int {
            let first = CivilDate.firstDay(of: year)
            let day: Int
            switch self.day {
            case .julian(let number):
                day = first + number - 1 + (CivilDate.isLeapYear(year) && number > 59 ? 1 : 0)
            case .ordinal(let number):
                day = first + number
            case .weekday(let month, let week, let weekday):
                let start = CivilDate(year: year, month: month, day: 1)?.daysSince1970 ?? first
                let ahead = floorDivision(weekday - floorDivision(start + 4, 7).remainder, 7).remainder
                var number = 1 + ahead + (week - 1) * 7
                if number > CivilDate.daysInMonth(month, year: year) { number -= 7 }
                day = start + number - 1
            }
            return day * 86_400 + second
        }
    }

    private let standard: Int
    private let summer: (offset: Int, begin: Change, end: Change)?

    /// - Returns: `nil` where the text is empty or no rule.
    init?(_ text: ArraySlice<UInt8>) {
        var reader = FooterReader(bytes: text)
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        let offset = reader.peek == 0x2C ? standard + 3_600 : reader.time().map { -$0 }
        guard let offset, let begin = Self.change(&reader), let end = Self.change(&reader), reader.isAtEnd
        else { return nil }
        summer = (offset, begin, end)
    }

    /// Seconds ahead of UTC.
    func offset(at instant: Int) -> Int {
        guard let summer else { return standard }
        let year = CivilDate(daysSince1970: floorDivision(instant + standard, 86_400).quotient).year
        let begin = summer.begin.local(in: year) - standard
        let end = summer.end.local(in: year) - summer.offset
        let isSummer =
            begin < end ? instant >= begin && instant < end : !(instant >= end && instant < begin)
        return isSummer ? summer.offset : standard
    }

    private static func change(_ reader: inout FooterReader) -> Change? {
        guard reader.take(0x2C) else { return nil }
        let day: Day
        if reader.take(0x4D) {
            guard let month = reader.number(in: 1...12), reader.take(0x2E), let week = reader.number(in: 1...5),
                reader.take(0x2E), let weekday = reader.number(in: 0...6)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if reader.take(0x4A) {
            guard let number = reader.number(in: 1...365) else { return nil }
            day = .julian(number)
        } else {
            guard let number = reader.number(in: 0...365) else { return nil }
            day = .ordinal(number)
        }
        guard reader.take(0x2F) else { return Change(day: day, second: 7_200) }
        return reader.time().map { Change(day: day, second: $0) }
    }
}

/// Reads the parts of a rule.
private struct FooterReader {
    var bytes: ArraySlice<UInt8>

    var isAtEnd: Bool { bytes.isEmpty }

    var peek: UInt8? { bytes.first }

    mutating func take(_ byte: UInt8) -> Bool {
        guard bytes.first == byte else { return false }
        bytes.removeFirst()
        return true
    }

    /// `CET`, `<+03>`.
    mutating func name() -> Bool {
        if take(0x3C) {
            guard let end = bytes.firstIndex(of: 0x3E) else { return false }
            bytes = bytes[(end + 1)...]
            return true
        }
        let letters = bytes.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
        bytes = bytes[letters.endIndex...]
        return letters.count >= 3
    }

    mutating func number(in range: ClosedRange<Int>) -> Int? {
        let digits = bytes.prefix { (0x30...0x39).contains($0) }
        guard (1...3).contains(digits.count) else { return nil }
        bytes = bytes[digits.endIndex...]
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return range.contains(value) ? value : nil
    }

    /// `-1`, `5:30`, `-26:00:00`, in seconds.
    mutating func time() -> Int? {
        let sign = take(0x2D) ? -1 : (take(0x2B) ? 1 : 1)
        guard let hours = number(in: 0...167) else { return nil }
        var seconds = hours * 3_600
        if take(0x3A) {
            guard let minutes = number(in: 0...59) else { return nil }
            seconds += minutes * 60
            if take(0x3A) {
                guard let rest = number(in: 0...59) else { return nil }
                seconds += rest
            }
        }
        return sign * seconds
    }
}
