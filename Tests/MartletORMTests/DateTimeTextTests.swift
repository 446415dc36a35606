import FoundationEssentials
import MartletORM
import Testing

@Suite struct DateTimeTextTests {
    @Test(arguments: [
        (0.0, "1970-01-01 00:00:00"), (951_782_400.0, "2000-02-29 00:00:00"), (-1.0, "1969-12-31 23:59:59"),
        (1_700_000_000.25, "2023-11-14 22:13:20.250000"), (-62_135_596_800.0, "0001-01-01 00:00:00"),
        (253_402_300_799.0, "9999-12-31 23:59:59"), (1_709_164_800.0, "2024-02-29 00:00:00"),
        (0.999_999_9, "1970-01-01 00:00:01"),
    ])
    func `moments are written as Django writes them in SQLite`(_ seconds: Double, _ text: String) {
        #expect(DateTimeText.string(from: Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test(arguments: [
        ("2023-11-14 22:13:20.250000", 1_700_000_000.25), ("2023-11-14T22:13:20Z", 1_700_000_000),
        ("2023-11-14T23:13:20+01:00", 1_700_000_000), ("2023-11-14 17:43:20-0430", 1_700_000_000),
        ("1970-01-01", 0), ("1970-01-01 00:01", 60), ("2024-02-29 00:00:00", 1_709_164_800),
        ("1970-01-01 00:00:00.1234567891234", 0.123456789),
    ])
    func `moments are read`(_ text: String, _ seconds: Double) throws {
        let date = try #require(DateTimeText.date(from: text.utf8))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_000_5)
    }

    @Test(arguments: [
        "", "2023", "2023-02-30", "2023-13-01", "2023-00-10", "2023-01-00", "1900-02-29", "2023-01-01 24:00:00",
        "2023-01-01 00:60:00", "2023-01-01 00:00:60", "2023-01-01 00:00:00.", "2023-01-01 00:00:00x",
        "2023-01-01 00:00:00+25:00", "20230101", "2023-01-01 ", "-001-01-01", "2023-01-01 00:00:00+",
    ])
    func `what is no moment is refused`(_ text: String) {
        #expect(DateTimeText.date(from: text.utf8) == nil)
    }

    @Test func `microseconds survive the way to text and back`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let micros = Int64.random(in: -1_000_000_000_000_000...4_000_000_000_000_000, using: &generator)
            let date = Date(timeIntervalSince1970: Double(micros) / 1_000_000)
            let text = DateTimeText.string(from: date)
            let back = try #require(DateTimeText.date(from: text.utf8))
            #expect(DateTimeText.string(from: back) == text)
        }
    }
}
