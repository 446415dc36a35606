import FoundationEssentials
import MartletORM
import MartletPostgreSQL
import MartletSQLite
import Testing

/// A query whose SQL is kept, as a function of its values.
private struct KeptQuery: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (Int, String, Date) -> SelectQuery

    init<M: Model>(_ name: String, _ make: @escaping @Sendable (Int, String, Date) -> QuerySet<M>) {
        testDescription = name
        self.make = { make($0, $1, $2).query }
    }
}

@Suite struct CompiledQueryTests {
    private static let backends: [any DatabaseBackend] = [
        SQLiteBackend(path: "never-opened.sqlite3"), PostgreSQLBackend(url: "postgresql://nowhere.invalid/"),
    ]

    // Texts that are patterns, numbers at the edges, an empty text, and values that are the same twice.
    private static let values: [(Int, String, Date)] = [
        (1, "Ann", Date(timeIntervalSince1970: 0)), (.max, "100% _wild_ \\ * ? [", Date(timeIntervalSince1970: -1.5)),
        (0, "", Date(timeIntervalSince1970: 1e9)), (-7, "'; DROP TABLE x; --", Date(timeIntervalSince1970: 5)),
        (2, "in_print", Date(timeIntervalSince1970: 1e9)),
    ]

    private static let queries: [KeptQuery] = [
        KeptQuery("everything") { _, _, _ in Book.objects },
        KeptQuery("five terms and a join") { number, text, day in
            Book.objects.filter {
                $0.author.name == text && $0.copies > number && $0.price >= 2.5 && $0.publishedOn < day
                    && $0.title != "Draft"
            }
        },
        KeptQuery("the same column on both sides of a join") { number, text, _ in
            Book.objects.filter { $0.author.name == text || $0.editor.name == "x" + text || $0.copies == number }
        },
        KeptQuery("more terms than a shape has room for") { number, text, _ in
            (0..<40).reduce(Book.objects) { books, term in
                books.filter { $0.copies > number &+ term && $0.title != "\(text) \(term)" }
            }
        },
        KeptQuery("a negation") { number, text, _ in
            Book.objects.exclude { $0.editor.name == text && $0.copies != number }
        },
        KeptQuery("a negation over many rows") { number, text, _ in
            Book.objects.exclude { $0.reviews.stars > number && $0.labels.name == text }
        },
        KeptQuery("two filters over one relation") { number, text, _ in
            Book.objects.filter { $0.reviews.stars > number }.filter { $0.reviews.reader.name == text }
        },
        KeptQuery("one filter over one relation") { number, text, _ in
            Book.objects.filter { $0.reviews.stars > number && $0.reviews.reader.name == text }
        },
        KeptQuery("patterns") { _, text, _ in
            Book.objects.filter {
                $0.title.contains(text) || $0.title.istartsWith(text + "b") || $0.title.endsWith(text + "c")
                    || $0.title.iexact(text + "d")
            }
        },
        KeptQuery("lists") { number, text, _ in
            Book.objects.filter { $0.copies.in([number, 500]) && $0.title.in([text, "b", "c"]) }
        },
        KeptQuery("an empty list") { number, _, _ in
            Book.objects.filter { $0.copies.in([]) && $0.copies < number }
        },
        KeptQuery("nulls") { number, _, _ in
            Book.objects.filter { $0.publishedOn == nil && $0.copies == number || $0.editor.id.isNull }
        },
        KeptQuery("arithmetic and a count") { number, _, _ in
            Book.objects.filter { $0.copies + 1 > number && $0.copies * 3 < 20 && $0.reviews.count > 0 }
        },
        KeptQuery("a part of a moment") { _, _, day in
            Book.objects.filter { $0.publishedOn.year == 2024 && $0.createdAt < day }
        },
        KeptQuery("a subquery") { number, text, _ in
            Book.objects.filter {
                $0.author.id.in(Person.objects.filter { $0.name == text }) { $0.id } && $0.copies > number
            }
        },
        KeptQuery("related rows") { number, _, _ in
            Book.objects.selectRelated { $0.author }.selectRelated { $0.editor }.filter { $0.copies > number }
        },
        KeptQuery("an order and a slice") { number, _, _ in
            Book.objects.order { ($0.publishedOn.descending.nullsLast, $0.title.ascending) }
                .limit(max(1, number % 100)).offset(3)
        },
        KeptQuery("another order") { number, _, _ in
            Book.objects.order { ($0.publishedOn.descending.nullsFirst, $0.title.ascending) }
                .limit(max(1, number % 100))
        },
        KeptQuery("the table's order") { _, text, _ in Label.objects.filter { $0.name == text } },
        KeptQuery("without the table's order") { _, text, _ in Label.objects.filter { $0.name == text }.unordered },
        KeptQuery("each row once") { _, text, _ in Label.objects.filter { $0.name == text }.distinct() },
    ]

    @Test(arguments: queries)
    private func `a query that was compiled before has the statement that it would have anew`(_ query: KeptQuery) throws
    {
        for backend in Self.backends {
            let database = Database(backend)
            for _ in 0..<2 {
                for (number, text, day) in Self.values {
                    let query = query.make(number, text, day)
                    #expect(try database.select(query) == SQLCompiler.select(query, backend.dialect))
                    #expect(try database.count(query) == SQLCompiler.count(query, backend.dialect))
                    #expect(try database.exists(query) == SQLCompiler.exists(query, backend.dialect))
                }
            }
        }
    }

    @Test func `queries of different shapes never share a statement`() throws {
        for backend in Self.backends {
            let database = Database(backend)
            for _ in 0..<3 {
                for query in Self.queries {
                    let query = query.make(3, "Ann", Date(timeIntervalSince1970: 9))
                    let anew = try SQLCompiler.select(query, backend.dialect)
                    #expect(try database.select(query) == anew)
                }
                // More shapes than are kept.
                for length in 1...30 {
                    for terms in 0...40 {
                        var books = Book.objects.filter { $0.copies.in(Array(1...length)) }
                        for term in 0..<terms { books = books.filter { $0.price > Double(term) } }
                        #expect(try database.select(books.query) == SQLCompiler.select(books.query, backend.dialect))
                    }
                }
            }
        }
    }

    @Test func `a number that is none keeps its own treatment of null`() throws {
        let database = Database(Self.backends[0])
        for price in [1.5, .nan, 2.5, .nan] {
            let query = Book.objects.exclude { $0.price > price }.query
            let (kept, anew) = (try database.select(query), try SQLCompiler.select(query, SQLiteDialect()))
            #expect(kept.sql == anew.sql)
            #expect(kept.sql.contains("IS NOT TRUE") == price.isNaN)
        }
    }

    @Test func `a query that cannot be is refused each time`() throws {
        let database = Database(Self.backends[0])
        for _ in 0..<3 {
            #expect(throws: ORMError.self) { _ = try database.select(Book.objects.limit(-1).query) }
            _ = try database.select(Book.objects.limit(1).query)
        }
    }

    @Test func `many tasks compile at once`() async throws {
        let database = Database(Self.backends[1])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<200 {
                        let query = Self.queries[(task + round) % Self.queries.count]
                            .make(round, "\(task)", Date(timeIntervalSince1970: Double(round)))
                        let anew = try SQLCompiler.select(query, Self.backends[1].dialect)
                        #expect(try database.select(query) == anew)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    // What is added to a query must be added to its shape, or to what has none; then to this list.
    @Test func `every part of a query is known to its shape`() {
        let parts = Mirror(reflecting: Book.objects.query).children.compactMap(\.label)
        #expect(
            parts == [
                "table", "conditions", "orders", "usesTableOrdering", "limit", "offset", "isDistinct", "distinctOn",
                "source", "annotations", "selectRelated", "database", "isForWriting", "isNone", "lock", "problem",
            ])
    }
}
