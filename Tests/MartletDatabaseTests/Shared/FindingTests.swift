import FoundationEssentials
import MartletORM
import Testing

/// Query sets that find rows by other means than a filter alone.
@Suite(.library) struct FindingTests {
    private func statements(_ operation: () async throws -> Void) async throws -> [String] {
        let log = StatementLog()
        try await log.observing { try await operation() }
        return log.statements.map(\.sql)
    }

    // Django, get_earliest_or_latest; a null is neither the earliest nor the latest, on PostgreSQL too.
    @Test func `the earliest and the latest row are found, and none is an error`() async throws {
        _ = try await Shelf.make()
        #expect(try await Book.objects.earliest { $0.publishedOn }.title == "Swift")
        #expect(try await Book.objects.latest { $0.publishedOn }.title == "Rails")
        #expect(try await Book.objects.order { $0.title }.earliest { $0.copies }.title == "Birds 100% _wild_")
        #expect(try await Book.objects.exclude { $0.title == "Rails" }.latest { $0.publishedOn }.title == "Swift")
        #expect(try await Book.objects.latest { $0.author.name }.title == "Birds 100% _wild_")
        await #expect(throws: ORMError.self) {
            _ = try await Book.objects.filter { $0.copies > 9 }.latest { $0.copies }
        }
        let sliced = await #expect(throws: ORMError.self) { _ = try await Book.objects.limit(2).earliest { $0.copies } }
        #expect(sliced?.description.hasPrefix("earliest cannot follow limit or offset") == true)
    }

    @Test func `no rows cost no statement, and stay none whatever is added`() async throws {
        _ = try await Shelf.make()
        let none = Book.objects.none
        let ran = try await statements {
            #expect(try await none.all().isEmpty)
            #expect(try await none.filter { $0.copies > 0 }.order { $0.title }.first() == nil)
            #expect(try await none.count() == 0)
            #expect(try await !none.exists())
            #expect(try await none.update { $0.copies = 1 } == 0)
            #expect(try await none.delete().total == 0)
            let titles: [String] = try await none.values { $0.title }
            #expect(titles.isEmpty)
        }
        #expect(ran.isEmpty)
        #expect(try await Book.objects.filter { $0.id.in(none) { $0.id } }.count() == 0)
        #expect(try await Book.objects.exclude { $0.id.in(none) { $0.id } }.count() == 3)
    }

    @Test func `a row is asked for among others with one statement`() async throws {
        let shelf = try await Shelf.make()
        let printed = Book.objects.filter { $0.state == .inPrint }
        let ran = try await statements {
            let found = try await [printed.contains(shelf.swift), printed.contains(shelf.birds)]
            #expect(found == [true, false])
            let isNowhere = try await !Book.objects.none.contains(shelf.swift)
            #expect(isNowhere)
        }
        #expect(ran.count == 2)
        // Django refuses a slice here.
        let first = Book.objects.order { $0.title }[..<1]
        let found = try await [first.contains(shelf.birds), first.contains(shelf.swift)]
        #expect(found == [true, false])
        await #expect(throws: ORMError.self) { _ = try await Person.objects.contains(Person(name: "new")) }
    }

    @Test func `rows are looked up in bulk by id or another unique property`() async throws {
        let shelf = try await Shelf.make()
        let books = try await Book.objects.inBulk([shelf.swift.id, shelf.birds.id, UUID(), shelf.swift.id])
        #expect(books.mapValues(\.title) == [shelf.swift.id: "Swift", shelf.birds.id: "Birds 100% _wild_"])
        #expect(try await Book.objects.filter { $0.copies > 1 }.inBulk([shelf.rails.id, shelf.swift.id]).count == 1)
        #expect(try await Book.objects.inBulk().count == 3)
        #expect(try await Book.objects.inBulk([]).isEmpty)
        let hostile = [
            "code", "'; DROP TABLE library_label; --", "\"", "%", "_", "\\", "🦅", String(repeating: "x", count: 9_999),
        ]
        #expect(try await Label.objects.inBulk(hostile, by: \.name).keys.sorted() == ["code"])
        let error = await #expect(throws: ORMError.self) { _ = try await Book.objects.inBulk(["Swift"], by: \.title) }
        #expect(error?.description.hasPrefix("'title' of Book is not unique") == true)
        await #expect(throws: ORMError.self) { _ = try await Book.objects[..<2].inBulk([shelf.swift.id]) }
        let many = try await Book.objects.filter { $0.copies > 0 }.inBulk(
            (0..<70_000).map { _ in UUID() } + [shelf.swift.id])
        #expect(many.count == 1)
    }

    @Test func `slices count places of the order from 0`() async throws {
        try await Person.objects.createMany((0..<10).map { Person(name: "\($0)") })
        let people = Person.objects.order { $0.id }
        let slices: [(String, QuerySet<Person>, [Int])] = [
            ("half open", people[2..<5], [2, 3, 4]), ("closed", people[2...5], [2, 3, 4, 5]),
            ("from", people[8...], [8, 9]), ("up to", people[..<2], [0, 1]), ("through", people[...2], [0, 1, 2]),
            ("of a slice", people[2..<8][1...2], [3, 4]), ("beyond the end", people[8..<99], [8, 9]),
            ("empty", people[3..<3], []), ("a slice does not widen", people[2..<4][0..<9], [2, 3]),
            ("huge", people[9...Int.max], [9]), ("all", people[...Int.max], Array(0..<10)),
            ("far away", people[Int.max...], []),
        ]
        for (name, slice, expected) in slices {
            #expect(try await slice.all().compactMap { Int($0.name) } == expected, "\(name)")
        }
        for slice in [people[(-3)..<2], people[(-3)...2], people[(-1)...], people[..<(-1)]] {
            await #expect(throws: ORMError.self) { _ = try await slice.all() }
        }
    }

    @Test func `a query is explained in the database's words`() async throws {
        _ = try await Shelf.make()
        let query = Book.objects.filter { $0.title == "'; DROP TABLE library_book" }.selectRelated { $0.author }
        let text = try await query.explain()
        guard try Database.current.dialect.name == "postgresql" else {
            #expect(text.contains("library_book"))
            for options in [{ try await query.explain(.json) }, { try await query.explain(analyze: true) }] {
                let error = await #expect(throws: ORMError.self) { _ = try await options() }
                #expect(error?.description.hasPrefix("SQLite explains a query as text") == true)
            }
            return
        }
        #expect(text.contains("Scan on library_book"))
        let measured = try await query.explain(analyze: true, verbose: true, buffers: true)
        #expect(measured.contains("actual time"))
        let forms = try await [query.explain(.json), query.explain(.yaml), query.explain(.xml)]
        #expect(forms[0].contains(#""Plan":"#) && forms[0].hasPrefix("["))
        #expect(forms[1].contains("Plan:"))
        #expect(forms[2].contains("<Plan>"))
    }

    @Test(arguments: [
        #"DELETE FROM "library_book""#, #"UPDATE "library_book" SET "title" = 'x'"#,
        #"INSERT INTO "library_book" SELECT * FROM "library_book" WHERE 1 = 0"#,
    ])
    func `a statement that writes is explained, and not run`(_ sql: String) async throws {
        _ = try await Shelf.make()
        let before = try await Book.objects.order { $0.id }.values { $0.title }
        let text = try await Database.current.explain(Statement(sql))
        #expect(!before.isEmpty)
        #expect(!text.isEmpty)
        #expect(try await Book.objects.order { $0.id }.values { $0.title } == before)
    }
}
