import MartletORM
import Testing

/// `distinct()` with an order: as in Django, what orders the rows is selected too, and must not reach the query around.
@Suite(.library) struct DistinctSliceTests {
    private func titles(_ query: QuerySet<Book>) async throws -> [String] {
        try await query.all().map(\.title).sorted()
    }

    private let firstTitle = Book.objects.order { $0.title }.distinct().limit(1)

    @Test func `distinct rows in an order are changed and deleted`() async throws {
        _ = try await Shelf.make()
        // The table of labels has an order of its own.
        #expect(
            try await Label.objects.filter { $0.books.title == "Swift" }.distinct().update { $0.name = "new" } == 1)
        let byAnn = Review.objects.filter { $0.reader.books.copies > 0 }.order { $0.stars }.distinct()
        #expect(try await byAnn.update { $0.stars = 3 } == 1)
        #expect(try await Review.objects.order { $0.stars.descending }.distinct().limit(2).update { $0.stars = 4 } == 2)
        #expect(try await Review.objects.order { $0.stars }.values { $0.stars } == [1, 4, 4])
        #expect(try await byAnn.delete().total == 1)
        #expect(try await Review.objects.order { $0.stars }.distinct().limit(1).delete().total == 1)
        #expect(try await Review.objects.values { $0.stars } == [4])
    }

    @Test func `a slice of distinct rows in an order is one column for the query around`() async throws {
        let shelf = try await Shelf.make()
        let two = Book.objects.order { $0.title }.distinct().limit(2)
        #expect(try await titles(Book.objects.filter { $0.id.in(two) { $0.id } }) == ["Birds 100% _wild_", "Rails"])
        #expect(try await titles(Book.objects.exclude { $0.id.in(two) { $0.id } }) == ["Swift"])
        let authors = Person.objects.filter { $0.id.in(firstTitle) { $0.author.id } }
        #expect(try await authors.all().map(\.name) == ["Bob"])
        #expect(try await two.contains(shelf.rails))
        #expect(try await !two.contains(shelf.swift))
        let copies: [(Person, Int?)] = try await Person.objects.order { $0.name }.annotate { person in
            Book.objects.filter { $0.author.id == outer(person.id) }.order { $0.title }.distinct().limit(1)
                .subquery { $0.copies }
        }.all()
        #expect(copies.map(\.1) == [1, 0])
    }

    @Test func `a slice of distinct rows that are grouped or numbered is one column too`() async throws {
        _ = try await Shelf.make()
        let grouped = Book.objects.filter { $0.reviews.stars > 0 }.filter { $0.id.count() > 0 }
            .order { $0.title.descending }.distinct().limit(1)
        #expect(try await titles(Book.objects.filter { $0.id.in(grouped) { $0.id } }) == ["Swift"])
        let numbered = Book.objects.filter { Window.rowNumber.over(orderBy: $0.title.ascending) < 3 }
            .order { $0.copies }.distinct().limit(1)
        #expect(try await titles(Book.objects.filter { $0.id.in(numbered) { $0.id } }) == ["Birds 100% _wild_"])
        #expect(try await titles(grouped.union(numbered)) == ["Birds 100% _wild_", "Swift"])
        #expect(try await numbered.update { $0.copies = 7 } == 1)
    }

    @Test func `slices of distinct rows in different orders are taken together`() async throws {
        _ = try await Shelf.make()
        let last = Book.objects.order { ($0.copies.descending, $0.title.ascending) }.distinct().limit(1)
        #expect(try await titles(firstTitle.union(last)) == ["Birds 100% _wild_", "Swift"])
        #expect(try await titles(firstTitle.union(Book.objects)) == ["Birds 100% _wild_", "Rails", "Swift"])
        #expect(try await titles(firstTitle.intersection(last)) == [])
        #expect(try await titles(Book.objects.difference(firstTitle)) == ["Rails", "Swift"])
        #expect(try await firstTitle.union(last).count() == 2)
    }

    @Test func `a slice of distinct rows exists when it has a row`() async throws {
        _ = try await Shelf.make()
        #expect(try await Person.objects.distinct()[1..<2].exists())
        #expect(try await !Person.objects.distinct()[2..<3].exists())
        #expect(try await Book.objects.order { $0.title }.distinct()[2..<3].exists())
        #expect(try await !Book.objects.order { $0.title }.distinct()[3..<4].exists())
        #expect(try await Book.objects.filter { $0.copies > 0 }.distinct().exists())
        #expect(try await !Book.objects.filter { $0.copies > 9 }.distinct().exists())
        let second = Person.objects.distinct()[1..<2]
        #expect(try await Book.objects.filter { _ in .exists(second) }.count() == 3)
        let third = Person.objects.distinct()[2..<3]
        #expect(try await Book.objects.filter { _ in .exists(third) }.count() == 0)
    }
}
