import FoundationEssentials
import MartletORM
import Testing

/// Django's `tests/defer`, without the queries that its deferred attributes make in secret.
@Suite(.library) struct PartialTests {
    private func problem(_ operation: () throws -> Void) -> String? {
        #expect(throws: ORMError.self) { try operation() }?.description
    }

    @Test func `only the named columns are read`() async throws {
        let shelf = try await Shelf.make()
        let log = StatementLog()
        let books = try await log.observing {
            try await Book.objects.order { $0.title.ascending }.only(\.title, \.author).all()
        }
        #expect(log.statements.count == 1)
        #expect(log.statements[0].sql.contains("\"title\"") && !log.statements[0].sql.contains("\"price\""))
        #expect(try books.map { try $0.title } == ["Birds 100% _wild_", "Rails", "Swift"])
        #expect(books.last?.id == shelf.swift.id)
        #expect(try books.last?.author.id == shelf.ann.id)
        #expect(books[0].isLoaded(\.title) && books[0].isLoaded(\.id) && !books[0].isLoaded(\.price))
    }

    @Test func `a column that was not read is an error that names the remedy`() async throws {
        _ = try await Shelf.make()
        let book = try await Book.objects.only(\.title).get { $0.title == "Swift" }
        #expect(
            problem { _ = try book.price }
                == "'Book.price' was not read, and reading it never queries. Add `\\.price` to only(…), leave it out of "
                + "defer(…), or call complete() for the whole row.")
        #expect(problem { _ = try book.editor } != nil)
        #expect(problem { _ = try book.templateText }?.contains("is computed") == true)
        #expect(problem { _ = try book.reviews.loaded }?.contains("`.prefetch { $0.reviews }`") == true)
        #expect(try await book.complete().price == 9.5)
    }

    @Test func `all columns but the deferred ones are read`() async throws {
        _ = try await Shelf.make()
        let book = try #require(try await Book.objects.order { $0.title.descending }.defer(\.price, \.state).first())
        #expect(try book.title == "Swift" && book.copies == 3)
        #expect(problem { _ = try book.price } != nil)
        #expect(problem { _ = try book.state } != nil)
        #expect(try await Book.objects.order { $0.title.ascending }.defer(\.price).last()?.title == "Swift")
        #expect(try await Book.objects.filter { $0.copies > 0 }.defer(\.price).count() == 2)
        #expect(try await Book.objects.filter { $0.copies > 9 }.defer(\.price).exists() == false)
        await #expect(throws: ORMError.self) { try await Book.objects.only(\.title).get() }
        await #expect(throws: ORMError.self) { try await Book.objects.only(\.title).get { $0.copies == 99 } }
    }

    @Test func `a partial row writes only what it holds`() async throws {
        let shelf = try await Shelf.make()
        var book = try await Book.objects.only(\.title).get { $0.id == shelf.swift.id }
        try await Book.objects.filter { $0.id == shelf.swift.id }.update { $0.copies = 77 }
        try book.set(\.title, to: "Swift 6")
        try book.set(\.price, to: 12)
        let log = StatementLog()
        try await log.observing { [book] in
            var book = book
            try await book.save()
        }
        #expect(log.statements.count == 1 && !log.statements[0].sql.contains("\"copies\""))
        let whole = try await Book.objects.get { $0.id == shelf.swift.id }
        #expect(whole.title == "Swift 6" && whole.price == 12 && whole.copies == 77)
        #expect(whole.author.id == shelf.ann.id && whole.updatedAt >= shelf.swift.updatedAt)
        #expect(whole.createdAt == shelf.swift.createdAt)
        #expect(try book.price == 12)
    }

    @Test func `what a partial row cannot do is refused`() async throws {
        let shelf = try await Shelf.make()
        var book = try await Book.objects.only(\.title, \.author).get { $0.id == shelf.birds.id }
        #expect(problem { try book.set(\.id, to: shelf.swift.id) }?.contains("not the primary key") == true)
        #expect(problem { try book.set(\.labels, to: ManyToMany()) } != nil)
        try book.set(\.author, to: ForeignKey())
        await #expect(throws: ORMError.self) { try await book.save() }
        try book.set(\.author, to: ForeignKey(shelf.bob))
        try await shelf.birds.delete()
        await #expect(throws: ORMError.self) { try await book.save() }
        await #expect(throws: ORMError.self) { try await book.complete() }
        await #expect(throws: ORMError.self) { try await Book.objects.only(\.labels).all() }
        await #expect(throws: ORMError.self) { try await Book.objects.selectRelated { $0.author }.only(\.title).all() }
    }

    @Test func `relations to many are loaded for partial rows`() async throws {
        _ = try await Shelf.make()
        let books = try await Book.objects.order { $0.title.ascending }.prefetch { $0.labels }.only(\.title).all()
        #expect(try books.map { try $0.labels.loaded.count } == [0, 2, 1])
    }
}
