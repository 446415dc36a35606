import FoundationEssentials
import MartletValues
import Testing

@Suite struct CalendarTests {
    static let days: [(String, Int)] = [
        ("0001-01-01", -719_162), ("1969-12-31", -1), ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-01-31", 20_484),
        ("9999-12-31", 2_932_896),
    ]

    @Test(arguments: days)
    func `a day is read and written, and counted from 1970`(_ text: String, _ number: Int) throws {
        let day = try #require(CalendarDate(text))
        #expect(day.description == text && day.daysSince1970 == Int32(number))
        #expect(CalendarDate(daysSince1970: number) == day)
        #expect(CalendarDate(day.startInUTC) == day)
        #expect(CalendarDate(day.startInUTC.addingTimeInterval(86_399.9)) == day)
        #expect(CalendarDate(year: day.year, month: day.month, day: day.day) == day)
    }

    @Test(arguments: [
        "", "2026-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "0000-01-01", "10000-01-01", "2026-1-1",
        "2026-01-31 ",
        " 2026-01-31", "2026-01-31T00:00", "20260131", "2026-01-31\0", "２０２６-01-31", "+026-01-31",
    ])
    func `what is no day is refused`(_ text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func `days are added to the ends of the calendar, and not beyond`() throws {
        let day = try #require(CalendarDate("2024-02-28"))
        #expect(day.adding(days: 1)?.description == "2024-02-29" && day.adding(days: 366)?.description == "2025-02-28")
        #expect(CalendarDate.last.adding(days: 1) == nil && CalendarDate.first.adding(days: -1) == nil)
        #expect(day.adding(days: .max) == nil && day.adding(days: .min) == nil)
        #expect(CalendarDate.first.days(to: .last) == 3_652_058 && CalendarDate.first < day)
        #expect(day.weekday == 3)
    }

    @Test func `the day of a moment is that of its time zone`() {
        let moment = Date(timeIntervalSince1970: 1_700_000_000)  // 2023-11-14 22:13:20 in UTC
        #expect(CalendarDate(moment).description == "2023-11-14")
        #expect(CalendarDate(moment, secondsFromGMT: 7_200).description == "2023-11-15")
        #expect(TimeOfDay(moment).description == "22:13:20")
        #expect(TimeOfDay(moment, secondsFromGMT: -80_000 - 1).description == "23:59:59")
        #expect(CalendarDate(Date(timeIntervalSince1970: .nan)) == .first)
        #expect(CalendarDate(Date(timeIntervalSince1970: .infinity)) == .last)
    }

    static let times: [(String, String, Int64)] = [
        ("00:00", "00:00:00", 0), ("09:05", "09:05:00", 32_700_000_000), ("09:05:01", "09:05:01", 32_701_000_000),
        ("09:05:01.25", "09:05:01.250000", 32_701_250_000), ("23:59:59.999999", "23:59:59.999999", 86_399_999_999),
        ("00:00:00.0000019", "00:00:00.000001", 1),
    ]

    @Test(arguments: times)
    func `a time of day is read and written`(_ text: String, _ written: String, _ microseconds: Int64) throws {
        let time = try #require(TimeOfDay(text))
        #expect(time.description == written && time.microseconds == microseconds)
        #expect(TimeOfDay(microseconds: microseconds) == time && time.sinceMidnight == .microseconds(microseconds))
        #expect(
            TimeOfDay(hour: time.hour, minute: time.minute, second: time.second, microsecond: time.microsecond) == time)
    }

    @Test(arguments: [
        "", "24:00", "9:05", "09:60", "09:05:60", "09:05:", "09:05:01.", "09:05:01.x", "09:05Z", "-1:00", "09:05:01,5",
        "09:05\0",
    ])
    func `what is no time of day is refused`(_ text: String) {
        #expect(TimeOfDay(text) == nil)
        #expect(TimeOfDay(microseconds: -1) == nil && TimeOfDay(microseconds: 86_400_000_000) == nil)
    }
}
