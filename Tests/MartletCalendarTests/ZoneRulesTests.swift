import FoundationEssentials
import MartletCalendar
import Testing

/// The expected offsets are those of Python's `zoneinfo`.
@Suite struct ZoneRulesTests {
    private static func rules(_ name: String) throws -> ZoneRules {
        let content = try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)"))
        return try #require(ZoneRules(Array(content)))
    }

    struct OffsetCase: Sendable, CustomTestStringConvertible {
        let zone: String
        let instant: Int
        let offset: Int
        var testDescription: String { "\(zone) at \(instant)" }
    }

    static let offsets = [
        OffsetCase(zone: "Europe/Berlin", instant: 1_774_745_999, offset: 3_600),
        OffsetCase(zone: "Europe/Berlin", instant: 1_774_746_000, offset: 7_200),
        OffsetCase(zone: "Europe/Berlin", instant: 1_792_889_999, offset: 7_200),
        OffsetCase(zone: "Europe/Berlin", instant: 1_792_890_000, offset: 3_600),
        OffsetCase(zone: "Europe/Berlin", instant: -2_500_000_000, offset: 3_208),
        OffsetCase(zone: "America/New_York", instant: 4_118_083_200, offset: -14_400),
        OffsetCase(zone: "America/New_York", instant: 32_503_680_000, offset: -18_000),
        OffsetCase(zone: "Australia/Sydney", instant: 4_102_444_800, offset: 39_600),
        OffsetCase(zone: "Asia/Kathmandu", instant: 1_700_000_000, offset: 20_700),
        OffsetCase(zone: "Pacific/Apia", instant: 1_325_239_199, offset: -36_000),
        OffsetCase(zone: "Pacific/Apia", instant: 1_325_239_200, offset: 50_400),
        OffsetCase(zone: "Africa/Casablanca", instant: 1_700_000_000, offset: 3_600),
        OffsetCase(zone: "America/Sao_Paulo", instant: 4_102_444_800, offset: -10_800),
        OffsetCase(zone: "UTC", instant: 0, offset: 0),
    ]

    @Test(arguments: offsets)
    func `a file tells how far clocks are ahead`(_ example: OffsetCase) throws {
        #expect(try Self.rules(example.zone).offset(at: example.instant) == example.offset)
    }

    @Test func `an instant and what clocks show lead to each other`() throws {
        for name in ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"] {
            let rules = try Self.rules(name)
            for instant in stride(from: -1_000_000_000, to: 6_000_000_000, by: 86_400 * 37 + 1_234) {
                let local = instant + rules.offset(at: instant)
                let back = rules.instant(ofLocal: local)
                #expect(back + rules.offset(at: back) == local, "\(name) \(instant)")
            }
        }
    }

    @Test func `what clocks skip is read by the old offset and what they show twice by the new one`() throws {
        let berlin = try Self.rules("Europe/Berlin")
        // 2026-03-29 02:30 does not exist; 2026-10-25 02:30 comes at 00:30 and at 01:30 UTC.
        #expect(berlin.instant(ofLocal: 1_774_751_400) == 1_774_751_400 - 3_600)
        #expect(berlin.instant(ofLocal: 1_792_895_400) == 1_792_895_400 - 3_600)
    }

    @Test func `bytes that are no zone are refused and none crash the reader`() throws {
        let content = Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Europe/Berlin")))
        for length in stride(from: 0, to: content.count, by: 7) {
            if let rules = ZoneRules(Array(content[..<length])) { _ = rules.offset(at: 4_102_444_800) }
        }
        for position in content.indices {
            var changed = content
            changed[position] ^= 0xFF
            if let rules = ZoneRules(changed) {
                _ = rules.offset(at: 4_102_444_800)
                _ = rules.instant(ofLocal: -4_102_444_800)
            }
        }
        #expect(ZoneRules(Array("TZif".utf8)) == nil)
        #expect(ZoneRules(Array(content.prefix(60))) == nil)
    }
}
