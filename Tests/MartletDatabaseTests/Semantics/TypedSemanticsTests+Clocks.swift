import FoundationEssentials
import MartletORM
import MartletValues

/// Clocks in Oslo go forward on 2024-03-31 at 01:00 UTC and back on 2024-10-27 at 01:00 UTC.
extension TypedSemanticsTests {
    /// The moments after some time, cut in a zone.
    private static func moved(
        _ seconds: Int64, _ unit: DateUnit, _ zone: TimeZoneName = "Europe/Oslo"
    ) async throws -> [(Int, Date?)] {
        try await dated.values { ($0.id, ($0.publishedAt + .seconds(seconds)).truncated(to: unit, in: zone)) }
    }

    static func clocks(_ django: DjangoAnswers) async {
        let (hour, day): (Int64, Int64) = (3_600, 86_400)
        await django.expect("minute", try await moved(0, .minute))
        await django.expect("second", try await moved(0, .second, "Asia/Kolkata"))
        await django.expect("day at a distance of half an hour", try await moved(0, .day, "Asia/Kolkata"))
        await django.expect("month across the change", try await moved(0, .month))
        // Of the hour that comes twice Django takes the first, Martlet the one it is.
        await django.expect("an hour later, its hour", try await moved(hour, .hour).filter { $0.0 != 4 })
        await django.expect("an hour later, its day", try await moved(hour, .day))
        await django.expect("a day later, its day", try await moved(day, .day))
        await django.expect("a day earlier, its week", try await moved(-day, .week))
        await django.expect("half a year later, its quarter", try await moved(182 * day, .quarter))
        await django.expect("half a year later, its month", try await moved(182 * day, .month, "Asia/Kolkata"))
        await django.expect(
            "two hours later, its time",
            try await dated.values { ($0.id, ($0.publishedAt + .seconds(7_200)).time(in: "Europe/Oslo")) })
        await django.expect(
            "a day earlier, its date",
            try await dated.values { ($0.id, ($0.publishedAt + .seconds(-86_400)).date(in: "Asia/Kolkata")) })
    }

    static func partsInZones(_ django: DjangoAnswers) async {
        let oslo: TimeZoneName = "Europe/Oslo"
        await django.expect(
            "parts in a zone",
            try await dated.values {
                (
                    $0.id, $0.publishedAt.part(.year, in: oslo), $0.publishedAt.part(.month, in: oslo),
                    $0.publishedAt.part(.day, in: oslo)
                )
            })
        await django.expect(
            "minutes and seconds",
            try await dated.values {
                (
                    $0.id, $0.publishedAt.part(.minute, in: "Asia/Kolkata"),
                    $0.publishedAt.part(.second, in: "Asia/Kolkata")
                )
            })
        await django.expect(
            "quarter and weeks in a zone",
            try await dated.values {
                (
                    $0.id, $0.publishedAt.part(.quarter, in: oslo), $0.publishedAt.part(.isoYear, in: oslo),
                    $0.publishedAt.part(.isoWeekDay, in: oslo)
                )
            })
        await django.expect(
            "parts of days", try await authors.values { ($0.id, $0.born.year, $0.born.month, $0.born.weekDay) })
        await django.expect(
            "more parts of days", try await authors.values { ($0.id, $0.born.isoYear, $0.born.week, $0.born.quarter) })
    }

    static func days(_ django: DjangoAnswers) async {
        let born = authors.filter { !$0.born.isNull }
        await django.expect("weeks of days", try await born.values { ($0.id, $0.born.truncated(to: .week)) })
        await django.expect("quarters of days", try await born.values { ($0.id, $0.born.truncated(to: .quarter)) })
        await django.expect(
            "group by a day in a zone",
            try await Book.objects.filter { !$0.publishedAt.isNull }
                .order { $0.publishedAt.date(in: "Europe/Oslo") }
                .values { ($0.publishedAt.date(in: "Europe/Oslo"), $0.id.count()) })
        await django.expect(
            "weeks", try await Book.objects.datetimes(by: .week, in: "Europe/Oslo") { $0.publishedAt })
        await django.expect(
            "hours", try await Book.objects.datetimes(by: .hour, in: "Asia/Kolkata") { $0.publishedAt })
        await django.expect("days of days", try await Author.objects.dates(by: .day) { $0.born })
        await django.expect(
            "weeks as days", try await Author.objects.dates(by: .week, descending: true) { $0.born })
    }
}
