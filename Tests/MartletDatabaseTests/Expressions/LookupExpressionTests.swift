import FoundationEssentials
import MartletORM
import Testing

@Suite(.library) struct LookupExpressionTests {
    private func titles(_ query: QuerySet<Book>) async throws -> [String] {
        try await query.all().map { String($0.title.prefix(5)) }.sorted()
    }

    @Test func `between takes both ends`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { $0.copies.between(1, 3) }) == ["Rails", "Swift"])
        #expect(try await titles(Book.objects.exclude { $0.copies.between(1, 3) }) == ["Birds"])
        #expect(try await titles(Book.objects.filter { $0.copies.between(3, 1) }) == [])
        #expect(try await titles(Book.objects.filter { $0.copies.between($0.copies, $0.copies + 1) }).count == 3)
    }

    @Test func `a null is not between anything and an exclude keeps it`() async throws {
        _ = try await Shelf.make()
        let day = Date(timeIntervalSince1970: 1_700_000_000)
        #expect(try await titles(Book.objects.filter { $0.publishedOn.between(day, day) }) == ["Swift"])
        #expect(try await titles(Book.objects.exclude { $0.publishedOn.between(day, day) }) == ["Birds", "Rails"])
    }

    @Test func `excluding a range over many rows leaves out a row with one that is in it`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.exclude { $0.reviews.stars.between(2, 3) }) == ["Birds", "Rails"])
    }

    @Test func `a column is compared with other columns`() async throws {
        _ = try await Shelf.make()
        #expect(
            try await titles(Book.objects.filter { $0.author.name.optional.in($0.editor.name, Expr("Ann")) }).count == 2
        )
        #expect(try await titles(Book.objects.filter { $0.createdAt <= $0.updatedAt }).count == 3)
        #expect(try await titles(Book.objects.filter { $0.publishedOn < $0.createdAt }) == ["Rails", "Swift"])
        #expect(try await titles(Book.objects.filter { $0.publishedOn < now() }) == ["Rails", "Swift"])
    }

    @Test func `text is looked for in other text without patterns`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { $0.title.contains(Expr("%")) }) == ["Birds"])
        #expect(try await titles(Book.objects.filter { $0.title.startsWith($0.title.left(2)) }).count == 3)
        #expect(try await titles(Book.objects.filter { $0.title.endsWith($0.title.right(3)) }).count == 3)
        #expect(try await titles(Book.objects.filter { $0.title.startsWith(Expr("wift")) }) == [])
        #expect(try await titles(Book.objects.filter { $0.title.endsWith(Expr("xxxxSwift")) }) == [])
        #expect(try await titles(Book.objects.filter { $0.title.icontains(Expr("SWI")) }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.title.istartsWith(Expr("SWI")) }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.title.iendsWith(Expr("IFT")) }) == ["Swift"])
        #expect(try await titles(Book.objects.filter { $0.title.iexact(Expr("sWiFt")) }) == ["Swift"])
    }

    struct PatternCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let pattern: String
        let text: String
        let matches: Bool

        init(_ name: String, _ pattern: String, _ text: String, _ matches: Bool) {
            testDescription = name
            self.pattern = pattern
            self.text = text
            self.matches = matches
        }
    }

    static let patterns = [
        PatternCase("a part is enough", "wif", "Swift", true),
        PatternCase("case counts", "WIF", "Swift", false),
        PatternCase("anchors", "^S.*t$", "Swift", true),
        PatternCase("classes", #"^\d+\s\w+$"#, "12 apples", true),
        PatternCase("alternatives", "(cat|dog)s?$", "two dogs", true),
        PatternCase("a bound", "^a{2,3}$", "aaaa", false),
        PatternCase("looking ahead", "^(?=.*[0-9]).+$", "abc1", true),
        PatternCase("a back reference", #"(.)\1"#, "book", true),
        PatternCase("a point is a new line too", "a.b", "a\nb", true),
        PatternCase("the end is the very end", "a$", "a\n", false),
        PatternCase("an empty pattern", "", "Swift", true),
        PatternCase("an empty text", "^$", "", true),
        PatternCase("a quote", "'\"", "x'\"x", true),
    ]

    @Test func `regular expressions mean the same`() async throws {
        for example in Self.patterns {
            try await Person.objects.delete()
            try await Person.objects.create(Person(name: example.text, nickname: nil))
            let (pattern, name) = (example.pattern, example.testDescription)
            #expect(try await Person.objects.filter { $0.name.regex(pattern) }.exists() == example.matches, "\(name)")
            #expect(try await Person.objects.exclude { $0.name.regex(pattern) }.exists() != example.matches, "\(name)")
            #expect(try await !Person.objects.filter { $0.nickname.regex(pattern) }.exists(), "\(name)")
            #expect(try await Person.objects.exclude { $0.nickname.regex(pattern) }.exists(), "\(name)")
        }
    }

    @Test func `iregex does not regard case`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.filter { $0.title.iregex("^sWI") }) == ["Swift"])
    }

    @Test func `what is no regular expression is an invalid value`() async throws {
        _ = try await Shelf.make()
        for pattern in ["(", "[a", "a{2,1}", "*a"] {
            let error = await #expect(throws: DatabaseError.self) {
                _ = try await Book.objects.filter { $0.title.regex(pattern) }.all()
            }
            #expect(error?.kind == .invalidValue, "\(pattern)")
        }
    }

    @Test func `a pattern of megabytes is refused before it is compiled`() async throws {
        let error = await #expect(throws: ORMError.self) {
            _ = try await Book.objects.filter { $0.title.regex(String(repeating: "a", count: 1 << 20)) }.all()
        }
        #expect(error?.description.contains("1048576 bytes") == true)
    }

    @Test func `exclude regards functions that make nulls`() async throws {
        _ = try await Shelf.make()
        #expect(try await titles(Book.objects.exclude { $0.title.nullIf("Swift") == "Rails" }) == ["Birds", "Swift"])
        #expect(
            try await titles(
                Book.objects.exclude { when($0.title == "Swift", then: 1).elseNull == 1 }) == ["Birds", "Rails"])
    }

    @Test func `rows are ordered by any expressions`() async throws {
        _ = try await Shelf.make()
        func ordered(_ query: QuerySet<Book>) async throws -> [String] {
            try await query.all().map { String($0.title.prefix(5)) }
        }
        #expect(
            try await ordered(Book.objects.order { ($0.title.length().descending, $0.title) })
                == ["Birds", "Rails", "Swift"])
        #expect(try await ordered(Book.objects.order { ($0.author.name, -$0.copies) }) == ["Swift", "Rails", "Birds"])
        #expect(
            try await ordered(
                Book.objects.order {
                    ($0.state, $0.author.name.descending, $0.publishedOn.descending.nullsFirst, $0.title)
                }) == ["Birds", "Rails", "Swift"])
        #expect(
            try await ordered(Book.objects.order { book in [book.author.name.descending, book.title.ascending] })
                == ["Birds", "Rails", "Swift"])
        #expect(
            try await ordered(Book.objects.order { when($0.title == "Rails", then: 0).else(1) }).first == "Rails")
        #expect(try await ordered(Book.objects.order { _ in Order.random }).count == 3)
        #expect(try await ordered(Book.objects.order { $0.title == "Swift" }).last == "Swift")
    }

    @Test func `updates take expressions`() async throws {
        let shelf = try await Shelf.make()
        try await Book.objects.filter { $0.id == shelf.swift.id }.update {
            $0.copies = ($0.copies + 1) * 2
            $0.title = $0.title.upper() + "!"
            $0.publishedOn = $0.publishedOn + .seconds(1)
        }
        let book = try await Book.objects.get { $0.id == shelf.swift.id }
        #expect(book.copies == 8)
        #expect(book.title == "SWIFT!")
        #expect(book.publishedOn == Date(timeIntervalSince1970: 1_700_000_001))
    }
}
