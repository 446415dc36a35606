import FoundationEssentials
import MartletORM
import MartletValues
import Testing

/// A model whose moments, days and times the database layer keeps.
struct Visit: Model {
    var id = 0
    var name = ""
    var firstDay = CalendarDate.first
    var lastDay = CalendarDate.first
    var firstTime = TimeOfDay.midnight
    var lastTime = TimeOfDay.midnight

    static let appLabel = "fields"
    static let table = Table<Visit>(
        .auto(\.id),
        .char(\.name, maxLength: 10),
        .date(\.firstDay, autoNowAdd: true),
        .date(\.lastDay, autoNow: true),
        .time(\.firstTime, autoNowAdd: true),
        .time(\.lastTime, autoNow: true)
    )
}

@Suite(.models(Visit.self)) struct ClockTests {
    @Test func `days and times are set when a row is inserted, and at every save`() async throws {
        let before = CalendarDate.today
        let visit = try await Visit.objects.create(Visit(name: "a"))
        let after = CalendarDate.today
        #expect((before...after).contains(visit.firstDay) && (before...after).contains(visit.lastDay))
        #expect(try await Visit.objects.get { $0.id == visit.id }.firstTime == visit.firstTime)
        let (day, time) = (try #require(CalendarDate("2001-02-03")), try #require(TimeOfDay("04:05:06")))
        try await Visit.objects.update {
            $0.firstDay = day
            $0.lastDay = day
            $0.firstTime = time
        }
        var found = try await Visit.objects.get { $0.id == visit.id }
        found.firstDay = .last
        try await found.save()
        found = try await Visit.objects.get { $0.id == visit.id }
        // What is set on insertion is not written again.
        #expect(found.firstDay == day && found.firstTime == time && found.lastDay >= before)
    }
}
