import FoundationEssentials
import MartletORM
import Testing

/// SQL that users write themselves.
@Suite(.library) struct RawTests {
    static let hostile = [
        "'", "\"", "'; DROP TABLE library_person; --", "\\", "%", "_", "$1", "?1", ":name", "🦅", "a\nb",
        String(repeating: "long ", count: 5_000),
    ]

    @Test(arguments: hostile)
    func `what is interpolated is bound`(_ text: String) async throws {
        try await Person.objects.create(Person(name: "Ann", nickname: String(text.prefix(50))))
        let nickname = String(text.prefix(50))
        let found = try await Person.objects.raw("SELECT * FROM library_person WHERE nickname = \(nickname)")
        #expect(found.map(\.name) == ["Ann"])
        #expect(try await Person.objects.raw("SELECT * FROM library_person WHERE name = \(text)").isEmpty)
        let echo = try await Database.current.raw("SELECT CAST(\(text) AS text)", as: String.self)
        #expect(echo == [text])
        #expect(try await Person.objects.count() == 1)
    }

    @Test func `names that are interpolated are quoted, lists bound`() async throws {
        _ = try await Shelf.make()
        let names = ["Ann", "Eve"]
        let column: any PartialKeyPath<Person> & Sendable = \.name
        let condition: SQLText = "\(column: column) IN \(list: names)"
        let people = try await Person.objects.raw("SELECT * FROM \(table: Person.self) WHERE \(condition)")
        #expect(people.map(\.name) == ["Ann"])
        let odd = #"a"; DROP TABLE library_person; --"#
        let rows = try await Database.current.raw(
            "SELECT 7 AS \(identifier: odd)" + " UNION ALL SELECT 8", as: Int.self)
        #expect(rows == [7, 8])
        for text: SQLText in ["SELECT \(list: [Int]())", "SELECT \(identifier: "a\u{0}")", "SELECT \(identifier: "")"] {
            await #expect(throws: ORMError.self) { _ = try await Database.current.raw(text, as: Int.self) }
        }
        let relation = await #expect(throws: ORMError.self) {
            _ = try await Database.current.raw("SELECT \(column: \Person.books) FROM library_person", as: Int.self)
        }
        #expect(relation?.description == "'books' is not a column of Person.")
    }

    @Test func `models are read by the names of the columns, in any order`() async throws {
        let shelf = try await Shelf.make()
        let books = try await Book.objects.prefetch { $0.labels }.raw(
            """
            SELECT 1 AS extra, b.title, b.state, b.copies, b.price, b.published_on, b.author_id, b.editor_id, b.updated_at,
            b.created_at, b.id FROM library_book b WHERE b.copies >= \(1) ORDER BY b.title DESC
            """)
        #expect(books.map(\.title) == ["Swift", "Rails"])
        #expect(books[0].id == shelf.swift.id && books[0].publishedOn == shelf.swift.publishedOn)
        #expect(try books[1].labels.loaded.map(\.name) == ["code", "old"])
        let error = await #expect(throws: ORMError.self) {
            _ = try await Person.objects.raw("SELECT id, name, nickname, mood FROM library_person")
        }
        #expect(
            error?.description.hasPrefix("The result has no column 'is_active', which library.Person needs") == true)
        // Without a row there is nothing to miss.
        #expect(try await Person.objects.raw("SELECT id FROM library_person WHERE 1 = 0").isEmpty)
    }

    private struct Line: Decodable, Equatable {
        enum Mood: String, Decodable { case merry }
        var bookTitle: String
        var copies: UInt8
        var price: Double
        var publishedOn: Date?
        var mood: Mood?
    }

    @Test func `rows are read into tuples and into types of one's own`() async throws {
        _ = try await Shelf.make()
        let database = try Database.current
        let rows = try await database.raw(
            "SELECT title, copies FROM library_book ORDER BY title", as: String.self, Int?.self)
        #expect(rows.map(\.0) == ["Birds 100% _wild_", "Rails", "Swift"])
        #expect(rows.map(\.1) == [0, 1, 3])
        let lines = try await database.raw(
            "SELECT title AS book_title, copies, price, published_on AS \(identifier: "publishedOn"), 'merry' AS mood "
                + "FROM library_book ORDER BY copies DESC", into: Line.self)
        #expect(
            lines[0]
                == Line(
                    bookTitle: "Swift", copies: 3, price: 9.5,
                    publishedOn: lines[0].publishedOn, mood: .merry))
        #expect(lines[2].publishedOn == nil)
        let width = await #expect(throws: ORMError.self) { _ = try await database.raw("SELECT 1, 2", as: Int.self) }
        #expect(width?.description == "The result has 2 columns, and 1 types were given.")
        for sql: SQLText in [
            "SELECT 'x' AS book_title, 1.5 AS price", "SELECT 'x' AS book_title, 300 AS copies, 1.5 AS price",
            "SELECT 'x' AS book_title, 'y' AS copies, 1.5 AS price",
            "SELECT 'x' AS book_title, 1 AS copies, 1.5 AS price, 'sad' AS mood",
        ] { await #expect(throws: DecodingError.self) { _ = try await database.raw(sql, into: Line.self) } }
    }

    @Test func `statements that write are run as such`() async throws {
        _ = try await Shelf.make()
        let database = try Database.current
        let (name, least) = ("x'; --", 1)
        let result = try await database.execute("UPDATE library_book SET title = \(name) WHERE copies >= \(least)")
        #expect(result.changedRows == 2)
        let back = try await Book.objects.raw(
            "UPDATE library_book SET copies = 0 WHERE title = \(name) RETURNING *", access: .write)
        #expect(back.map(\.copies) == [0, 0])
    }
}
