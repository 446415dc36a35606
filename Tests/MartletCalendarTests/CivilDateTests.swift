import MartletCalendar
import Testing

@Suite struct CivilDateTests {
    @Test(arguments: [
        (0, 1970, 1, 1, 4), (-1, 1969, 12, 31, 3), (11_016, 2000, 2, 29, 2), (19_782, 2024, 2, 29, 4),
        (-719_162, 1, 1, 1, 1), (2_932_896, 9999, 12, 31, 5), (-719_528, 0, 1, 1, 6), (20_778, 2026, 11, 21, 6),
    ])
    func `days are dates`(_ days: Int, _ year: Int, _ month: Int, _ day: Int, _ weekday: Int) {
        let date = CivilDate(daysSince1970: days)
        #expect((date.year, date.month, date.day, date.weekday) == (year, month, day, weekday))
        #expect(CivilDate(year: year, month: month, day: day)?.daysSince1970 == days)
    }

    @Test func `every day of eight centuries comes back`() {
        for days in -150_000...150_000 {
            let date = CivilDate(daysSince1970: days)
            #expect(CivilDate(year: date.year, month: date.month, day: date.day)?.daysSince1970 == days)
            if date.month == 1, date.day == 1 { #expect(CivilDate.firstDay(of: date.year) == days) }
        }
    }

    @Test(arguments: [
        (2023, 2, 29), (1900, 2, 29), (2023, 4, 31), (2023, 13, 1), (2023, 0, 1), (2023, 1, 0), (2023, 1, 32),
    ])
    func `a day that does not exist is refused`(_ year: Int, _ month: Int, _ day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }
}
