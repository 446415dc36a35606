import FoundationEssentials
import MartletORM
import Testing

/// The parts of a column of times of day, by typed expressions.
@Suite(.models(Outing.self, Guest.self)) struct TimeOfDayPartTests {
    @Test func `hours, minutes and seconds of a time of day are read, compared and ordered by`() async throws {
        try await Outing.load()
        // A opens at 09:05:07, B at 23:59:59.5, C never, D at midnight.
        let parts: [(String, Int?, Int?, Int?)] = try await Outing.objects.order { $0.name }.values {
            ($0.name, $0.opens.hour, $0.opens.minute, $0.opens.second)
        }
        let texts = parts.map { row in
            "\(row.0) " + [row.1, row.2, row.3].map { $0.map(String.init) ?? "-" }.joined(separator: ":")
        }
        #expect(texts == ["A 9:5:7", "B 23:59:59", "C -:-:-", "D 0:0:0"])
        #expect(try await Outing.names(Outing.objects.filter { $0.opens.hour < 10 }) == "AD")
        #expect(try await Outing.names(Outing.objects.filter { $0.opens.second == 59 }) == "B")
        #expect(try await Outing.names(Outing.objects.exclude { $0.opens.minute == 0 }) == "ABC")
        #expect(try await Outing.names(Outing.objects.filter { $0.opens.hour.isNull }) == "C")
        let ordered = Outing.objects.filter { !$0.opens.isNull }.order { ($0.opens.minute.descending, $0.name) }
        #expect(try await ordered.all().map(\.name) == ["B", "A", "D"])
        let groups: [(Int?, Int)] = try await Outing.objects.filter { !$0.opens.isNull }
            .order { $0.opens.minute }.values { ($0.opens.minute, $0.id.count()) }
        #expect(groups.map(\.0) == [0, 5, 59] && groups.allSatisfy { $0.1 == 1 })
        #expect(try await Outing.objects.aggregate { $0.opens.hour.max() } == 23)
        #expect(try await Outing.names(Outing.objects.filter { $0.startsAt.time.hour == 0 }) == "BD")
        #expect(
            try await Outing.names(Outing.objects.filter { $0.startsAt.time(in: "Europe/Berlin").minute == 59 }) == "D")
    }

    @Test func `a part of a guest's outing is asked over the relation`() async throws {
        try await Outing.load()
        let late = try await Guest.objects.filter { $0.outing.opens.hour >= 12 }.values { $0.name }
        #expect(late == ["Yan"])
        #expect(try await Outing.names(Outing.objects.exclude { $0.guests.outing.opens.hour == 9 }) == "BCD")
    }
}
