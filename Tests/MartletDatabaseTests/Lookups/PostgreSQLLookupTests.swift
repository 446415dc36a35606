import FoundationEssentials
import MartletORM
import Testing

private func day(_ number: Double) -> Date { Date(timeIntervalSince1970: 1_767_225_600 + number * 86_400) }

/// Names from outside for arrays, ranges and text search, which PostgreSQL alone has.
@Suite(.migratedPostgreSQL(Booking.self)) struct PostgreSQLLookupTests {
    /// Ann is there on days 0 to 2 of 2026, Bob on 2 to 4, Cid from day 9 on.
    private func makeBookings() async throws {
        try await Booking.objects.createMany([
            Booking(
                room: 1, guest: "Ann", notes: "The quick brown foxes jump", tags: ["vip", "late"],
                grid: [[1, 2], [3, 4]], extras: [.breakfast], days: [day(0), nil], during: RangeValue(day(0)..<day(2)),
                ages: RangeValue(18...30)),
            Booking(
                room: 1, guest: "Bob", notes: "A lazy dog in the Hôtel", tags: ["late"],
                during: RangeValue(day(2)..<day(4)), ages: RangeValue(31..<40)),
            Booking(room: 2, guest: "Cid", during: RangeValue(day(9)...)),
        ])
    }

    private func names(_ query: QuerySet<Booking>) async throws -> String {
        try await query.order { $0.guest }.all().map(\.guest).joined(separator: " ")
    }

    private func check(_ cases: [LookupCase]) async throws {
        try await makeBookings()
        for example in cases {
            let label: Comment = "\(example.lookup) \(example.value) in \(example.zone)"
            do {
                let found = try Booking.objects.filter(lookup: example.lookup, example.value, in: example.zone)
                #expect(try await names(found) == example.expected, label)
                let others = try Booking.objects.exclude(lookup: example.lookup, example.value, in: example.zone)
                let expected = ["Ann", "Bob", "Cid"].filter { !example.expected.contains($0) }
                #expect(try await names(others) == expected.joined(separator: " "), label)
            } catch {
                Issue.record(error, label)
            }
        }
    }

    static let arrays = [
        LookupCase("tags", "late", "Bob"), LookupCase("tags", ["vip", "late"], "Ann"),
        LookupCase("tags__exact", "vip,late", "Ann"), LookupCase("tags", [], "Cid"),
        LookupCase("tags__in", [["late"], ["x"]], "Bob"), LookupCase("tags__in", [], ""),
        LookupCase("tags__contains", "late", "Ann Bob"), LookupCase("tags__contains", ["late", "vip"], "Ann"),
        LookupCase("tags__contains", [], "Ann Bob Cid"), LookupCase("tags__contained_by", "late,x", "Bob Cid"),
        LookupCase("tags__overlap", "vip,x", "Ann"), LookupCase("tags__overlap", [], ""),
        LookupCase("tags__gt", "late", "Ann"), LookupCase("tags__lt", "late", "Cid"),
        LookupCase("tags__isnull", true, ""), LookupCase("grid__isnull", true, "Bob Cid"),
        LookupCase("tags__len", 0, "Cid"), LookupCase("tags__len__gt", "1", "Ann"),
        LookupCase("tags__len__in", "1,2", "Ann Bob"), LookupCase("tags__0", "late", "Bob"),
        LookupCase("tags__0__icontains", "VI", "Ann"), LookupCase("tags__1", "late", "Ann"),
        LookupCase("tags__7__isnull", true, "Ann Bob Cid"), LookupCase("tags__0_1", "late", "Bob"),
        LookupCase("tags__0_2", ["vip", "late"], "Ann"), LookupCase("tags__0_1__contains", "vip", "Ann"),
        LookupCase("tags__0_1__len", 1, "Ann Bob"), LookupCase("tags__1_9__overlap", "late", "Ann"),
        LookupCase("grid", [[1, 2], [3, 4]], "Ann"), LookupCase("grid__contains", [[1]], "Ann"),
        LookupCase("grid__len", 2, "Ann"), LookupCase("grid__0__1", 2, "Ann"), LookupCase("grid__1__0__gt", 2, "Ann"),
        LookupCase("grid__0__5__isnull", false, ""), LookupCase("extras__contains", "breakfast", "Ann"),
        LookupCase("extras__0", "breakfast", "Ann"), LookupCase("days__0", "2026-01-01T00:00:00Z", "Ann"),
        LookupCase("days__0__year", 2026, "Ann"), LookupCase("days__0__date", "2026-01-01", "Ann"),
        LookupCase("days__contains", "2026-01-01T01:00:00+01:00", "Ann"),
        LookupCase("days__0__hour", 1, "Ann", in: "Europe/Berlin"),
        LookupCase("days__0", "2026-01-01 01:00:00", "Ann", in: "Europe/Berlin"),
    ]

    @Test func `arrays are asked by Django's names`() async throws {
        try await check(Self.arrays)
    }

    @Test func `elements of elements are read by typed positions, too`() async throws {
        try await makeBookings()
        #expect(try await names(Booking.objects.filter { $0.grid[1][0] == 3 }) == "Ann")
        #expect(try await names(Booking.objects.filter { $0.grid[0][0] == 3 }) == "")
        #expect(try await names(Booking.objects.exclude { $0.grid[1][1] == 4 }) == "Bob Cid")
    }

    static let ranges = [
        LookupCase("during__contains", "2026-01-02T00:00:00Z", "Ann"),
        LookupCase("during__contains", .dateTime(day(2)), "Bob"), LookupCase("during__contains", "2026-01-03", "Bob"),
        LookupCase("during__contains", ["2026-01-11", "2026-01-12"], "Cid"),
        LookupCase("during__contains", "2026-01-11,", "Cid"), LookupCase("during__contains", "empty", "Ann Bob Cid"),
        LookupCase("during__overlap", "2026-01-02,2026-01-04", "Ann Bob"), LookupCase("during__overlap", "empty", ""),
        LookupCase("during__contained_by", "2026-01-01,2026-01-10", "Ann Bob"),
        LookupCase("during__fully_lt", "2026-01-03,2026-01-04", "Ann"),
        LookupCase("during__fully_gt", "2026-01-01,2026-01-03", "Bob Cid"),
        LookupCase("during__not_gt", "2026-01-02,2026-01-05", "Ann Bob"),
        LookupCase("during__not_lt", "2026-01-03,2026-01-05", "Bob Cid"),
        LookupCase("during__adjacent_to", "2026-01-05,2026-01-06", "Bob"),
        LookupCase("during__adjacent_to", "[2026-01-05,2026-01-06]", "Bob"),
        LookupCase("during__startswith", "2026-01-03T00:00:00Z", "Bob"),
        LookupCase("during__startswith__day", 3, "Bob"), LookupCase("during__startswith__date", "2026-01-10", "Cid"),
        LookupCase("during__endswith__isnull", true, "Cid"), LookupCase("during__endswith__gt", "2026-01-04", "Bob"),
        LookupCase("during__upper_inf", true, "Cid"), LookupCase("during__upper_inf", "false", "Ann Bob"),
        LookupCase("during__lower_inf", true, ""), LookupCase("during__lower_inc", true, "Ann Bob Cid"),
        LookupCase("during__upper_inc", true, ""), LookupCase("during__isempty", false, "Ann Bob Cid"),
        LookupCase("during", "2026-01-01,2026-01-03", "Ann"), LookupCase("during", "[2026-01-10,)", "Cid"),
        LookupCase("during__in", [["2026-01-01", "2026-01-03"], ["2026-01-10", nil]], "Ann Cid"),
        LookupCase("during__in", [], ""), LookupCase("ages", "18,31", "Ann"), LookupCase("ages", "[18,30]", "Ann"),
        LookupCase("ages", [18, "31"], "Ann"), LookupCase("ages__in", [["18", "31"], "[31,40)"], "Ann Bob"),
        LookupCase("ages__contains", 18, "Ann"), LookupCase("ages__contains", "35", "Bob"),
        LookupCase("ages__contains", 40, ""), LookupCase("ages__contains", "19,25", "Ann"),
        LookupCase("ages__overlap", [30, 32], "Ann Bob"), LookupCase("ages__startswith__gt", 18, "Bob"),
        LookupCase("ages__endswith", 40, "Bob"), LookupCase("ages__gt", "18,31", "Bob"),
        LookupCase("ages__isnull", true, "Cid"), LookupCase("ages__isempty", "no", "Ann Bob"),
        LookupCase("ages__lower_inc", true, "Ann Bob"), LookupCase("room__contained_by", "2,", "Cid"),
        // An hour later there than in UTC.
        LookupCase("during__contains", "2026-01-01 00:30:00", "", in: "Europe/Berlin"),
        LookupCase("during__contains", "2026-01-01 01:00:00", "Ann", in: "Europe/Berlin"),
        LookupCase("during__contains", "2026-01-03 00:30:00", "Ann", in: "Europe/Berlin"),
        LookupCase("during__startswith__hour", 1, "Ann Bob Cid", in: "Europe/Berlin"),
        LookupCase("during", "2026-01-01 01:00:00,2026-01-03 01:00:00", "Ann", in: "Europe/Berlin"),
        // 01:50 in UTC, and clocks that show 02:30 for the second time at 01:30: nothing is between the two.
        LookupCase("during__overlap", "2026-10-25T02:50:00+01:00,2026-10-25 02:30:00", "", in: "Europe/Berlin"),
    ]

    @Test func `ranges are asked by Django's names`() async throws {
        try await check(Self.ranges)
    }

    static let searches = [
        LookupCase("notes__search", "lazy", "Bob"), LookupCase("notes__search", "DOG lazy", "Bob"),
        LookupCase("notes__search", "fox", ""), LookupCase("guest__search", "ann", "Ann"),
        // In the language of the generated column.
        LookupCase("words__search", "fox jumping", "Ann"), LookupCase("words", "dogs", "Bob"),
        LookupCase("words__exact", "cat", ""), LookupCase("words__isnull", false, "Ann Bob Cid"),
        LookupCase("guest__trigram_similar", "Anna", "Ann"), LookupCase("notes__trigram_word_similar", "lazy", "Bob"),
        LookupCase("notes__trigram_strict_word_similar", "lazy", "Bob"),
        LookupCase("notes__unaccent__icontains", "HOTEL", "Bob"), LookupCase("notes__unaccent", "x", ""),
        LookupCase("notes__unaccent__lower__endswith", "hotel", "Bob"), LookupCase("notes__search", "", ""),
    ]

    @Test func `texts are searched by Django's names`() async throws {
        try await check(Self.searches)
    }

    static let problems = [
        LookupProblem(
            "tags__x", "y", "unknown", "There is: 0, 0_1, contained_by, contains, exact, gt, gte, in, isnull, len,"),
        LookupProblem("tags__le", 1, "unknown", "Did you mean 'len'?"),
        LookupProblem("tags__99999999999", "x", "unknown", "nothing of 'tags' is called '99999999999'"),
        LookupProblem("tags__-1", "x", "unknown", "nothing of 'tags' is called '-1'"),
        LookupProblem("tags__0_1_2", "x", "unknown", "nothing of 'tags' is called '0_1_2'"),
        LookupProblem("tags__len", "x", "integer", "must be a whole number"),
        LookupProblem("tags__contains", 5, "type", "must be a list of values, but it is 5."),
        LookupProblem("tags__in", "x", "type", "must be a list of lists"),
        LookupProblem("tags__contains", "a\u{0}", "array", "a list, each of it text"),
        LookupProblem("extras__contains", "pool", "array", "a list, each of it one of 'breakfast', 'parking'"),
        LookupProblem("grid__contains", [1], "array", "a list, each of it a list, each of it a whole number"),
        LookupProblem("days__contains", "2026-02-30", "array", "a list, each of it a moment such as"),
        LookupProblem("ages__contains", "x", "integer", "must be a whole number, but it is 'x'."),
        LookupProblem("ages__overlap", 5, "range", "must be two values, each a whole number, but it is 5."),
        LookupProblem("ages__overlap", "5,1", "range", "two values of which the first is not larger"),
        LookupProblem("ages__contains", 2_147_483_647, "range", "whole numbers from -2147483648 to 2147483646"),
        LookupProblem("ages__startswit", 1, "unknown", "Did you mean 'startswith'?"),
        LookupProblem("ages__isempty", "perhaps", "boolean", "must be 'true' or 'false'"),
        LookupProblem("during__contains", "2026-02-30", "date_time", "must be a moment such as"),
        LookupProblem("during__range", "1,2", "unknown", "nothing of 'during' is called 'range'"),
        LookupProblem("words__icontains", "x", "unknown", "There is: exact, isnull, search."),
        LookupProblem("words", "a\u{0}", "value", "text without null characters"),
        LookupProblem("notes__search", ["a"], "value", "must be text"),
    ]

    @Test func `what cannot be asked is said with its alternatives`() {
        for problem in Self.problems {
            let error = #expect(throws: LookupError.self, "\(problem.lookup)") {
                _ = try Booking.objects.filter(lookup: problem.lookup, problem.value)
            }
            #expect(error?.rule == problem.rule, "\(problem.lookup): \(error?.description ?? "")")
            #expect(error?.description.contains(problem.message) == true, "\(error?.description ?? "")")
        }
        let error = #expect(throws: LookupError.self) {
            _ = try Booking.objects.filter(lookup: "days__contains", "2026-01-01 00:00:00", in: "Europe/Berlin")
        }
        #expect(error?.description.contains("moments with an offset") == true)
    }

    @Test func `hostile texts are elements, ends and words, and never SQL`() async throws {
        try await makeBookings()
        let lookups = [
            "tags", "tags__contains", "tags__overlap", "tags__contained_by", "tags__0", "tags__0_1", "extras__contains",
            "grid__contains", "days__contains", "during", "during__contains", "during__overlap", "ages__contains",
            "ages__fully_lt", "notes__search", "words", "words__search", "notes__trigram_similar", "notes__unaccent",
            "notes__trigram_word_similar", "notes__trigram_strict_word_similar",
        ]
        for text in FunctionTests.hostile + ["{", "}", "{\"a", "[1,2", "(,)", "\\", "&|!", "NULL", "1,2", ",", "]"] {
            for lookup in lookups {
                do {
                    _ = try await Booking.objects.filter(lookup: lookup, .text(text)).count()
                    _ = try await Booking.objects.filter(lookup: lookup, [.text(text), .text(text)]).count()
                } catch is LookupError {
                    continue
                } catch {
                    Issue.record(error, "\(lookup) \(text.prefix(40))")
                }
            }
        }
        #expect(try await Booking.objects.count() == 3)
    }
}
