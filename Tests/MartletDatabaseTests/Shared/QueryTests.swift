import FoundationEssentials
import MartletORM
import MartletTemplates
import Testing

@Suite(.library) struct QueryTests {
    /// The titles of a query's books, in the order of the alphabet.
    private func titles(_ query: QuerySet<Book>) async throws -> [String] {
        try await query.all().map(\.title).sorted()
    }

    @Test func `a created row comes back as it was`() async throws {
        let shelf = try await Shelf.make()
        let book = try await Book.objects.get { $0.id == shelf.swift.id }
        #expect(book.title == "Swift")
        #expect(book.state == .inPrint)
        #expect(book.copies == 3)
        #expect(book.price == 9.5)
        #expect(book.publishedOn == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(book.author.id == shelf.ann.id)
        #expect(book.editor?.id == shelf.bob.id)
        #expect(book.createdAt == shelf.swift.createdAt)
        #expect(shelf.ann.id == 1)
    }

    @Test func `conditions follow relations`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { $0.author.name == "Ann" && $0.copies > 2 }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.editor.name == "Bob" }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.labels.name.in(["old"]) }) == ["Rails"])
        #expect(try await Person.objects.filter { $0.books.labels.name == "old" }.all().map(\.name) == ["Ann"])
        #expect(try await titles(Book.objects.filter { $0.reviews.count > 1 }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.author.isActive }) == ["Rails", "Swift"])
        #expect(try await titles(Book.objects.filter { !$0.author.isActive }) == ["Birds 100% _wild_"])
    }

    @Test func `two conditions in one filter mean one related row and two filters may mean two`() async throws {
        _ = try await Shelf.make()
        let one = Book.objects.filter { $0.reviews.stars == 5 && $0.reviews.reader.name == "Ann" }
        let two = Book.objects.filter { $0.reviews.stars == 5 }.filter { $0.reviews.reader.name == "Ann" }
        #expect(try await titles(one) == [])
        #expect(try await titles(two) == ["Swift"])
    }

    @Test func `a join may find a row several times and distinct returns it once`() async throws {
        _ = try await Shelf.make()
        let reviewed = Book.objects.filter { $0.reviews.stars > 0 }
        #expect(try await titles(reviewed) == ["Rails", "Swift", "Swift"])
        #expect(try await reviewed.count() == 3)
        #expect(try await titles(reviewed.distinct()) == ["Rails", "Swift"])
        #expect(try await reviewed.distinct().count() == 2)
    }

    @Test func `exclude keeps rows whose column is null`() async throws {
        _ = try await Shelf.make()
        let day = Date(timeIntervalSince1970: 1_700_000_000)
        #expect(try await titles(Book.objects.exclude { $0.publishedOn == day }) == ["Birds 100% _wild_", "Rails"])
        #expect(try await titles(Book.objects.filter { $0.publishedOn != day }) == ["Birds 100% _wild_", "Rails"])
        #expect(try await titles(Book.objects.exclude { $0.editor.name == "Bob" }) == ["Birds 100% _wild_", "Rails"])
        #expect(try await titles(Book.objects.filter { $0.publishedOn == nil }) == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.exclude { $0.publishedOn.isNull }) == ["Rails", "Swift"])
    }

    @Test func `exclude over a relation to many leaves out rows that have any such row`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.exclude { $0.labels.name == "old" }) == ["Birds 100% _wild_", "Swift"])
        #expect(try await titles(Book.objects.exclude { $0.labels.name.in(["old", "code"]) }) == ["Birds 100% _wild_"])
        #expect(
            try await titles(Book.objects.exclude { $0.reviews.stars == 5 || $0.title == "Rails" })
                == ["Birds 100% _wild_"])
    }

    @Test func `text tests take their argument literally`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { $0.title.contains("%") }) == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.filter { $0.title.icontains("_WILD_") }) == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.filter { $0.title.contains("swift") }) == [])
        #expect(try await titles(Book.objects.filter { $0.title.icontains("SWIFT") }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.title.startsWith("*") }) == [])
        #expect(try await titles(Book.objects.filter { $0.title.endsWith("wild_") }) == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.filter { $0.title.iexact("rails") }) == ["Rails"])
        #expect(try await titles(Book.objects.filter { $0.title.istartsWith("b") }) == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.filter { $0.title.iendsWith("S") }) == ["Rails"])
    }

    @Test func `an empty list matches nothing and its negation everything`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { $0.title.in([]) }) == [])
        #expect(try await Book.objects.exclude { $0.title.in([]) }.count() == 3)
    }

    @Test func `rows can be found by another query`() async throws {
        _ = try await Shelf.make()
        let active = Person.objects.filter { $0.isActive }
        #expect(try await titles(Book.objects.filter { $0.author.id.in(active) { $0.id } }) == ["Rails", "Swift"])
        let latest = Book.objects.order { $0.publishedOn.descending.nullsLast }.limit(1)
        #expect(try await titles(Book.objects.filter { $0.id.in(latest) { $0.id } }) == ["Rails"])
    }

    @Test func `rows come in order and in slices`() async throws {
        _ = try await Shelf.make()
        let ordered = Book.objects.order { ($0.publishedOn.descending.nullsLast, $0.title.ascending) }
        #expect(try await ordered.all().map(\.title) == ["Rails", "Swift", "Birds 100% _wild_"])
        #expect(try await ordered.limit(1).all().map(\.title) == ["Rails"])
        #expect(try await ordered.offset(1).limit(1).all().map(\.title) == ["Swift"])
        #expect(try await ordered.offset(2).all().map(\.title) == ["Birds 100% _wild_"])
        #expect(try await ordered.limit(2).count() == 2)
        #expect(try await ordered.limit(0).all().isEmpty)
        #expect(try await ordered.first()?.title == "Rails")
        #expect(try await ordered.last()?.title == "Birds 100% _wild_")
        #expect(try await Book.objects.filter { $0.publishedOn.year == 2023 }.count() == 2)
    }

    @Test func `an order without a direction begins with the smallest`() async throws {
        _ = try await Shelf.make()
        #expect(
            try await Book.objects.order { $0.title }.all().map(\.title) == ["Birds 100% _wild_", "Rails", "Swift"])
    }

    @Test func `a choice may be null`() async throws {
        try await Person.objects.createMany([Person(name: "Ann", mood: .merry), Person(name: "Bob")])
        #expect(try await Person.objects.filter { $0.mood == .merry }.all().map(\.name) == ["Ann"])
        #expect(try await Person.objects.exclude { $0.mood == .merry }.all().map(\.name) == ["Bob"])
        #expect(try await Person.objects.filter { $0.mood == nil }.all().map(\.mood) == [nil])
    }

    @Test func `values returns typed tuples`() async throws {
        _ = try await Shelf.make()
        let rows: [(String, String, Int, String?)] = try await Book.objects
            .order { $0.title.ascending }
            .values { ($0.title, $0.author.name, $0.reviews.count, $0.author.nickname) }
        #expect(rows.map(\.0) == ["Birds 100% _wild_", "Rails", "Swift"])
        #expect(rows.map(\.1) == ["Bob", "Ann", "Ann"])
        #expect(rows.map(\.2) == [0, 1, 2])
        #expect(rows.map(\.3) == [nil, "A", "A"])
        let names: [String] = try await Person.objects.order { $0.name.ascending }.values { $0.name }
        #expect(names == ["Ann", "Bob"])
    }

    @Test func `related rows are read by a join`() async throws {
        _ = try await Shelf.make()
        let log = StatementLog()
        let books = try await log.observing {
            try await Book.objects.selectRelated { $0.author }.selectRelated { $0.editor }
                .order { $0.title.ascending }.all()
        }
        #expect(log.statements.count == 1)
        #expect(try books.map { try $0.author.loaded.name } == ["Bob", "Ann", "Ann"])
        #expect(try books.map { try $0.editor?.loaded.name } == [nil, nil, "Bob"])
        let reviews = try await Review.objects.selectRelated { $0.book.author }.order { $0.id.ascending }.all()
        #expect(try reviews.map { try $0.book.loaded.author.loaded.name } == ["Ann", "Ann", "Ann"])
        #expect(try reviews.map { try $0.book.loaded.title } == ["Swift", "Swift", "Rails"])
    }

    @Test func `relations to many are loaded with one statement each`() async throws {
        _ = try await Shelf.make()
        let log = StatementLog()
        let books = try await log.observing {
            try await Book.objects.prefetch { $0.labels }.prefetch { $0.reviews.reader }
                .order { $0.title.ascending }.all()
        }
        #expect(log.statements.count == 4)
        #expect(try books.map { try $0.labels.loaded.map(\.name) } == [[], ["code", "old"], ["code"]])
        #expect(
            try books.map { try $0.reviews.loaded.map { try $0.reader.loaded.name } } == [[], ["Bob"], ["Bob", "Ann"]])
        let labels = try await Label.objects.prefetch { $0.books }.all()
        #expect(try labels.map { try $0.books.loaded.map(\.title).sorted() } == [["Rails", "Swift"], ["Rails"]])
    }

    @Test func `a relation that was not loaded is an error that names the remedy`() async throws {
        let shelf = try await Shelf.make()
        let book = try await Book.objects.get { $0.id == shelf.swift.id }
        let one = #expect(throws: ORMError.self) { try book.author.loaded }
        #expect(
            one?.description
                == "'Book.author' was not loaded, and reading it never queries. Add `.selectRelated { $0.author }` to the query."
        )
        let many = #expect(throws: ORMError.self) { try book.labels.loaded }
        #expect(
            many?.description
                == "'Book.labels' was not loaded, and reading it never queries. Add `.prefetch { $0.labels }` to the query."
        )
    }

    @Test func `templates read a row's fields, and an unloaded relation is an error there too`() async throws {
        _ = try await Shelf.make()
        let engine = TemplateEngine(
            loaders: [
                .memory([
                    "book": """
                    {{ b.title }} by {{ b.author.name }} ({{ b.get_state_display }}, {{ b.author_id }}) \
                    {% for l in b.labels.all %}{{ l.name }} {% endfor %}{{ b.labels.count }} {{ b.editor.name }}
                    """
                ])
            ])
        let query = Book.objects.filter { $0.title == "Rails" }.selectRelated { $0.author }
        let book = try await query.prefetch { $0.labels }.get()
        #expect(try engine.renderText("book", ["b": book]) == "Rails by Ann (In print, 1) code old 2 ")
        let bare = try await query.get()
        let error = #expect(throws: TemplateError.self) { try engine.renderText("book", ["b": bare]) }
        #expect(error?.description.contains("`.prefetch { $0.labels }`") == true)
    }

    @Test func `get finds exactly one row`() async throws {
        _ = try await Shelf.make()
        await #expect(throws: ORMError.self) { try await Book.objects.get { $0.title == "None" } }
        await #expect(throws: ORMError.self) { try await Book.objects.get { $0.state == .inPrint } }
        #expect(try await Book.objects.get { $0.title == "Rails" }.copies == 1)
    }

    @Test func `a page knows its neighbours and an impossible one is refused`() async throws {
        _ = try await Shelf.make()
        let page = try await Book.objects.order { $0.title.ascending }.page(2, size: 2)
        #expect(page.items.map(\.title) == ["Swift"])
        #expect((page.count, page.pages, page.hasPrevious, page.hasNext) == (3, 2, true, false))
        for number in [0, 3, -1, Int.min] {
            await #expect(throws: ORMError.self) { try await Book.objects.page(number, size: 2) }
        }
        #expect(try await Book.objects.filter { $0.copies > 99 }.page(1, size: 2).items.isEmpty)
    }

    @Test func `hostile text is only ever a value`() async throws {
        _ = try await Shelf.make()
        let zero = try Database.current.dialect.name == "sqlite" ? "\u{0}" : "0"
        let hostile = "x'; DROP TABLE library_book; --\" \(zero) %_\\ 😀"
        let person = try await Person.objects.create(Person(name: hostile))
        #expect(try await Person.objects.get { $0.name == hostile }.id == person.id)
        #expect(try await Person.objects.filter { $0.name.contains(hostile) }.count() == 1)
        #expect(try await Person.objects.filter { $0.name.icontains(hostile) }.count() <= 1)
        #expect(try await Book.objects.count() == 3)
    }
}
