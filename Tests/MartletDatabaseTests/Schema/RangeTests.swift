import FoundationEssentials
import MartletORM
import MartletValues
import Testing

/// A tariff for some days and amounts.
struct Tariff: Model {
    var id = 0
    var name = ""
    var days = RangeValue<CalendarDate>.unbounded
    var amounts: RangeValue<Decimal>?

    static let appLabel = "hotel"
    static let table = Table<Tariff>(
        .auto(\.id), .char(\.name, maxLength: 50), .dateRange(\.days), .decimalRange(\.amounts))
}

@Suite(.migratedPostgreSQL(Tariff.self)) struct RangeTests {
    private static func decimal(_ text: String) throws -> Decimal { try #require(Decimal(string: text)) }
    private static func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

    @Test func `ranges of days and decimals come back as they were stored`() async throws {
        let (first, last) = (try Self.day("2026-01-31"), try Self.day("2026-02-02"))
        let (low, high) = (try Self.decimal("0.10"), try Self.decimal("12345678901234567890.0000000001"))
        let made = try await Tariff.objects.create(
            Tariff(
                name: "winter", days: RangeValue(first...last),
                amounts: RangeValue(from: low, to: high, includesLower: false, includesUpper: true)))
        let found = try await Tariff.objects.get { $0.id == made.id }
        // PostgreSQL writes days without the last one.
        #expect(found.days == RangeValue(first..<(try Self.day("2026-02-03"))))
        #expect(found.amounts == made.amounts)
        let ends: [(CalendarDate?, Decimal?)] = try await Tariff.objects.values {
            ($0.days.lowerBound, $0.amounts.upperBound)
        }
        #expect(ends.count == 1 && ends[0] == (first, high))
    }

    @Test func `ranges of days and decimals are asked for what is in them`() async throws {
        let (first, next) = (try Self.day("2026-01-31"), try Self.day("2026-02-01"))
        let amounts = RangeValue(try Self.decimal("0.1")..<Self.decimal("0.3"))
        try await Tariff.objects.create(Tariff(name: "one day", days: RangeValue(first..<next), amounts: amounts))
        try await Tariff.objects.create(Tariff(name: "open", days: RangeValue(next...), amounts: .empty))
        #expect(try await Tariff.objects.filter { $0.days.contains(first) }.values { $0.name } == ["one day"])
        #expect(try await Tariff.objects.filter { $0.days.contains(next) }.values { $0.name } == ["open"])
        let tenths = try Self.decimal("0.2")
        #expect(try await Tariff.objects.filter { $0.amounts.contains(tenths) }.values { $0.name } == ["one day"])
        #expect(try await Tariff.objects.filter { $0.amounts.isEmpty }.values { $0.name } == ["open"])
        #expect(try await Tariff.objects.filter { $0.days.overlaps(RangeValue(first...next)) }.count() == 2)
    }
}
