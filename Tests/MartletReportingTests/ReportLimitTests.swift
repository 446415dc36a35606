import Foundation
import Testing

@testable import MartletReporting

@Suite struct ReportLimitTests {
    private static let start = Date(timeIntervalSince1970: 1_000_000)

    /// Tells kinds at seconds, and notes what became of each: how many alike and others were held back, or `nil`.
    private func tell(_ limit: inout ReportLimit, _ events: [(second: Double, kind: String)]) -> [[Int]?] {
        events.map { event in
            limit.admit(event.kind, at: Self.start.addingTimeInterval(event.second)).map { [$0.alike, $0.others] }
        }
    }

    @Test func `a kind is told once in an interval, and then with how many were held back`() {
        var limit = ReportLimit(interval: .seconds(600), hourly: 100)
        let told = tell(&limit, [(0, "a"), (1, "a"), (2, "b"), (599, "a"), (600, "a"), (601, "a"), (1_200, "a")])
        #expect(told == [[0, 0], nil, [0, 1], nil, [2, 0], nil, [1, 0]])
    }

    @Test func `no more than so many are told in an hour`() {
        var limit = ReportLimit(interval: .seconds(1), hourly: 2)
        let told = tell(&limit, [(0, "a"), (1, "b"), (2, "c"), (3, "d"), (3_600, "e"), (3_601, "c")])
        #expect(told == [[0, 0], [0, 0], nil, nil, [0, 2], [0, 0]])
    }

    @Test func `ever new kinds do not fill the memory, and are still limited`() {
        var limit = ReportLimit(interval: .seconds(600), hourly: 5_000)
        let told = tell(&limit, (0..<3_000).map { (0, "kind \($0)") })
        #expect(told.allSatisfy { $0 == [0, 0] })
        #expect(limit.rememberedKinds <= 1_000)
    }
}
