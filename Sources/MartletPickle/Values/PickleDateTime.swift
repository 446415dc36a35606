public import FoundationEssentials
import MartletCalendar
import MartletJSON

/// A `datetime.datetime` of Python: date, time, and the distance from UTC where it is known.
public struct PickleDateTime: Sendable, Hashable {
    /// 1 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int
    /// 0 to 999 999.
    public let microsecond: Int
    /// Seconds east of UTC, less than a day; `nil` for what Python calls naive.
    public let utcOffset: Int?
    /// Whether it is the second of two times that a clock shows twice when it is put back.
    public let isFold: Bool

    /// Makes a date and time; `nil` where the calendar has none such.
    public init?(
        year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0,
        utcOffset: Int? = nil, isFold: Bool = false
    ) {
        guard (1...9_999).contains(year), (1...12).contains(month),
            (1...CivilDate.daysInMonth(month, year: year)).contains(day), (0..<24).contains(hour),
            (0..<60).contains(minute), (0..<60).contains(second), (0..<1_000_000).contains(microsecond),
            abs(utcOffset ?? 0) < 86_400
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.utcOffset = utcOffset
        self.isFold = isFold
    }
}

extension PickleDateTime {
    /// The date and time of a moment in UTC, to the microsecond; `nil` outside the years 1 to 9999.
    public init?(_ date: Date) {
        guard let time = CalendarTime(date) else { return nil }
        self.init(
            year: time.year, month: time.month, day: time.day, hour: time.hour, minute: time.minute,
            second: time.second, microsecond: time.microsecond, utcOffset: 0)
    }

    /// The moment; where the distance from UTC is not known, it is taken for none.
    public var date: Date {
        let days = CivilDate(year: year, month: month, day: day)?.daysSince1970 ?? 0
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - (utcOffset ?? 0)
        return CalendarTime(microsecondsSince1970: seconds * 1_000_000 + microsecond).date
    }

    /// The ten bytes that `datetime.__reduce_ex__` hands to its class.
    ///
    /// Source: CPython, `Lib/_pydatetime.py`, `datetime._getstate`.
    var state: [UInt8] {
        [
            UInt8(year >> 8), UInt8(year & 0xFF), UInt8(month) | (isFold ? 0x80 : 0), UInt8(day), UInt8(hour),
            UInt8(minute), UInt8(second), UInt8(microsecond >> 16), UInt8(microsecond >> 8 & 0xFF),
            UInt8(microsecond & 0xFF),
        ]
    }

    /// The date and time of ``state``; `nil` where the calendar has none such.
    init?(state: [UInt8], utcOffset: Int?) {
        guard state.count == 10 else { return nil }
        let parts = state.map(Int.init)
        self.init(
            year: parts[0] << 8 | parts[1], month: parts[2] & 0x7F, day: parts[3], hour: parts[4], minute: parts[5],
            second: parts[6], microsecond: parts[7] << 16 | parts[8] << 8 | parts[9], utcOffset: utcOffset,
            isFold: parts[2] & 0x80 != 0)
    }
}
