import FoundationEssentials
import MartletORM

extension TypedSemanticsTests {
    static func filtered(_ django: DjangoAnswers) async {
        await django.expect(
            "sample deviation and variance",
            [try await Book.objects.aggregate { ($0.weight.standardDeviation(sample: true), $0.weight.variance()) }])
        await django.expect(
            "filtered and distinct",
            [
                try await Book.objects.aggregate {
                    (
                        $0.author.id.count(distinct: true, filter: $0.status == "published"),
                        $0.pages.sum(distinct: true, filter: $0.pages < 200),
                        $0.pages.average(filter: $0.status == "draft"), $0.price.min(filter: $0.pages == 80)
                    )
                }
            ])
        await django.expect(
            "filtered over many",
            [
                try await Book.objects.aggregate {
                    (
                        $0.reviews.id.count(filter: $0.reviews.stars == 5),
                        $0.reviews.stars.average(filter: $0.status == "published")
                    )
                }
            ])
        await django.expect(
            "filtered by a column of an optional relation",
            [
                try await Book.objects.aggregate {
                    ($0.id.count(filter: $0.editor.name == "Ann"), $0.id.count(filter: !($0.editor.name == "Ann")))
                }
            ])
        await django.expect(
            "filtered by null",
            [
                try await Book.objects.aggregate {
                    ($0.id.count(filter: $0.subtitle.isNull), $0.pages.max(filter: $0.subtitle == ""))
                }
            ])
        await django.expect(
            "filtered by a list",
            value: try await Book.objects.aggregate { $0.pages.sum(filter: $0.id.in([1, 4, 7])) })
        await django.expect(
            "filtered by an empty list",
            value: try await Book.objects.aggregate { $0.id.count(filter: $0.id.in([Int]())) })
        await django.expect(
            "a default of what is filtered",
            [
                try await Book.objects.aggregate {
                    (
                        $0.pages.average(filter: $0.id == 99, default: 0.5),
                        $0.title.min(filter: $0.id == 99, default: "none")
                    )
                }
            ])
        await django.expect(
            "groups of a case",
            value: try await Book.objects.aggregate { book in
                when(book.status == "draft", then: book.pages).else(Expr<Int?>(1)).sum()
            })
    }

    static func filteredGroups(_ django: DjangoAnswers) async {
        await django.expect(
            "groups, filtered and distinct",
            try await authors.values {
                ($0.id, $0.books.tags.id.count(distinct: true, filter: $0.books.pages > 100))
            })
        await django.expect(
            "groups, filtered with a default",
            try await authors.values {
                ($0.id, $0.books.pages.sum(filter: $0.books.status == "published", default: 0))
            })
        await django.expect(
            "having two", try await ids(authors.filter { $0.books.count >= 1 && $0.books.pages.max() < 400 }))
        await django.expect(
            "having or", try await ids(authors.filter { $0.books.count == 0 || $0.books.pages.max() > 300 }))
        await django.expect(
            "having, filtered", try await ids(authors.filter { $0.books.count { $0.status == "published" } >= 1 }))
        await django.expect(
            "having a distinct count",
            try await ids(books.filter { $0.reviews.reader.id.count(distinct: true) == 2 }))
        await django.expect("having null", try await ids(authors.filter { $0.books.pages.max().isNull }))
        await django.expect(
            "excluded by a maximum that may be null",
            try await ids(authors.exclude { $0.books.pages.max() > 300 || $0.books.pages.max().isNull }))
        await django.expect(
            "order by an aggregate with nulls",
            try await ids(Author.objects.order { ($0.books.pages.max().descending.nullsLast, $0.id) }))
        await django.expect(
            "group by a part",
            try await Book.objects.filter { !$0.publishedAt.isNull }.order { $0.publishedAt.year }.values {
                ($0.publishedAt.year, $0.id.count(), $0.price.sum())
            })
        await django.expect(
            "group by a length",
            try await Book.objects.order { $0.status.length() }.values { ($0.status.length(), $0.id.count()) })
        await django.expect(
            "order by a subquery",
            try await ids(
                Book.objects.order { book in
                    let stars = Review.objects.filter { $0.book.id == outer(book.id) }.subquery { $0.stars.sum() }
                    return (stars.descending.nullsLast, book.id)
                }))
    }
}
