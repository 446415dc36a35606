import MartletORM
import Testing

/// Rows that are grouped beside values of other rows: PostgreSQL wants each column of the query around in the groups.
@Suite(.library) struct GroupedRowTests {
    private let labelled = Book.objects.filter { $0.labels.name == "code" }.order { $0.title }

    @Test func `a count or a sum over a relation of a related row stands beside a group's count`() async throws {
        _ = try await Shelf.make()
        let rows = try await labelled.annotate {
            ($0.id.count(), $0.author.books.count, $0.author.books.copies.sum(), $0.author.books.reviews.count)
        }.all()
        #expect(rows.map(\.0.title) == ["Rails", "Swift"])
        #expect(rows.map(\.1) == [1, 1])
        #expect(rows.map(\.2) == [2, 2])
        #expect(rows.map(\.3) == [4, 4])
        #expect(rows.map(\.4) == [3, 3])
        let many = labelled.filter { $0.id.count() == 1 && $0.author.books.count == 2 }
        #expect(try await many.all().map(\.title) == ["Rails", "Swift"])
        #expect(try await many.count() == 2)
    }

    @Test func `a value of another query for a column of a related row stands beside a group's count`() async throws {
        _ = try await Shelf.make()
        let rows: [(Book, Int, String?)] = try await labelled.annotate { book in
            (
                book.id.count(),
                Person.objects.filter { $0.name == outer(book.author.name) }.subquery { $0.nickname }
            )
        }.all()
        #expect(rows.map(\.1) == [1, 1])
        #expect(rows.map(\.2) == ["A", "A"])
        let nested = labelled.annotate { $0.id.count() }.filter { book, count in
            count == 1
                && .exists(
                    Review.objects.filter { review in
                        .exists(
                            Person.objects.filter {
                                $0.name == outer(outer(book.author.name)) && $0.id == outer(review.reader.id)
                            })
                    })
        }
        #expect(try await nested.all().map(\.0.title) == ["Rails", "Swift"])
    }

    @Test func `a summary may hold counts over relations`() async throws {
        _ = try await Shelf.make()
        let rows: [(String, Int, Int)] = try await Book.objects.order { $0.author.name.ascending }
            .values { ($0.author.name, $0.author.books.count, $0.id.count()) }
        #expect(rows.map(\.0) == ["Ann", "Bob"])
        #expect(rows.map(\.1) == [2, 1] && rows.map(\.2) == [2, 1])
    }
}
