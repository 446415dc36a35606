import FoundationEssentials
import MartletORM
import MartletValues
import Testing

/// Clocks in Oslo go forward on 2024-03-31 at 01:00 UTC and back on 2024-10-27 at 01:00 UTC.
extension TypedSemanticsTests {
    private static let newYear = Date(timeIntervalSince1970: 1_704_067_200)

    static func parts(_ django: DjangoAnswers) async {
        await django.expect(
            "parts",
            try await dated.values { ($0.id, $0.publishedAt.isoYear, $0.publishedAt.week, $0.publishedAt.hour) })
        await django.expect(
            "more parts",
            try await dated.values {
                ($0.id, $0.publishedAt.quarter, $0.publishedAt.weekDay, $0.publishedAt.isoWeekDay)
            })
        await django.expect(
            "hour across a change of clocks",
            try await dated.values { ($0.id, $0.publishedAt.part(.hour, in: "Europe/Oslo")) })
        await django.expect(
            "week in a zone", try await dated.values { ($0.id, $0.publishedAt.part(.week, in: "Europe/Oslo")) })
        await django.expect(
            "hour at a distance of half an hour",
            try await dated.values { ($0.id, $0.publishedAt.part(.hour, in: "Asia/Kolkata")) })
        await django.expect(
            "filter by a year in a zone",
            try await ids(books.filter { $0.publishedAt.part(.year, in: "Europe/Oslo") == 2024 }))
        await django.expect("year", try await ids(books.filter { $0.publishedAt.year == 2024 }))
        await django.expect(
            "year over a relation", try await ids(authors.filter { $0.books.publishedAt.year == 2024 }.distinct()))
        await django.expect(
            "date of a zone", try await dated.values { ($0.id, $0.publishedAt.date(in: "Europe/Oslo")) })
        await django.expect(
            "time of a zone", try await dated.values { ($0.id, $0.publishedAt.time(in: "Europe/Oslo")) })
        await django.expect(
            "date and time in UTC", try await dated.values { ($0.id, $0.publishedAt.date, $0.publishedAt.time) })
        let day = CalendarDate(Self.newYear)
        await django.expect(
            "filter by a date in a zone",
            try await ids(books.filter { $0.publishedAt.date(in: "Europe/Oslo") == day }))
        let time = TimeOfDay(Date(timeIntervalSince1970: 2.5 * 3_600))
        await django.expect(
            "filter by a time in a zone",
            try await ids(books.filter { $0.publishedAt.time(in: "Europe/Oslo") < time }))
    }

    static func beginnings(_ django: DjangoAnswers) async {
        await django.expect(
            "day of the change",
            try await dated.values { ($0.id, $0.publishedAt.truncated(to: .day, in: "Europe/Oslo")) })
        await django.expect("hour", try await dated.values { ($0.id, $0.publishedAt.truncated(to: .hour)) })
        await django.expect(
            "hour of a zone",
            try await dated.values { ($0.id, $0.publishedAt.truncated(to: .hour, in: "Asia/Kolkata")) })
        await django.expect(
            "week", try await dated.values { ($0.id, $0.publishedAt.truncated(to: .week, in: "Europe/Oslo")) })
        await django.expect("month", try await dated.values { ($0.id, $0.publishedAt.truncated(to: .month)) })
        await django.expect(
            "quarter", try await dated.values { ($0.id, $0.publishedAt.truncated(to: .quarter, in: "Europe/Oslo")) })
        await django.expect(
            "year of a zone",
            try await dated.values { ($0.id, $0.publishedAt.truncated(to: .year, in: "Europe/Oslo")) })
        await django.expect(
            "days", try await Book.objects.datetimes(by: .day, in: "Europe/Oslo") { $0.publishedAt })
        await django.expect(
            "months, the last first", try await books.datetimes(by: .month, descending: true) { $0.publishedAt })
        await django.expect("years", try await Book.objects.datetimes(by: .year) { $0.publishedAt })
        await django.expect("dates", try await Author.objects.dates(by: .year) { $0.born })
        await django.expect(
            "dates by month", try await Author.objects.dates(by: .month, descending: true) { $0.born })
        await django.expect(
            "months of days",
            try await authors.filter { !$0.born.isNull }.values { ($0.id, $0.born.truncated(to: .month)) })
    }

    static func distances(_ django: DjangoAnswers) async {
        await django.expect(
            "a moment later",
            try await dated.values { ($0.id, $0.publishedAt + (.seconds(86_400) + .microseconds(1))) })
        await django.expect(
            "filter by a moment later",
            try await ids(books.filter { $0.publishedAt + .microseconds(1) <= newYear }))
        await django.expect("distance of moments", try await dated.values { ($0.id, $0.publishedAt - newYear) })
        await django.expect(
            "filter by a distance",
            try await ids(books.filter { $0.publishedAt - newYear > .seconds(90 * 86_400 + 3_600) }))
    }
}
