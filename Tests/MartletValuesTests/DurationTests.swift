import MartletValues
import Testing

@Suite struct DurationTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let microseconds: Int64
        let python: String
        let clock: String
        let iso: String
        var testDescription: String { python }
    }

    // Written by Django 5.2: str(timedelta), duration_string, duration_iso_string.
    static let examples = [
        Example(microseconds: 0, python: "0:00:00", clock: "00:00:00", iso: "P0DT00H00M00S"),
        Example(microseconds: 1, python: "0:00:00.000001", clock: "00:00:00.000001", iso: "P0DT00H00M00.000001S"),
        Example(
            microseconds: 93_784_500_000, python: "1 day, 2:03:04.500000", clock: "1 02:03:04.500000",
            iso: "P1DT02H03M04.500000S"),
        Example(microseconds: 172_800_000_000, python: "2 days, 0:00:00", clock: "2 00:00:00", iso: "P2DT00H00M00S"),
        Example(
            microseconds: -1, python: "-1 day, 23:59:59.999999", clock: "-1 23:59:59.999999",
            iso: "-P0DT00H00M00.000001S"),
        Example(
            microseconds: -176_400_000_000, python: "-3 days, 23:00:00", clock: "-3 23:00:00", iso: "-P2DT01H00M00S"),
    ]

    @Test(arguments: examples)
    func `a length of time is written as Django writes it, and read again`(_ example: Example) {
        let duration = Duration.microseconds(example.microseconds)
        #expect(duration.pythonText == example.python && duration.clockText == example.clock)
        #expect(duration.iso8601Text == example.iso && duration.wholeMicroseconds == example.microseconds)
        #expect(Duration(clockText: example.python) == duration && Duration(clockText: example.clock) == duration)
        #expect(Duration(iso8601Text: example.iso) == duration)
    }

    // Django's tests of `parse_duration`.
    static let texts: [(String, Int64)] = [
        ("30", 30_000_000), ("15:30", 930_000_000), ("10:15:30", 36_930_000_000), ("4 10:15:30", 382_530_000_000),
        ("-4 10:15:30", -308_670_000_000), ("15:30.1", 930_100_000), ("-30", -30_000_000), ("-15:30", -930_000_000),
        ("1:00:00", 3_600_000_000),
    ]

    @Test(arguments: texts)
    func `other ways to write it are read`(_ text: String, _ microseconds: Int64) {
        #expect(Duration(clockText: text) == .microseconds(microseconds))
    }

    @Test(arguments: [
        "", "-", "x", "1 day", "1 x", "1:2:3:4", "10:60", "1:99:00", "1.", "1:", "P1D", "4 10:15:30 ",
        "99999999999999999999",
        "9999999999 00:00:00", "1\0",
    ])
    func `what is no length of time is refused`(_ text: String) {
        #expect(Duration(clockText: text) == nil)
    }

    @Test(arguments: ["", "P", "PT", "P1M", "P1Y", "P1W", "1D", "P1.5D", "PT1H1D", "PT5", "PT1S1M", "P99999999999999D"])
    func `what is no duration of ISO 8601 is refused`(_ text: String) {
        #expect(Duration(iso8601Text: text) == nil)
    }

    @Test func `what 64 bits of microseconds do not hold has none`() {
        #expect(Duration.seconds(Int64.max).wholeMicroseconds == nil)
        #expect(Duration.microseconds(Int64.min).wholeMicroseconds == .min)
        #expect(Duration.nanoseconds(1_999).wholeMicroseconds == 1)
    }
}
