import FoundationEssentials
import MartletORM
import Testing

/// Expressions and aggregates in SQL of one's own, within queries.
@Suite(.library) struct OwnSQLTests {
    @Test func `a function of one's own stands wherever an expression does`() async throws {
        _ = try await Shelf.make()
        let word = "Swift"
        let rows: [(String, Int, Bool)] = try await Book.objects
            .order { Expr<Int>(sql: "LENGTH(\($0.author.name)) + \($0.copies)").descending }
            .values { ($0.title, Expr<Int>(sql: "ABS(\($0.copies) - \(2))"), Expr<Bool>(sql: "\($0.title) = \(word)")) }
        #expect(rows.map(\.0) == ["Swift", "Rails", "Birds 100% _wild_"])
        #expect(rows.map(\.1) == [1, 1, 2])
        #expect(rows.map(\.2) == [true, false, false])
        let raised = try await Book.objects.filter { Expr<Bool>(sql: "\($0.copies) > \(0)") }
            .update { $0.copies = Expr<Int>(sql: "\($0.copies) * \(10)") }
        #expect(raised == 2)
        let sum = try await Book.objects.aggregate { Expr<Int>(sql: "\($0.copies) + 1").sum() }
        #expect(sum == 43)
        let annotated = try await Book.objects.annotate { Expr<String>(sql: "UPPER(\($0.title))") }
            .order { $1.descending }.all()
        #expect(annotated.map(\.1) == ["SWIFT", "RAILS", "BIRDS 100% _WILD_"])
    }

    @Test func `a condition that may be null keeps its rows when it is negated`() async throws {
        _ = try await Shelf.make()
        // Bob has no nickname: the condition is null for him, so he is among those for whom it is not true.
        let others = try await Person.objects.filter { !Expr<Bool>(sql: "\($0.nickname) = \("A")") }.all()
        #expect(others.map(\.name) == ["Bob"])
        let without = try await Person.objects.exclude { Expr<Bool>(sql: "\($0.nickname) = \("A")") }.all()
        #expect(without.map(\.name) == ["Bob"])
        let books = try await Book.objects.exclude { Expr<Bool>(sql: "\($0.reviews.stars) > \(3)") }
            .order { $0.title.ascending }.all()
        #expect(books.map(\.title) == ["Birds 100% _wild_", "Rails"])
    }

    @Test func `queries with different texts or values are different queries`() async throws {
        _ = try await Shelf.make()
        for _ in 0..<3 {
            for (factor, expected) in [(2, [0, 2, 6]), (5, [0, 5, 15])] {
                let rows: [Int] = try await Book.objects.order { $0.copies.ascending }
                    .values { Expr<Int>(sql: "\($0.copies) * \(factor)") }
                #expect(rows == expected)
            }
            let sums: [Int] = try await Book.objects.order { $0.copies.ascending }
                .values { Expr<Int>(sql: "\($0.copies) + \(2)") }
            #expect(sums == [2, 3, 5])
            let lists = try await Book.objects.filter { Expr<Bool>(sql: "\($0.copies) IN \(list: [1, 3])") }.count()
            #expect(lists == 2)
        }
    }

    @Test(arguments: RawTests.hostile)
    func `text beside an expression is bound, and names are quoted`(_ text: String) async throws {
        _ = try await Shelf.make()
        let found = try await Book.objects.filter { Expr<Bool>(sql: "\($0.title) = \(text)") }.count()
        #expect(found == 0)
        let echo: [String] = try await Book.objects.limit(1).values { _ in Expr<String>(sql: "CAST(\(text) AS text)") }
        #expect(echo == [text])
        let title = "title"
        let named = try await Book.objects.filter { _ in Expr<Bool>(sql: "\(identifier: title) = \("Swift")") }.count()
        #expect(named == 1)
        await #expect(throws: (any Error).self) {
            _ = try await Book.objects.filter { _ in
                Expr<Bool>(sql: "\(identifier: String(text.prefix(40))) = 1 AND 1 = 0")
            }.order { _ in Expr<Int>(sql: "\(identifier: String(text.prefix(40)))()").ascending }.all()
        }
        #expect(try await Book.objects.count() == 3)
    }

    @Test func `what cannot be is an error that says why`() async throws {
        let faults: [(SQLText, String)] = [
            ("\(list: [Int]()) IS NULL", "SQL has no empty list"), ("\(identifier: "") = 1", "neither empty"),
            ("\(identifier: "a\u{0}b") = 1", "zero byte"),
        ]
        for (text, part) in faults {
            let error = await #expect(throws: ORMError.self) {
                _ = try await Book.objects.filter { _ in Expr<Bool>(sql: text) }.all()
            }
            #expect(error?.description.contains(part) == true, "\(error?.description ?? "none")")
        }
        let error = await #expect(throws: ORMError.self) {
            _ = try await Database.current.raw("SELECT \(Expr(5))", as: Int.self)
        }
        #expect(error?.description.contains("has no table there") == true)
    }

    @Test func `an aggregate by its name groups, filters and counts distinct values`() async throws {
        _ = try await Shelf.make()
        let rows: [(String, Int?)] = try await Book.objects.order { $0.author.name.ascending }
            .values { ($0.author.name, Expr<Int?>.aggregate("sum", $0.copies)) }
        #expect(rows.map(\.0) == ["Ann", "Bob"])
        #expect(rows.map(\.1) == [4, 0])
        let distinct = try await Book.objects.aggregate { Expr<Int>.aggregate("count", $0.author.id, distinct: true) }
        #expect(distinct == 2)
        let some = try await Book.objects.aggregate {
            Expr<Int?>.aggregate("max", $0.copies, filter: $0.title != "Swift")
        }
        #expect(some == 1)
        for name in ["", "sum(", "a b", "1a", "a.b.c", "a;", "\"sum\"", "a.", "sum\u{0}", "é"] {
            let error = await #expect(throws: ORMError.self) {
                _ = try await Book.objects.aggregate { Expr<Int?>.aggregate(name, $0.copies) }
            }
            #expect(error?.description.contains("is no name of a function") == true)
        }
    }
}
