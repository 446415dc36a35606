import FoundationEssentials
import MartletORM
import Testing

/// Where SQL means something else than the reader of a query expects.
@Suite(.library) struct QueryEdgeTests {
    private func titles(_ query: QuerySet<Book>) async throws -> [String] {
        try await query.all().map(\.title).sorted()
    }

    private func problem(_ operation: () async throws -> Void) async -> String? {
        await #expect(throws: ORMError.self) { try await operation() }?.description
    }

    @Test func `a null among another query's values hides no row from exclude`() async throws {
        let shelf = try await Shelf.make()
        // The editors are Bob and, twice, nobody.
        let editors = Book.objects.unordered
        let people = try await Person.objects.exclude { $0.id.in(editors) { $0.editor.id } }.all()
        #expect(people.map(\.name) == ["Ann"])
        #expect(
            try await Person.objects.filter { $0.id.in(editors) { $0.editor.id } }.all().map(\.id) == [shelf.bob.id])
    }

    @Test func `what is no number equals nothing, and its negation everything`() async throws {
        _ = try await Shelf.make()
        #expect(try await Book.objects.filter { $0.price == .nan }.count() == 0)
        #expect(try await Book.objects.exclude { $0.price == .nan }.count() == 3)
    }

    @Test func `conditions can be compared with each other`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { ($0.copies == 3) == ($0.price == 9.5) }).count == 3)
        #expect(
            try await titles(Book.objects.filter { ($0.copies > 0) == ($0.title == "Rails") })
                == ["Birds 100% _wild_", "Rails"])
        #expect(
            try await titles(Book.objects.filter { (!($0.copies == 3)) == true }) == ["Birds 100% _wild_", "Rails"])
        #expect(try await titles(Book.objects.filter { !(!(!($0.copies == 3))) }) == ["Birds 100% _wild_", "Rails"])
    }

    @Test func `negations reach every part of a condition`() async throws {
        _ = try await Shelf.make()
        let all = ["Birds 100% _wild_", "Rails", "Swift"]
        #expect(
            try await titles(Book.objects.exclude { $0.editor.name == "Bob" || $0.publishedOn == nil }) == ["Rails"])
        #expect(
            try await titles(Book.objects.exclude { $0.editor.name == "Bob" && $0.publishedOn == nil }) == all)
        #expect(try await titles(Book.objects.filter { !($0.editor.name != "Bob") }) == ["Swift"])
        #expect(
            try await titles(Book.objects.exclude { $0.labels.name == "old" }.exclude { $0.reviews.stars == 5 })
                == ["Birds 100% _wild_"])
        #expect(
            try await titles(Book.objects.exclude { $0.labels.name == "old" || $0.reviews.stars == 5 })
                == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.exclude { $0.labels.id.isNull }) == ["Rails", "Swift"])
        #expect(try await titles(Book.objects.filter { $0.labels.id.isNull }) == ["Birds 100% _wild_"])
        #expect(try await titles(Book.objects.exclude { $0.reviews.count > 1 }) == ["Birds 100% _wild_", "Rails"])
        #expect(
            try await titles(Book.objects.exclude { $0.reviews.reader.name == "Ann" })
                == ["Birds 100% _wild_", "Rails"])
        #expect(try await titles(Book.objects.exclude { $0.author.books.count > 1 }) == ["Birds 100% _wild_"])
    }

    @Test func `or over a relation to many keeps rows that have none`() async throws {
        _ = try await Shelf.make()
        let found = Book.objects.filter { $0.labels.name == "old" || $0.title.startsWith("Birds") }.distinct()
        #expect(try await titles(found) == ["Birds 100% _wild_", "Rails"])
    }

    @Test func `columns and order behind a filter see the rows that passed it`() async throws {
        _ = try await Shelf.make()
        let names: [(String, String?)] = try await Book.objects.filter { $0.labels.name == "code" }
            .order { $0.labels.name.ascending }.values { ($0.title, $0.labels.name) }
        #expect(names.map(\.0).sorted() == ["Rails", "Swift"])
        #expect(names.map(\.1) == ["code", "code"])
        #expect(
            try await titles(Book.objects.filter { $0.labels.name == "old" }.order { $0.labels.name.ascending })
                == ["Rails"])
    }

    @Test func `an order over a relation and distinct go together`() async throws {
        _ = try await Shelf.make()
        let query = Book.objects.filter { $0.reviews.stars > 0 }.distinct()
            .order { ($0.author.name.descending, $0.title.ascending) }
        #expect(try await query.all().map(\.title) == ["Rails", "Swift"])
        #expect(try await query.count() == 2)
    }

    @Test func `a distinct slice of another query is cut after its rows were made distinct`() async throws {
        _ = try await Shelf.make()
        let authors = Book.objects.order { $0.author.id.ascending }.distinct().limit(2)
        #expect(try await Person.objects.filter { $0.id.in(authors) { $0.author.id } }.count() == 2)
    }

    @Test func `a column behind an optional reference is read as optional`() async throws {
        _ = try await Shelf.make()
        let rows: [(String, String?)] = try await Book.objects.order { $0.title.ascending }
            .values { ($0.title, $0.editor.name) }
        #expect(rows.map(\.1) == [nil, nil, "Bob"])
        let nicknames: [String?] = try await Book.objects.order { $0.title.ascending }.values { $0.editor.nickname }
        #expect(nicknames == [nil, nil, nil])
    }

    @Test func `an optional reference is set and cleared by an update`() async throws {
        let shelf = try await Shelf.make()
        #expect(try await Book.objects.update { $0.editor = ForeignKey(shelf.ann) } == 3)
        #expect(try await Book.objects.filter { $0.editor == shelf.ann }.count() == 3)
        #expect(
            try await Book.objects.filter { $0.reviews.count > 0 }.update {
                $0.editor = nil
                $0.copies = 7
                $0.copies = 8
            } == 2)
        #expect(try await titles(Book.objects.filter { $0.editor.id.isNull }) == ["Rails", "Swift"])
        let copies: [Int] = try await Book.objects.order { $0.title.ascending }.values { $0.copies }
        #expect(copies == [0, 8, 8])
        #expect(try await Book.objects.exclude { $0.reviews.count > 0 }.delete().total == 1)
    }

    @Test func `a slice is final`() async throws {
        _ = try await Shelf.make()
        let slice = Book.objects.order { $0.title.ascending }.limit(1)
        let changes: [(String, QuerySet<Book>)] = [
            ("filter", slice.filter { $0.copies == 3 }), ("exclude", slice.exclude { $0.copies == 3 }),
            ("order", slice.order { $0.copies.ascending }), ("distinct", slice.distinct()),
            ("unordered", slice.unordered), ("reversed", slice.reversed()),
        ]
        for (name, query) in changes {
            let text = await problem { _ = try await query.all() }
            #expect(
                text
                    == "\(name) cannot follow limit or offset. Call it before them, or put the slice into a condition: "
                    + "`filter { $0.id.in(slice) { $0.id } }`.")
        }
        #expect(try await titles(Book.objects.filter { $0.id.in(slice) { $0.id } }) == ["Birds 100% _wild_"])
        #expect(try await slice.get().title == "Birds 100% _wild_")
    }

    @Test func `offsets and limits of any size are no arithmetic of ours`() async throws {
        _ = try await Shelf.make()
        let ordered = Book.objects.order { $0.title.ascending }
        #expect(try await ordered.limit(.max).offset(.max).all().isEmpty)
        #expect(try await ordered.offset(.max).offset(.max).all().isEmpty)
        #expect(try await ordered.limit(2).offset(1).all().map(\.title) == ["Rails"])
        #expect(try await ordered.limit(2).offset(5).all().isEmpty)
        #expect(try await ordered.offset(1).limit(.max).all().count == 2)
        #expect(try await ordered.limit(.max).limit(1).count() == 1)
        for query in [ordered.limit(-1), ordered.limit(.min), ordered.offset(-1), ordered.limit(1).offset(.min)] {
            #expect(await problem { _ = try await query.all() }?.contains("is negative; use 0 or more.") == true)
        }
    }

    @Test func `pages of any size and number are pages or errors`() async throws {
        _ = try await Shelf.make()
        let ordered = Book.objects.order { $0.title.ascending }
        #expect(try await ordered.page(1, size: .max).items.count == 3)
        #expect(try await ordered.page(1, size: .max).pages == 1)
        #expect(try await ordered.page(2, size: 2).items.map(\.title) == ["Swift"])
        #expect(try await ordered.page(3, size: 1).hasNext == false)
        for (number, size) in [(0, 1), (-1, 1), (4, 1), (.max, 1), (.min, 1), (2, .max), (1, 0), (1, -1)] {
            #expect(await problem { _ = try await ordered.page(number, size: size) } != nil, "\(number) of \(size)")
        }
        let empty = try await ordered.filter { $0.copies == 99 }.page(1, size: 20)
        #expect((empty.pages, empty.count, empty.items.count) == (1, 0, 0))
    }

    @Test func `a list longer than the database takes is refused with the remedy`() async throws {
        _ = try await Shelf.make()
        let dialect = try Database.current.dialect
        let long = Array(0...dialect.maximumParameters)
        let text = await problem { _ = try await Book.objects.filter { $0.copies.in(long) }.all() }
        #expect(
            text == "A query binds \(long.count) values; \(dialect.name) takes at most \(long.count - 1). "
                + "Ask for the values in parts, "
                + "or by a query: `in(query) { $0.id }`.")
        #expect(await problem { _ = try await Book.objects.filter { $0.copies.in(long) }.count() } != nil)
        #expect(await problem { _ = try await Book.objects.filter { $0.copies.in(long) }.exists() } != nil)
        #expect(
            await problem { _ = try await Book.objects.filter { $0.copies.in(long) }.update { $0.copies = 1 } } != nil)
        #expect(await problem { _ = try await Review.objects.filter { $0.stars.in(long) }.delete() } != nil)
        #expect(try await Book.objects.filter { $0.copies.in(long.dropLast()) }.count() == 3)
    }

    @Test func `tens of thousands of rows are created, loaded, unlinked and deleted`() async throws {
        let editor = try await Person.objects.create(Person(name: "Ann"))
        let author = try await Person.objects.create(Person(name: "Bob"))
        let log = StatementLog()
        let people = try await log.observing {
            try await Person.objects.createMany((0..<33_000).map { Person(name: "person \($0)") })
        }
        #expect(log.statements.count < 200)
        #expect(people.map(\.id) == Array(3...33_002))
        let last = try await Person.objects.get { $0.id == 33_002 }
        #expect(last.name == "person 32999")
        let books = try await Book.objects.createMany(
            people.map { Book(title: $0.name, author: ForeignKey(author), editor: ForeignKey($0)) })
        try await Book.objects.filter { $0.title.startsWith("person 1") }.update { $0.editor = ForeignKey(editor) }
        let loaded = try await Book.objects.prefetch { $0.editor }.prefetch { $0.labels }.all()
        #expect(try loaded.allSatisfy { try $0.editor?.loaded != nil && $0.labels.loaded.isEmpty })
        let labels = try await Label.objects.createMany((0..<16_500).map { Label(name: "label \($0)") })
        try await books[0].add(labels, to: \.labels)
        #expect(try await books[0].related(\.labels).count() == 16_500)
        try await books[0].remove(labels + labels, from: \.labels)
        #expect(try await books[0].related(\.labels).count() == 0)
        try await Book.objects.update { $0.editor = ForeignKey(editor) }
        try await editor.delete()
        #expect(try await Book.objects.filter { $0.editor.id.isNull }.count() == 33_000)
    }

    @Test func `rows with and without an id are created together in their order`() async throws {
        let people = try await Person.objects.createMany([
            Person(name: "a"), Person(id: 50, name: "b"), Person(name: "c"),
        ])
        // PostgreSQL counts on from its own last number, whatever ids were given.
        let next = try Database.current.dialect.name == "sqlite" ? 51 : 2
        #expect(people.map(\.id) == [1, 50, next])
        #expect(try await Person.objects.get { $0.id == next }.name == "c")
    }

    @Test func `text with zero bytes, quotes and wild cards is only text`() async throws {
        let author = try await Person.objects.create(Person(name: "Ann"))
        for text in ["'; DROP TABLE library_book; --", "\"", "a\0b", "%", "_", "[a-z]*?", "\\", "😀", "e\u{301}", ""] {
            // PostgreSQL has no zero bytes in text; its driver says so.
            if text.utf8.contains(0), try Database.current.dialect.name != "sqlite" { continue }
            try await Book.objects.create(Book(title: text, author: ForeignKey(author)))
            #expect(try await Book.objects.filter { $0.title == text }.all().map(\.title) == [text])
            #expect(try await Book.objects.filter { $0.title.in([text]) }.count() == 1)
            if !text.utf8.contains(0) {
                #expect(try await Book.objects.filter { $0.title.startsWith(text) && $0.title == text }.count() == 1)
                #expect(try await Book.objects.filter { $0.title.iendsWith(text) && $0.title == text }.count() == 1)
            }
        }
        #expect(try await Book.objects.filter { $0.title.istartsWith("%") }.count() == 1)
        #expect(try await Book.objects.filter { $0.title.startsWith("[a") }.count() == 1)
    }
}

/// An actor that queries by values of its own: conditions stay where they are written.
private actor Librarian {
    private var title = "Swift"

    func look() async throws -> (Book, [Int], Int) {
        let book = try await Book.objects.get { $0.title == title }
        let copies: [Int] = try await Book.objects.filter { $0.title == title }.values { $0.copies + book.copies }
        let changed = try await Book.objects.filter { $0.id == book.id }.update { $0.title = title }
        return (book, copies, changed)
    }
}

@Suite(.library) struct IsolationTests {
    @Test func `an actor queries by its own state`() async throws {
        _ = try await Shelf.make()
        let (book, copies, changed) = try await Librarian().look()
        #expect(book.title == "Swift")
        #expect(copies == [6])
        #expect(changed == 1)
    }
}
