import FoundationEssentials
import MartletJSON
import Testing

@Suite struct CalendarTimeTests {
    static let moments: [(Int, String)] = [
        (0, "1970-01-01T00:00:00Z"), (1_767_268_800_000_000, "2026-01-01T12:00:00Z"),
        (1_635_428_800_099_007, "2021-10-28T13:46:40.099007Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (951_782_400_000_000, "2000-02-29T00:00:00Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"), (253_402_300_799_000_000, "9999-12-31T23:59:59Z"),
        (1_709_251_199_500_000, "2024-02-29T23:59:59.500000Z"),
    ]

    @Test(arguments: moments)
    func `a moment is written and read back`(_ microseconds: Int, _ text: String) throws {
        var bytes: [UInt8] = []
        CalendarTime(microsecondsSince1970: microseconds).appendISO8601(to: &bytes, fraction: .whenNotZero)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(CalendarTime(iso8601: text)?.microsecondsSince1970 == microseconds)
    }

    @Test func `a date keeps its microseconds`() throws {
        let date = Date(timeIntervalSince1970: 1_635_428_800.099007)
        var bytes: [UInt8] = []
        try #require(CalendarTime(date)).appendISO8601(to: &bytes, fraction: .always)
        #expect(String(decoding: bytes, as: UTF8.self) == "2021-10-28T13:46:40.099007Z")
        #expect(CalendarTime(.distantPast) == nil, "it lies in the year 0")
        #expect(CalendarTime(Date(timeIntervalSince1970: .nan)) == nil)
        #expect(CalendarTime(Date(timeIntervalSince1970: 1e300)) == nil)
        #expect(CalendarTime(Date(timeIntervalSince1970: -.infinity)) == nil)
    }

    @Test(arguments: [
        ("2026-01-01T14:00:00+02:00", "2026-01-01T12:00:00Z"), ("2026-01-01T00:30-05:30", "2026-01-01T06:00:00Z"),
        ("2026-01-01t12:00:00.1234567z", "2026-01-01T12:00:00.123456Z"),
        ("2026-01-01 12:00:00.5Z", "2026-01-01T12:00:00.500000Z"),
    ])
    func `other spellings of a moment are read`(_ text: String, _ plain: String) throws {
        #expect(CalendarTime(iso8601: text) == CalendarTime(iso8601: plain))
        #expect(CalendarTime(iso8601: text) != nil)
    }

    @Test(arguments: [(Int.max, "294247-01-10T04:00:54.775807Z"), (Int.min, "-290308-12-21T19:59:05.224192Z")])
    func `a year that four digits cannot hold is written whole`(_ microseconds: Int, _ text: String) {
        var bytes: [UInt8] = []
        CalendarTime(microsecondsSince1970: microseconds).appendISO8601(to: &bytes, fraction: .always)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-01-01T12:00:00", "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T12:60:00Z", "2026-01-01T12:00:60Z", "2026-01-01T12:00:00.Z", "2026-01-01T12:00:00Z ",
        "2026-01-01T12:00:00+25:00", "26-01-01T12:00:00Z", "0000-01-01T00:00:00Z", "２026-01-01T12:00:00Z",
        "-026-01-01T12:00:00Z",
    ])
    func `text that names no moment is refused`(_ text: String) {
        #expect(CalendarTime(iso8601: text) == nil)
    }
}
