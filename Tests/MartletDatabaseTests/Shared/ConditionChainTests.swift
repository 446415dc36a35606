import MartletORM
import Testing

/// Conditions of many parts: SQLite's parser takes about a hundred parentheses inside each other, and its expressions are
/// at most a thousand deep.
@Suite(.library) struct ConditionChainTests {
    private func titles(_ query: QuerySet<Book>) async throws -> [String] {
        try await query.all().map(\.title).sorted()
    }

    @Test func `a thousand parts are one condition, to whichever side the chain leans`() async throws {
        _ = try await Shelf.make()
        let left = Book.objects.filter { book in
            (2...1_000).reduce(book.copies == 1) { $0 || book.copies == $1 }
        }
        #expect(try await titles(left) == ["Rails", "Swift"])
        let none = Book.objects.filter { book in
            (2...1_000).reduce(book.copies != 1) { $0 && book.copies != $1 }
        }
        #expect(try await titles(none) == ["Birds 100% _wild_"])
        let right = Book.objects.filter { book in
            (1..<400).reversed().reduce(book.copies == 400) { (book.copies == $1) || $0 }
        }
        #expect(try await titles(right) == ["Rails", "Swift"])
        let negated = Book.objects.exclude { book in
            (2...1_000).reduce(book.copies == 1) { $0 || book.copies == $1 }
        }
        #expect(try await titles(negated) == ["Birds 100% _wild_"])
        #expect(try await left.update { $0.copies = 5 } == 2)
        #expect(try await left.count() == 2)
        #expect(try await none.count() == 1)
    }

    @Test func `parts of a mixed condition stay together`() async throws {
        _ = try await Shelf.make()
        let either = Book.objects.filter { book in
            let none = book.copies == 0 && book.title == "Swift" && book.price == 0
            let one = book.copies == 1 && book.title == "Rails" && book.state == .inPrint && book.price == 0
            let three = book.copies == 3 && (book.title == "a" || book.title == "b" || book.title == "Swift")
            return none || one || three
        }
        #expect(try await titles(either) == ["Rails", "Swift"])
        let both = Book.objects.filter { book in
            let copies = book.copies == 0 || book.copies == 1 || book.copies == 3
            let titles = book.title == "a" || book.title == "Rails" || book.title == "Swift"
            return copies && titles && (book.copies > 1 || book.title == "a" || book.title == "b")
        }
        #expect(try await titles(both) == ["Swift"])
        let others = Book.objects.exclude { book in
            !(book.copies == 1 || book.copies == 3 || book.copies == 9) || !(book.title == "Swift" && book.copies > 1)
        }
        #expect(try await titles(others) == ["Swift"])
        // Some parts look at single rows, others at groups of them.
        let grouped = Book.objects.filter { book in
            let isLabelled = book.labels.name == "code" || book.labels.name == "old"
            return isLabelled && book.copies > 0 && book.id.count() > 1 && book.title != "Swift"
        }
        #expect(try await titles(grouped) == ["Rails"])
    }

    @Test func `a thousand days may be asked for by a name from outside`() async throws {
        _ = try await Shelf.make()
        let days = (1_001..<2_000).map { LookupValue.text("\($0)-01-31") } + [.text("2023-11-14")]
        for zone in [TimeZoneName.utc, "Europe/Berlin"] {
            let found = try Book.objects.filter(lookup: "published_on__date__in", .list(days), in: zone)
            #expect(try await titles(found) == ["Swift"])
            let others = try Book.objects.exclude(lookup: "published_on__date__in", .list(days), in: zone)
            #expect(try await titles(others) == ["Birds 100% _wild_", "Rails"])
        }
    }
}
