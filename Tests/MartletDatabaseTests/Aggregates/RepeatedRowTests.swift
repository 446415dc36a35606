import MartletORM
import Testing

/// Annotations over a relation to many, which return a row once for each related one: four here, because a book has two
/// labels, one has one, and one has none.
@Suite(.library) struct RepeatedRowTests {
    private var labelled: AnnotatedQuerySet<Book, String?> { Book.objects.annotate { $0.labels.name } }

    private func rows(_ query: AnnotatedQuerySet<Book, String?>) async throws -> [String] {
        try await query.order { ($0.title.ascending, $1.ascending) }.all().map { "\($0.title) \($1 ?? "-")" }
    }

    @Test func `rows are counted, paged and cut as they are returned`() async throws {
        _ = try await Shelf.make()
        #expect(try await rows(labelled).count == 4)
        #expect(try await labelled.count() == 4)
        let ordered = labelled.order { ($0.title.ascending, $1.ascending) }
        let last = try await ordered.page(2, size: 3)
        #expect((last.count, last.pages, last.items.map(\.1)) == (4, 2, ["code"]))
        #expect(try await ordered.limit(9).count() == 4)
        #expect(try await ordered.offset(1).limit(9).count() == 3)
        #expect(try await ordered.offset(3).exists())
        #expect(try await !ordered.offset(4).exists())
        #expect(try await labelled.filter { $1 == "code" }.count() == 2)
        #expect(try await labelled.distinct().count() == 4)
        #expect(try await Book.objects.annotate { $0.labels.count }.count() == 3)
    }

    @Test func `aggregates are of the rows that are returned`() async throws {
        _ = try await Shelf.make()
        // Three copies of one book, and twice the one copy of the other.
        #expect(try await labelled.aggregate { book, _ in book.copies.sum() } == 5)
        #expect(try await labelled.aggregate { _, name in name.count() } == 3)
        let (copies, names, reviews) = try await labelled.aggregate { book, name in
            (book.copies.sum(), name.count(distinct: true), book.id.count())
        }
        #expect(copies == 5 && names == 2 && reviews == 4)
        #expect(try await labelled.filter { $1 == "code" }.aggregate { book, _ in book.copies.sum() } == 4)
    }

    @Test func `a row comes with the value that it was filtered by`() async throws {
        _ = try await Shelf.make()
        let old = labelled.filter { $1 == "old" }.filter { book, _ in book.labels.name == "code" }
        #expect(try await rows(old) == ["Rails old"])
        #expect(try await old.count() == 1)
        #expect(try await old.aggregate { $1.max() } == "old")
        let names: [String?] = try await old.values { $1 }
        #expect(names == ["old"])
        // It is one value, in whichever filter it stands.
        #expect(try await rows(labelled.filter { $1 == "old" }.filter { $1 == "code" }) == [])
        let two: AnnotatedQuerySet<Book, String?, Int> = Book.objects.annotate {
            ($0.labels.name, $0.labels.id.count())
        }
        let counted = try await two.filter { _, name, _ in name == "old" }
            .filter { book, _, _ in book.labels.name == "code" }.all()
        #expect(counted.map { $0.1 } == ["old"])
    }

    @Test func `bound values of an annotation stay its own wherever it stands`() async throws {
        _ = try await Shelf.make()
        let named: AnnotatedQuerySet<Book, String> = Book.objects.annotate { $0.labels.name ?? "none" }
        let grouped = named.filter { book, name in book.copies > 0 && name == "old" && book.id.count() > 0 }
        let old = grouped.filter { book, _ in book.labels.name == "code" }.order { _, name in name.descending }
        let oldNames = try await old.all().map { $0.1 }
        #expect(oldNames == ["old"])
        let ordered = named.order { book, name in (name.ascending, book.title.ascending) }
        let names = try await ordered.all().map { $0.1 }
        #expect(names == ["code", "code", "none", "old"])
        let counts: [(String, Int)] = try await named.order { _, name in (name.ascending, name.descending) }
            .values { book, name in (name, book.id.count()) }
        #expect(counts.map(\.0) == ["code", "none", "old"] && counts.map(\.1) == [2, 1, 1])
        let without: [String] = try await named.filter { _, name in name != "none" }
            .order { _, name in name.descending }.distinct().values { _, name in name }
        #expect(without == ["old", "code"])
    }
}
