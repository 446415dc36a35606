import MartletORM

extension TypedSemanticsTests {
    static func windows(_ django: DjangoAnswers) async {
        await django.expect(
            "row number",
            try await books.values {
                ($0.id, Window.rowNumber.over(partitionBy: $0.author.id, orderBy: $0.id.ascending))
            })
        await django.expect("rank", try await books.values { ($0.id, Window.rank.over(orderBy: $0.price.ascending)) })
        await django.expect(
            "dense rank", try await books.values { ($0.id, Window.denseRank.over(orderBy: $0.price.ascending)) })
        await django.expect(
            "percent rank", try await books.values { ($0.id, Window.percentRank.over(orderBy: $0.price.ascending)) })
        await django.expect(
            "cumulative distribution",
            try await books.values { ($0.id, Window.cumulativeDistribution.over(orderBy: $0.price.ascending)) })
        await django.expect("ntile", try await books.values { ($0.id, Window.ntile(3).over(orderBy: $0.id.ascending)) })
        await django.expect("lag", try await books.values { ($0.id, $0.id.lag().over(orderBy: $0.id.ascending)) })
        await django.expect(
            "lead with a default",
            try await books.values { ($0.id, $0.id.lead(2, default: 0).over(orderBy: $0.id.ascending)) })
        await django.expect(
            "running sum", try await books.values { ($0.id, $0.pages.sum().over(orderBy: $0.id.ascending)) })
        await django.expect(
            "sum of a partition", try await books.values { ($0.id, $0.pages.sum().over(partitionBy: $0.author.id)) })
        await django.expect(
            "running average of three",
            try await books.values {
                (
                    $0.id,
                    $0.weight.average().over(
                        orderBy: $0.id.ascending, frame: .rows(from: .preceding(1), to: .following(1)))
                )
            })
        await django.expect(
            "running sum of decimals",
            try await books.values {
                ($0.id, $0.price.sum().over(partitionBy: $0.author.id, orderBy: $0.id.ascending))
            })
        await bounds(django)
        await django.expect(
            "filter by a number",
            try await ids(
                books.filter {
                    Window.rowNumber.over(partitionBy: $0.author.id, orderBy: $0.id.descending) == 1
                }))
        // As in Django, the rank is that among the rows that other conditions leave.
        await django.expect(
            "filter by a rank and a column",
            try await ids(
                books.filter { $0.status == "published" }.filter {
                    Window.rank.over(orderBy: $0.price.descending) <= 3
                }))
        await django.expect("distinct on", try await longestOfEach())
    }

    private static func bounds(_ django: DjangoAnswers) async {
        await django.expect(
            "first",
            try await books.values {
                ($0.id, $0.title.firstValue().over(partitionBy: $0.author.id, orderBy: $0.id.ascending))
            })
        await django.expect(
            "last of all",
            try await books.values {
                (
                    $0.id,
                    $0.title.lastValue().over(
                        partitionBy: $0.author.id, orderBy: $0.id.ascending,
                        frame: .rows(from: .unboundedPreceding, to: .unboundedFollowing))
                )
            })
        await django.expect(
            "second",
            try await books.values {
                ($0.id, $0.title.nthValue(2).over(partitionBy: $0.author.id, orderBy: $0.id.ascending))
            })
    }

    /// With `DISTINCT ON` where there is one, else as the documentation says.
    private static func longestOfEach() async throws -> [Int] {
        if try Database.current.dialect.name == "postgresql" {
            return try await ids(
                Book.objects.order { ($0.author.id, $0.pages.descending.nullsLast, $0.id) }
                    .distinct(on: { $0.author.id }))
        }
        return try await ids(
            Book.objects.order { $0.author.id }.filter {
                Window.rowNumber.over(
                    partitionBy: $0.author.id, orderBy: $0.pages.descending.nullsLast, $0.id.ascending) == 1
            })
    }

    static func sets(_ django: DjangoAnswers) async {
        let (short, old) = (Book.objects.filter { $0.pages == 80 }, Book.objects.filter { $0.status == "archived" })
        await django.expect("union", try await ids(short.union(old).order { $0.id }))
        await django.expect("union all", try await ids(short.union(old, all: true).order { $0.id }))
        await django.expect(
            "union of three", try await ids(short.union(old, Book.objects.filter { $0.id == 1 }).order { $0.id }))
        await django.expect("intersection", try await ids(short.intersection(old).order { $0.id }))
        await django.expect("difference", try await ids(short.difference(old).order { $0.id }))
        await django.expect("union with none", try await ids(short.union(Book.objects.none).order { $0.id }))
        await django.expect(
            "or of two queries", try await ids(books.filter { $0.pages == 80 || $0.status == "archived" }))
        await django.expect(
            "distinct values", try await Book.objects.order { $0.status }.distinct().values { $0.status })
        await django.expect(
            "distinct pairs",
            try await Book.objects.order { ($0.author.id, $0.status) }.distinct().values { ($0.author.id, $0.status) })
        await django.expect(
            "values over many",
            try await Book.objects.filter { $0.tags.name.in(["nature", "sea"]) }.order { ($0.id, $0.tags.name) }
                .values { ($0.id, $0.tags.name) })
        await django.expect(
            "values over many without a filter",
            try await Book.objects.order { ($0.id, $0.tags.name.ascending.nullsFirst) }.values { ($0.id, $0.tags.name) }
        )
        await django.expect(
            "values over an optional relation",
            try await books.values { ($0.title, $0.editor.name, $0.editor.country.name) })
        await slices(django)
    }

    private static func slices(_ django: DjangoAnswers) async {
        let tagged = Book.objects.filter { $0.tags.name.in(["nature", "craft"]) }
        await django.expect("count of duplicates", value: try await tagged.count())
        await django.expect("count of distinct", value: try await tagged.distinct().count())
        await django.expect("count of a slice", value: try await books[2..<5].count())
        await django.expect("beyond the end", try await ids(books[50..<60]))
        await django.expect("none", try await ids(Book.objects.none))
        await django.expect(
            "contains",
            value: try await Book.objects.filter { $0.pages == 80 }.contains(Book.objects.get { $0.id == 4 }))
    }

    static func prefetched(_ django: DjangoAnswers) async {
        await django.expect(
            "prefetched",
            try await books.prefetch { $0.reviews }.all().map { ($0.id, try $0.reviews.loaded.count) })
        await django.expect(
            "prefetched with a query",
            try await books.prefetch({ $0.reviews }, using: Review.objects.filter { $0.stars >= 3 }).all().map {
                ($0.id, try $0.reviews.loaded.count)
            })
        await django.expect(
            "prefetched in an order",
            try await authors.prefetch({ $0.books }, using: Book.objects.order { ($0.title.length(), $0.id) }).all().map
            {
                ($0.id, try $0.books.loaded.map(\.title).joined(separator: " "))
            })
        await django.expect(
            "prefetched over many to many",
            try await Tag.objects.order { $0.id }.prefetch({ $0.books }, using: Book.objects.prefetch { $0.reviews })
                .all()
                .map { ($0.id, try $0.books.loaded.map { try $0.reviews.loaded.count }.reduce(0, +)) })
    }
}
