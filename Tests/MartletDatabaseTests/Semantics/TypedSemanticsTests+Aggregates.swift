import FoundationEssentials
import MartletORM
import MartletValues

extension TypedSemanticsTests {
    static func aggregates(_ django: DjangoAnswers) async {
        let none = Book.objects.filter { $0.id == 99 }
        let tagged = Book.objects.filter { $0.tags.name.in(["nature", "craft"]) }
        await django.expect(
            "all at once",
            [
                try await Book.objects.aggregate {
                    ($0.id.count(), $0.pages.sum(), $0.pages.average(), $0.pages.min(), $0.pages.max())
                }
            ])
        await django.expect(
            "of no rows",
            [try await none.aggregate { ($0.id.count(), $0.pages.sum(), $0.pages.average(), $0.pages.max()) }])
        await django.expect(
            "of decimals", [try await Book.objects.aggregate { ($0.price.sum(), $0.price.max(), $0.price.min()) }])
        await django.expect(
            "a tenth and two",
            value: try await Book.objects.filter { $0.id.in([3, 4]) }.aggregate { $0.price.sum() })
        await django.expect(
            "average of decimals", value: try await Book.objects.filter { $0.id < 5 }.aggregate { $0.price.average() })
        await django.expect(
            "deviation and variance",
            [try await Book.objects.aggregate { ($0.weight.standardDeviation(), $0.weight.variance(sample: true)) }])
        await django.expect(
            "count of a column leaves nulls out",
            [try await Book.objects.aggregate { ($0.pages.count(), $0.subtitle.count()) }])
        await django.expect(
            "distinct count",
            [try await Book.objects.aggregate { ($0.pages.count(distinct: true), $0.status.count(distinct: true)) }])
        // Django's average of decimals in SQLite is a binary number of 15 digits; this one is exact.
        await django.expect(
            "distinct sum",
            [
                try await Book.objects.aggregate {
                    ($0.pages.sum(distinct: true), $0.price.average(distinct: true).round(13))
                }
            ])
        await django.expect(
            "filtered",
            [
                try await Book.objects.aggregate {
                    (
                        $0.id.count(filter: $0.status == "published"), $0.pages.sum(filter: $0.status == "draft"),
                        $0.price.max(filter: $0.pages.isNull), $0.pages.sum(filter: $0.id == 99)
                    )
                }
            ])
        await django.expect(
            "with a default", [try await none.aggregate { ($0.pages.sum(default: 0), $0.title.max(default: "-")) }])
        await django.expect(
            "over a relation", [try await Book.objects.aggregate { ($0.reviews.stars.average(), $0.reviews.count) }])
        await django.expect(
            "over an optional relation",
            [try await Book.objects.aggregate { ($0.editor.id.count(), $0.editor.name.max()) }])
        await django.expect("of a slice", value: try await books.limit(3).aggregate { $0.pages.sum() })
        await django.expect("of distinct rows", value: try await tagged.distinct().aggregate { $0.pages.sum() })
        await django.expect("of rows that a join repeats", value: try await tagged.aggregate { $0.pages.sum() })
        await django.expect(
            "of an expression", [try await Book.objects.aggregate { (($0.pages * 2).sum(), $0.title.length().max()) }])
        await django.expect("of moments and days", [try await extremes()])
        await django.expect(
            "of annotations",
            [try await Author.objects.annotate { $0.books.count }.aggregate { ($1.average(), $1.max()) }])
        await django.expect(
            "arithmetic of aggregates", value: try await Book.objects.aggregate { $0.pages.max() - $0.pages.min() })
    }

    private static func extremes() async throws -> (Date?, Date?, CalendarDate?) {
        let (first, last) = try await Book.objects.aggregate { ($0.publishedAt.min(), $0.publishedAt.max()) }
        return (first, last, try await Author.objects.aggregate { $0.born.min() })
    }

    static func groups(_ django: DjangoAnswers) async {
        await django.expect("count of related rows", try await authors.values { ($0.id, $0.books.count) })
        await django.expect("two counts", try await books.values { ($0.id, $0.tags.count, $0.reviews.count) })
        await django.expect("sum of related rows", try await authors.values { ($0.id, $0.books.pages.sum()) })
        await django.expect("average of related rows", try await books.values { ($0.id, $0.reviews.stars.average()) })
        await django.expect("sum of related decimals", try await authors.values { ($0.id, $0.books.price.sum()) })
        await django.expect(
            "filtered count of related rows", try await books.values { ($0.id, $0.reviews.count { $0.stars >= 4 }) })
        await django.expect(
            "count over two relations",
            try await Country.objects.order { $0.id }.values { ($0.id, $0.authors.books.reviews.count) })
        await django.expect(
            "count over many to many",
            try await Tag.objects.order { $0.id }.values {
                ($0.id, $0.books.count, $0.books.author.id.count(distinct: true))
            })
        await django.expect(
            "group", try await Book.objects.order { $0.status }.values { ($0.status, $0.id.count()) })
        await django.expect(
            "group over a relation",
            try await Book.objects.order { $0.author.name }.values { ($0.author.name, $0.id.count(), $0.pages.sum()) })
        await django.expect(
            "group by two",
            try await Book.objects.order { ($0.author.id, $0.status) }.values {
                ($0.author.id, $0.status, $0.id.count())
            })
        await django.expect(
            "group with null",
            try await Book.objects.order { $0.editor.id.ascending.nullsFirst }.values { ($0.editor.id, $0.id.count()) })
        await django.expect(
            "group by an expression",
            try await Book.objects.order { length($0).ascending }.values { (length($0), $0.id.count()) })
        await django.expect(
            "group by a month",
            try await Book.objects.filter { !$0.publishedAt.isNull }
                .order { $0.publishedAt.truncated(to: .month, in: "Europe/Oslo") }
                .values { ($0.publishedAt.truncated(to: .month, in: "Europe/Oslo"), $0.id.count()) })
        await django.expect(
            "group ordered by its count",
            try await Book.objects.order { ($0.id.count().descending, $0.status) }.values { ($0.status, $0.id.count()) }
        )
    }

    private static func length(_ book: Columns<Book>) -> Expr<String> {
        when(book.pages >= 100, then: "long").else("short")
    }

    static func groupConditions(_ django: DjangoAnswers) async {
        await django.expect(
            "having",
            try await Book.objects.filter { $0.id.count() > 1 }.order { $0.author.name }.values {
                ($0.author.name, $0.id.count())
            })
        await django.expect(
            "having and where",
            try await Book.objects.filter { $0.pages > 100 }.filter { $0.id.count() > 1 }.order { $0.author.name }
                .values { ($0.author.name, $0.id.count()) })
        await django.expect(
            "where before group",
            try await Book.objects.filter { $0.pages > 0 }.order { $0.status }.values { ($0.status, $0.id.count()) })
        await django.expect("filter by a count", try await ids(authors.filter { $0.books.count >= 2 }))
        await django.expect("filter by no related rows", try await ids(authors.filter { $0.books.count == 0 }))
        await django.expect("filter by a sum", try await ids(authors.filter { $0.books.pages.sum() > 300 }))
        await django.expect("exclude by a count", try await ids(authors.exclude { $0.books.count == 2 }))
        await django.expect(
            "filter by a count or a column",
            try await ids(authors.filter { $0.books.count >= 3 || $0.name == "Dag" }))
        await django.expect("compare two counts", try await ids(books.filter { $0.tags.count > $0.reviews.count }))
        await django.expect(
            "order by a count", try await ids(Author.objects.order { ($0.books.count.descending, $0.id) }))
        await django.expect(
            "count of what a count finds", value: try await Author.objects.filter { $0.books.count >= 2 }.count())
    }
}
