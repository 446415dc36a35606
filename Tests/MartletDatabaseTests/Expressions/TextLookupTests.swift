import FoundationEssentials
import MartletORM
import Testing

/// Filters and orders by names, in Django's form.
@Suite(.library) struct TextLookupTests {
    private func titles(_ query: QuerySet<Book>) async throws -> [String] {
        try await query.distinct().all().map { String($0.title.prefix(5)) }.sorted()
    }

    struct FilterCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: LookupValue
        let expected: [String]

        init(_ lookup: String, _ value: LookupValue, _ expected: [String]) {
            testDescription = lookup
            self.value = value
            self.expected = expected
        }
    }

    // Swift: 3 copies, 9.5, 2023-11-14 22:13:20 UTC, in print, by Ann, edited by Bob, "code", reviews 5 (Bob), 2 (Ann).
    // Rails: 1 copy, 0.0, a day later, in print, by Ann, "code" and "old", review 1 (Bob).
    // Birds 100% _wild_: 0 copies, draft, by Bob.
    static let filters = [
        FilterCase("title", "Swift", ["Swift"]),
        FilterCase("title__exact", "Swift", ["Swift"]),
        FilterCase("title__iexact", "swift", ["Swift"]),
        FilterCase("title__contains", "100% _", ["Birds"]),
        FilterCase("title__icontains", "I", ["Birds", "Rails", "Swift"]),
        FilterCase("title__startswith", "S", ["Swift"]),
        FilterCase("title__istartswith", "s", ["Swift"]),
        FilterCase("title__endswith", "_", ["Birds"]),
        FilterCase("title__iendswith", "FT", ["Swift"]),
        FilterCase("title__regex", "^[RS]", ["Rails", "Swift"]),
        FilterCase("title__iregex", "^s", ["Swift"]),
        FilterCase("title__in", ["Swift", "Rails", "none"], ["Rails", "Swift"]),
        FilterCase("title__in", "Swift,Rails", ["Rails", "Swift"]),
        FilterCase("title__in", [], []),
        FilterCase("title__in", [nil, "Swift"], ["Swift"]),
        FilterCase("title__length", 5, ["Rails", "Swift"]),
        FilterCase("title__length__gt", "5", ["Birds"]),
        FilterCase("title__lower", "swift", ["Swift"]),
        FilterCase("title__upper__startswith", "SW", ["Swift"]),
        FilterCase("copies", "3", ["Swift"]),
        FilterCase("copies__gt", 1, ["Swift"]),
        FilterCase("copies__gte", "1", ["Rails", "Swift"]),
        FilterCase("copies__lt", 1, ["Birds"]),
        FilterCase("copies__lte", 1, ["Birds", "Rails"]),
        FilterCase("copies__range", [1, 3], ["Rails", "Swift"]),
        FilterCase("copies__range", "1,2", ["Rails"]),
        FilterCase("copies__in", "0,3", ["Birds", "Swift"]),
        FilterCase("copies", "9999999999", []),
        FilterCase("price", "9.5", ["Swift"]),
        FilterCase("price__gt", 9, ["Swift"]),
        FilterCase("state", "in_print", ["Rails", "Swift"]),
        FilterCase("state__startswith", "in", ["Rails", "Swift"]),
        FilterCase("author__is_active", "false", ["Birds"]),
        FilterCase("author__is_active", true, ["Rails", "Swift"]),
        FilterCase("author__name__icontains", "an", ["Rails", "Swift"]),
        FilterCase("editor__name", "Bob", ["Swift"]),
        FilterCase("editor__isnull", "true", ["Birds", "Rails"]),
        FilterCase("editor__isnull", false, ["Swift"]),
        FilterCase("editor", nil, ["Birds", "Rails"]),
        FilterCase("published_on__isnull", true, ["Birds"]),
        FilterCase("published_on__year", 2023, ["Rails", "Swift"]),
        FilterCase("published_on__year__gte", "2024", []),
        FilterCase("published_on__date", "2023-11-14", ["Swift"]),
        FilterCase("published_on__date__gt", "2023-11-14", ["Rails"]),
        FilterCase("published_on__date__range", ["2023-11-14", "2023-11-15"], ["Rails", "Swift"]),
        FilterCase("published_on__date__in", "2023-11-14,2023-11-15", ["Rails", "Swift"]),
        FilterCase("published_on__date__lte", "2023-11-14", ["Swift"]),
        FilterCase("published_on__date__lt", "2023-11-14", []),
        FilterCase("published_on__hour__in", [22], ["Rails", "Swift"]),
        FilterCase("published_on__week_day", 3, ["Swift"]),
        FilterCase("published_on__gte", "2023-11-15", ["Rails"]),
        FilterCase("published_on", "2023-11-14T23:13:20+01:00", ["Swift"]),
        FilterCase("labels__name", "old", ["Rails"]),
        FilterCase("labels__name__in", ["old", "code"], ["Rails", "Swift"]),
        FilterCase("labels__isnull", true, ["Birds"]),
        FilterCase("reviews__stars__gte", 2, ["Swift"]),
        FilterCase("reviews__reader__name", "Bob", ["Rails", "Swift"]),
        FilterCase("author__books__title", "Swift", ["Rails", "Swift"]),
        FilterCase("author__edited__title", "Swift", ["Birds"]),
        FilterCase("author__reviews__stars", 1, ["Birds"]),
    ]

    @Test func `a name filters as Django says`() async throws {
        _ = try await Shelf.make()
        for example in Self.filters {
            let lookup = example.testDescription
            let found = try await titles(Book.objects.filter(lookup: lookup, example.value))
            #expect(found == example.expected, "\(lookup) \(example.value)")
            let others = try await titles(Book.objects.exclude(lookup: lookup, example.value))
            let expected = ["Birds", "Rails", "Swift"].filter { !example.expected.contains($0) }
            #expect(others == expected, "without \(lookup) \(example.value)")
        }
    }

    @Test func `keys are found by relation, by column and by pk`() async throws {
        let shelf = try await Shelf.make()
        for name in ["author", "author_id", "author__id", "author__pk"] {
            let found = try await titles(Book.objects.filter(lookup: name, .integer(Int64(shelf.ann.id))))
            #expect(found == ["Rails", "Swift"], "\(name)")
        }
        let key = LookupValue.text(shelf.swift.id.uuidString)
        for name in ["id", "pk", "pk__in"] {
            #expect(try await titles(Book.objects.filter(lookup: name, key)) == ["Swift"], "\(name)")
        }
        #expect(try await Person.objects.filter(lookup: "books", key).all().map(\.name) == ["Ann"])
        #expect(try await Person.objects.filter(lookup: "edited", .uuid(shelf.swift.id)).all().map(\.name) == ["Bob"])
    }

    @Test func `several lookups must hold for one related row`() async throws {
        _ = try await Shelf.make()
        let both = try Book.objects.filter(lookups: ["reviews__stars": 5, "reviews__reader__name": "Ann"])
        #expect(try await titles(both) == [])
        let each = try Book.objects.filter(lookup: "reviews__stars", 5).filter(lookup: "reviews__reader__name", "Ann")
        #expect(try await titles(each) == ["Swift"])
        #expect(try await titles(Book.objects.filter(lookups: [:])).count == 3)
    }

    @Test func `days and moments are those of a zone`() async throws {
        _ = try await Shelf.make()
        // 23:13 in Berlin, the next day in Kathmandu.
        func found(_ name: String, _ value: LookupValue, _ zone: TimeZoneName) async throws -> [String] {
            try await titles(Book.objects.filter(lookup: name, value, in: zone))
        }
        #expect(try await found("published_on__date", "2023-11-14", "Europe/Berlin") == ["Swift"])
        #expect(try await found("published_on__date", "2023-11-15", "Asia/Kathmandu") == ["Swift"])
        #expect(try await found("published_on__hour", 3, "Asia/Kathmandu") == ["Rails", "Swift"])
        #expect(try await found("published_on", "2023-11-14 23:13:20", "Europe/Berlin") == ["Swift"])
        #expect(try await found("published_on", "2023-11-14T22:13:20Z", "Europe/Berlin") == ["Swift"])
        #expect(try await found("published_on__gt", "2023-11-14 23:13:20", "UTC") == ["Rails"])
    }

    struct OrderCase: Sendable, CustomTestStringConvertible {
        let fields: [String]
        let expected: [String]
        var testDescription: String { fields.joined(separator: " ") }
    }

    static let orders = [
        OrderCase(fields: ["title"], expected: ["Birds", "Rails", "Swift"]),
        OrderCase(fields: ["-title"], expected: ["Swift", "Rails", "Birds"]),
        OrderCase(fields: ["-copies"], expected: ["Swift", "Rails", "Birds"]),
        OrderCase(fields: ["author__name", "-copies"], expected: ["Swift", "Rails", "Birds"]),
        OrderCase(fields: ["-author__name", "title"], expected: ["Birds", "Rails", "Swift"]),
        OrderCase(fields: ["-author", "title"], expected: ["Birds", "Rails", "Swift"]),
        OrderCase(fields: ["-author_id", "copies"], expected: ["Birds", "Rails", "Swift"]),
        OrderCase(fields: ["title__length", "-title"], expected: ["Swift", "Rails", "Birds"]),
    ]

    @Test func `names order`() async throws {
        _ = try await Shelf.make()
        for example in Self.orders {
            let found = try await Book.objects.order(by: example.fields).all().map { String($0.title.prefix(5)) }
            #expect(found == example.expected, "\(example.testDescription)")
        }
    }

    @Test func `a relation's name orders by its model's own order, and a question mark by chance`() async throws {
        _ = try await Shelf.make()
        let found = try await Book.objects.filter { !$0.labels.name.isNull }.order(by: ["-labels", "title"]).all()
        #expect(found.first?.title == "Rails")
        #expect(try await Book.objects.order(by: ["?"]).all().count == 3)
    }

    struct ProblemCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let lookup: String
        let value: LookupValue
        let rule: String
        let message: String

        init(_ name: String, _ lookup: String, _ value: LookupValue, _ rule: String, _ message: String) {
            testDescription = name
            self.lookup = lookup
            self.value = value
            self.rule = rule
            self.message = message
        }
    }

    static let problems = [
        ProblemCase("a field that is not there", "titel", "x", "unknown", "Did you mean 'title'?"),
        ProblemCase(
            "its alternatives", "x", "x", "unknown", "There is: author, copies, created_at, editor, id, labels,"),
        ProblemCase(
            "a field of another table", "author__nam", "x", "unknown",
            "nothing of library.Person is called 'nam'. Did you mean 'name'?"),
        ProblemCase(
            "a lookup that is not there", "title__contain", "x", "unknown",
            "nothing of 'title' is called 'contain'. Did you mean 'contains'?"),
        ProblemCase("a lookup of another type", "copies__icontains", "x", "unknown", "nothing of 'copies'"),
        ProblemCase("a part of what has none", "title__year", 2026, "unknown", "nothing of 'title' is called 'year'"),
        ProblemCase(
            "a lookup in the middle", "title__exact__exact", "x", "unknown", "nothing of 'title' is called 'exact'"),
        ProblemCase("no name", "", "x", "unknown", "nothing of library.Book is called ''"),
        ProblemCase("a long name", String(repeating: "a__", count: 1_000), "x", "unknown", "too long"),
        ProblemCase("SQL", "title\"; DROP TABLE library_book; --", "x", "unknown", "nothing of library.Book"),
        ProblemCase("a zero byte", "title__a\u{0}", "x", "unknown", "nothing of 'title'"),
        ProblemCase(
            "no number", "copies", "x", "integer", "The filter 'copies' must be a whole number, but it is 'x'."),
        ProblemCase("a fraction", "copies__gte", 1.5, "integer", "must be a whole number, but it is 1.5."),
        ProblemCase("a number of 65 bits", "copies", "9223372036854775808", "integer", "must be a whole number"),
        ProblemCase("a year that is none", "published_on__year__gte", "MMXX", "integer", "must be a whole number"),
        ProblemCase("no finite number", "price", "inf", "number", "must be a number, but it is 'inf'."),
        ProblemCase("a hexadecimal number", "price", "0x1p3", "number", "must be a number"),
        ProblemCase("no truth value", "author__is_active", "perhaps", "boolean", "must be 'true' or 'false'"),
        ProblemCase("no truth value for isnull", "title__isnull", "perhaps", "boolean", "must be 'true' or 'false'"),
        ProblemCase("no moment", "published_on__lt", "2026-02-30", "date_time", "must be a moment such as"),
        ProblemCase("no day", "published_on__date", "2026-02-30", "date", "must be a day such as"),
        ProblemCase("a moment for a day", "published_on__date", "2026-02-03 10:00", "date", "must be a day such as"),
        ProblemCase("no UUID", "pk", "x", "uuid", "must be a UUID, but it is 'x'."),
        ProblemCase("no choice", "state", "lost", "choice", "must be one of 'draft', 'in_print', but it is 'lost'."),
        ProblemCase("a list for one value", "title", ["a"], "value", "must be text, but it is a list of 1 values."),
        ProblemCase("one value for a list", "copies__in", 5, "type", "must be a list of values, but it is 5."),
        ProblemCase(
            "a wrong value in a list", "copies__in", "1,x", "integer", "must be a whole number, but it is 'x'."),
        ProblemCase("a range of three", "copies__range", "1,2,3", "range", "must be two values"),
        ProblemCase("null for a number", "copies__gt", nil, "integer", "must be a whole number, but it is null."),
        ProblemCase("text with a zero byte", "title", "a\u{0}b", "value", "text without null characters"),
        ProblemCase(
            "a zero byte in a lookup of text", "title__icontains", "a\u{0}b", "value", "without null characters"),
        ProblemCase("no regular expression", "title__regex", "(", "syntax", "must be a regular expression"),
        ProblemCase(
            "a long regular expression", "title__regex", .text(String(repeating: "a", count: 3_000)), "syntax",
            "of at most 2000 bytes"),
        ProblemCase(
            "a long list", "copies__in", .text(String(repeating: "1,", count: 1_001)), "range",
            "a list of at most 1000 values"),
        ProblemCase(
            "a long value is not repeated at length", "copies", .text(String(repeating: "x", count: 5_000)), "integer",
            "xxx…'."),
    ]

    @Test func `what is wrong is said with its field, its rule and what was found`() throws {
        for example in Self.problems {
            let error = #expect(throws: LookupError.self, "\(example.testDescription)") {
                _ = try Book.objects.filter(lookup: example.lookup, example.value)
            }
            let description = error?.description ?? ""
            #expect(error?.rule == example.rule, "\(example.testDescription)")
            #expect(description.contains(example.message), "\(description)")
            #expect(description.count < 700)
            #expect(error.map { example.lookup.hasPrefix($0.field.prefix(80)) } == true)
        }
    }

    @Test func `what no row can be ordered by is said`() throws {
        for name in ["titel", "-titel", "author__nam", "title__icontains", "", "-", "--title", "title; --", "?x"] {
            let error = #expect(throws: LookupError.self) { _ = try Book.objects.order(by: [name]) }
            #expect(error?.rule == "unknown", "\(name)")
        }
    }

    @Test func `only names on the list are used`() async throws {
        _ = try await Shelf.make()
        let names: LookupNames = ["state", "copies__gte", "author__name__*"]
        for (name, value) in [("state", "draft"), ("copies__gte", "1"), ("author__name", "Ann")] {
            _ = try await titles(Book.objects.filter(lookup: name, .text(value), allowing: names))
        }
        _ = try await titles(Book.objects.filter(lookup: "author__name__icontains", "a", allowing: names))
        for name in ["copies", "author__nickname", "author", "author__names", "title", "state__in", ""] {
            let error = #expect(throws: LookupError.self) {
                _ = try Book.objects.filter(lookup: name, "x", allowing: names)
            }
            #expect(error?.rule == "not_allowed")
        }
        let error = #expect(throws: LookupError.self) {
            _ = try Book.objects.filter(lookup: "copies_gte", 1, allowing: names)
        }
        #expect(
            error?.description
                == "'copies_gte' cannot be used here. Did you mean 'copies__gte'? Allowed: author__name__*, copies__gte, state."
        )
        #expect(throws: LookupError.self) { _ = try Book.objects.order(by: ["-title"], allowing: ["copies"]) }
        _ = try Book.objects.order(by: ["-copies"], allowing: ["copies"])
    }

    @Test func `hostile values stay values`() async throws {
        _ = try await Shelf.make()
        let lookups = [
            "title", "title__iexact", "title__contains", "title__icontains", "title__in", "title__gt",
            "title__istartswith",
        ]
        for text in FunctionTests.hostile {
            for lookup in lookups {
                _ = try await Book.objects.filter(lookup: lookup, .text(text)).count()
                _ = try await Book.objects.exclude(lookup: lookup, .text(text)).count()
            }
            let name = String(text.prefix(40))
            try await Person.objects.create(Person(name: name))
            for lookup in ["name", "name__iexact", "name__contains", "name__endswith"] {
                #expect(try await Person.objects.filter(lookup: lookup, .text(name)).exists(), "\(lookup) \(name)")
            }
        }
        #expect(try await Person.objects.count() == FunctionTests.hostile.count + 2)
    }

    /// Names made of pieces that mean something, in any order: each is an error or a query that runs.
    @Test func `any name is a query or an error and nothing else`() async throws {
        _ = try await Shelf.make()
        let pieces = [
            "title", "author", "labels", "reviews", "pk", "id", "year", "date", "length", "in", "isnull", "gt", "exact",
            "_", "__", "%", "'", "published_on", "copies", "edited", "books", "is_active", "lower", "",
        ]
        let values: [LookupValue] = ["1", 1, true, nil, ["1"], "2026-01-01", 0.5]
        // A sequence that is the same in each run.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ count: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(count))
        }
        var ran = 0
        for _ in 0..<1_500 {
            let name = (0...next(4)).map { _ in pieces[next(pieces.count)] }.joined(separator: "__")
            do {
                _ = try await Book.objects.filter(lookup: name, values[next(values.count)]).count()
                ran += 1
            } catch is LookupError {
                continue
            }
        }
        #expect(ran > 50)
    }
}
