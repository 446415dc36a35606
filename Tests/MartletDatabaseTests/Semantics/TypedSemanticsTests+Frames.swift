import MartletORM

extension TypedSemanticsTests {
    /// The weights of the rows of a frame, in an order by price.
    private static func byPrice(_ frame: WindowFrame) async throws -> [(Int, Double?)] {
        try await books.values { ($0.id, $0.weight.sum().over(orderBy: $0.price.ascending, frame: frame)) }
    }

    /// The weights of the rows of a frame, in an order by key.
    private static func byKey(_ frame: WindowFrame) async throws -> [(Int, Double?)] {
        try await books.values { ($0.id, $0.weight.sum().over(orderBy: $0.id.ascending, frame: frame)) }
    }

    static func frames(_ django: DjangoAnswers) async {
        await django.expect("range to the current one", try await byPrice(.range()))
        await django.expect(
            "range from the current one", try await byPrice(.range(from: .currentRow, to: .unboundedFollowing)))
        await django.expect("the whole range", try await byPrice(.range(to: .unboundedFollowing)))
        await django.expect(
            "without the group", try await byPrice(.range(to: .unboundedFollowing, excluding: .group)))
        await django.expect("without ties", try await byPrice(.range(to: .unboundedFollowing, excluding: .ties)))
        await django.expect("rows to the end", try await byKey(.rows(from: .currentRow, to: .unboundedFollowing)))
        await django.expect("rows before", try await byKey(.rows(from: .preceding(2), to: .preceding(1))))
        await django.expect("rows behind", try await byKey(.rows(from: .following(1), to: .following(2))))
        await django.expect("this row", try await byKey(.rows(from: .currentRow, to: .currentRow)))
        await django.expect(
            "without the current one",
            try await byKey(.rows(from: .preceding(1), to: .following(1), excluding: .currentRow)))
        await django.expect(
            "in partitions",
            try await books.values {
                (
                    $0.id,
                    $0.weight.sum().over(
                        partitionBy: $0.author.id, orderBy: $0.id.ascending,
                        frame: .rows(from: .preceding(1), to: .currentRow))
                )
            })
    }

    static func partitions(_ django: DjangoAnswers) async {
        await django.expect(
            "partitions of two",
            try await books.values { ($0.id, $0.id.count().over(partitionBy: $0.author.id, $0.status)) })
        await django.expect(
            "partitions of an expression",
            try await books.values { ($0.id, $0.id.count().over(partitionBy: $0.title.length())) })
        await django.expect(
            "order of an expression",
            try await books.values { ($0.id, Window.rank.over(orderBy: $0.title.length().descending)) })
        await django.expect(
            "order of two",
            try await books.values {
                ($0.id, Window.rowNumber.over(orderBy: $0.status.ascending, $0.weight.descending))
            })
        await django.expect(
            "filtered",
            try await books.values {
                ($0.id, $0.id.count(filter: $0.status == "published").over(orderBy: $0.id.ascending))
            })
        await django.expect(
            "two behind with null",
            try await books.values {
                ($0.id, $0.title.lag(2).over(partitionBy: $0.status, orderBy: $0.id.ascending))
            })
        await django.expect(
            "next of null", try await books.values { ($0.id, $0.pages.lead().over(orderBy: $0.id.ascending)) })
        await django.expect(
            "last up to here",
            try await books.values {
                ($0.id, $0.title.lastValue().over(partitionBy: $0.author.id, orderBy: $0.id.ascending))
            })
        await django.expect(
            "third of all",
            try await books.values {
                (
                    $0.id,
                    $0.title.nthValue(3).over(orderBy: $0.id.ascending, frame: .rows(to: .unboundedFollowing))
                )
            })
        await django.expect("difference to the first", try await differences())
        await django.expect(
            "order by a number",
            try await ids(
                Book.objects.order {
                    Window.rowNumber.over(orderBy: $0.price.descending, $0.id.ascending).ascending
                }))
        await django.expect(
            "over a relation",
            try await books.values {
                (
                    $0.id,
                    Window.rank.over(
                        partitionBy: $0.author.country.id, orderBy: $0.weight.ascending, $0.id.ascending)
                )
            })
        await django.expect(
            "of an aggregate",
            try await Book.objects.order { $0.status }.values {
                ($0.status, $0.id.count(), Window.rank.over(orderBy: $0.id.count().descending))
            })
    }

    private static func differences() async throws -> [(Int, Double?)] {
        try await books.values { book in
            let first = book.weight.firstValue().over(partitionBy: book.author.id, orderBy: book.id.ascending)
            return (book.id, book.weight.optional - first)
        }
    }
}
