import FoundationEssentials
import MartletJSON
import MartletORM
import Testing

/// Names from outside for each kind of field, worked out by hand; both databases must say the same.
@Suite(.models(Outing.self, Guest.self)) struct NamedLookupTests {
    private func check(_ cases: [LookupCase]) async throws {
        try await Outing.load()
        for example in cases {
            let label: Comment = "\(example.lookup) \(example.value) in \(example.zone)"
            do {
                let found = try Outing.objects.filter(lookup: example.lookup, example.value, in: example.zone)
                #expect(try await Outing.names(found) == example.expected, label)
                let others = try Outing.objects.exclude(lookup: example.lookup, example.value, in: example.zone)
                #expect(try await Outing.names(others) == "ABCD".filter { !example.expected.contains($0) }, label)
            } catch {
                Issue.record(error, label)
            }
        }
    }

    // Django's names: a key, a position, a lookup behind them.
    static let documents = [
        LookupCase("data__owner__name", "Ann", "A"), LookupCase("data__owner__name", "ann", ""),
        LookupCase("data__owner__name__exact", "bob", "B"), LookupCase("data__owner__name__iexact", "ANN", "A"),
        LookupCase("data__owner__name__icontains", "B", "B"), LookupCase("data__owner__name__startswith", "A", "A"),
        LookupCase("data__owner__name__startswith", "a", ""), LookupCase("data__owner__name__istartswith", "a", "A"),
        LookupCase("data__owner__name__endswith", "b", "B"), LookupCase("data__owner__name__iendswith", "N", "A"),
        LookupCase("data__owner__name__regex", "^[A-Z]", "A"), LookupCase("data__owner__name__iregex", "^B", "B"),
        LookupCase("data__owner__name__in", ["Ann", "Cid"], "A"), LookupCase("data__owner__name__in", "bob,Ann", "AB"),
        LookupCase("data__owner__name__gt", "Z", "B"), LookupCase("data__code__range", ["b", "d"], "B"),
        LookupCase("data__owner__age", 31, "A"), LookupCase("data__owner__age", "31", ""),
        LookupCase("data__owner__age__gt", 10, "A"), LookupCase("data__owner__age__lte", 7, "B"),
        LookupCase("data__owner__age__range", [1, 10], "B"), LookupCase("data__owner__age__range", [7, 31], "AB"),
        LookupCase("data__owner__age__in", [7, 8], "B"), LookupCase("data__size", 2.5, "B"),
        LookupCase("data__size__gte", 2, "B"), LookupCase("data__open", true, "A"),
        LookupCase("data__open", false, "B"),
        LookupCase("data__note", nil, "A"), LookupCase("data__note__isnull", true, "BCD"),
        LookupCase("data__note__isnull", false, "A"), LookupCase("data", nil, "D"),
        LookupCase("data__isnull", true, ""), LookupCase("data__tags__0", "x", "A"),
        LookupCase("data__tags__-1", "y", "AB"), LookupCase("data__1__k", 1, "C"), LookupCase("data__0", "a", "C"),
        LookupCase("data__tags", ["y"], "B"), LookupCase("data__tags__contains", "y", "AB"),
        LookupCase("data__tags__contains", ["x"], "A"), LookupCase("data__tags__contained_by", ["x", "y", "z"], "AB"),
        LookupCase("data__tags__contained_by", ["y"], "B"),
        LookupCase("data__contains", .json(["owner": ["name": "Ann"]]), "A"),
        LookupCase("data__contains", .json(["tags": ["y"]]), "AB"),
        LookupCase("data__owner__contained_by", .json(["name": "bob", "age": 7, "more": []]), "B"),
        LookupCase("data__owner", .json(["age": 7, "name": "bob"]), "B"), LookupCase("data__has_key", "owner", "AB"),
        LookupCase("data__has_key", "a", "C"), LookupCase("data__owner__has_key", "age", "AB"),
        LookupCase("data__has_keys", ["owner", "note"], "A"), LookupCase("data__has_keys", "owner,size", "B"),
        LookupCase("data__has_any_keys", ["size", "note"], "AB"), LookupCase("data__has_any_keys", "a,size", "BC"),
        LookupCase("data__nothing__there", "x", ""), LookupCase("data__nothing__there__isnull", true, "ABCD"),
    ]

    @Test func `documents are asked by their keys`() async throws {
        try await check(Self.documents)
    }

    static let days = [
        LookupCase("day", "2024-02-29", "A"), LookupCase("day__lt", "2024-02-29", "B"),
        LookupCase("day__range", "2024-01-01,2024-12-31", "AD"), LookupCase("day__in", "2021-01-03,2024-07-01", "BD"),
        LookupCase("day__isnull", true, "C"), LookupCase("day__year", 2024, "AD"),
        LookupCase("day__year__lt", 2024, "B"),
        LookupCase("day__year__range", [2021, 2023], "B"), LookupCase("day__year__in", "2021,2022", "B"),
        LookupCase("day__year__isnull", true, "C"), LookupCase("day__month", "2", "A"),
        LookupCase("day__day__lt", 4, "BD"), LookupCase("day__week_day", 1, "B"), LookupCase("day__week_day", 5, "A"),
        LookupCase("day__iso_week_day", 7, "B"), LookupCase("day__iso_week_day", 1, "D"),
        LookupCase("day__iso_year", 2020, "B"), LookupCase("day__week", 53, "B"), LookupCase("day__week", 9, "A"),
        LookupCase("day__quarter", 3, "D"), LookupCase("day__quarter__in", [1], "AB"),
        LookupCase("day__contained_by", "2021-01-03,2024-02-29", "B"),
        LookupCase("day__contained_by", "[2021-01-03,2024-02-29]", "AB"),
        LookupCase("day__contained_by", "(2021-01-03,2024-07-01)", "A"),
        LookupCase("day__contained_by", ["2024-03-01", nil], "D"), LookupCase("day__contained_by", ",2022-01-01", "B"),
        LookupCase("day__contained_by", ",", "ABD"), LookupCase("day__contained_by", "empty", ""),
        // No day has a zone.
        LookupCase("day__month", 2, "A", in: "Pacific/Kiritimati"),
    ]

    @Test func `days are asked for their parts`() async throws {
        try await check(Self.days)
    }

    static let moments = [
        LookupCase("starts_at__year", 2024, "AD"), LookupCase("starts_at__year__gt", 2021, "AD"),
        LookupCase("starts_at__year", 99_999, ""), LookupCase("starts_at__year__lt", -5, ""),
        LookupCase("starts_at__month", 12, "A"), LookupCase("starts_at__day", 31, "D"),
        LookupCase("starts_at__iso_year", 2025, "A"), LookupCase("starts_at__week", 53, "B"),
        LookupCase("starts_at__week", 1, "A"), LookupCase("starts_at__week_day", 1, "BD"),
        LookupCase("starts_at__iso_week_day", 1, "A"), LookupCase("starts_at__quarter", 1, "BD"),
        LookupCase("starts_at__quarter__gte", 2, "A"), LookupCase("starts_at__hour", 23, "A"),
        LookupCase("starts_at__minute__gte", 30, "AD"), LookupCase("starts_at__second", 59, "B"),
        LookupCase("starts_at__second__in", [15, 0], "AD"), LookupCase("starts_at__date", "2024-12-30", "A"),
        LookupCase("starts_at__date__gt", "2024-03-31", "A"), LookupCase("starts_at__date__year", 2021, "B"),
        LookupCase("starts_at__date__week_day", 2, "A"), LookupCase("starts_at__date__iso_year__in", "2025,2020", "AB"),
        LookupCase("starts_at__time", "23:30:15", "A"), LookupCase("starts_at__time__gte", "00:15:59.75", "ABD"),
        LookupCase("starts_at__time__gt", "00:15:59.75", "AD"), LookupCase("starts_at__time__hour", 0, "BD"),
        LookupCase("starts_at__time__minute", 59, "D"), LookupCase("starts_at__time__second__in", [15, 59], "AB"),
        LookupCase("starts_at__time__range", "00:00:00,01:00:00", "BD"), LookupCase("starts_at__isnull", true, "C"),
        LookupCase("starts_at__contained_by", "2021-01-01T00:00:00Z,2024-12-30T23:30:15Z", "BD"),
        LookupCase("starts_at__range", "2021-01-01T00:00:00Z,2024-12-30T23:30:15Z", "ABD"),
        LookupCase("starts_at__in", ["2024-03-31T00:59:00Z", "2021-01-03T01:15:59.75+01:00"], "BD"),
        LookupCase("starts_at__hour", 0, "A", in: "Europe/Berlin"),
        LookupCase("starts_at__day", 31, "AD", in: "Europe/Berlin"),
        LookupCase("starts_at__date", "2024-12-31", "A", in: "Europe/Berlin"),
        LookupCase("starts_at__date__day", 31, "AD", in: "Europe/Berlin"),
        LookupCase("starts_at__week_day", 3, "A", in: "Europe/Berlin"),
        LookupCase("starts_at__time", "00:30:15", "A", in: "Europe/Berlin"),
        LookupCase("starts_at__time__hour", 1, "BD", in: "Europe/Berlin"),
        LookupCase("starts_at__contained_by", "2024-12-31 00:30:15,", "A", in: "Europe/Berlin"),
        LookupCase("starts_at__in", "2024-12-31 00:30:15,2024-03-31 01:59:00", "AD", in: "Europe/Berlin"),
        LookupCase("starts_at__in", "2024-12-30 23:30:15,2024-03-31T00:59:00Z", "D", in: "Europe/Berlin"),
        LookupCase("starts_at__in", "", "", in: "Europe/Berlin"),
        LookupCase("starts_at__range", "2024-12-31 00:30:15,2024-12-31 00:30:15", "A", in: "Europe/Berlin"),
        LookupCase("starts_at__time__minute", 0, "B", in: "Asia/Kathmandu"),
        LookupCase("starts_at__day", 31, "AD", in: "Pacific/Kiritimati"),
    ]

    @Test func `moments are asked for their parts, in UTC and in zones`() async throws {
        try await check(Self.moments)
    }

    static let times = [
        LookupCase("opens", "09:05:07", "A"), LookupCase("opens__gt", "23:59:59", "B"),
        LookupCase("opens__range", "00:00:00,12:00:00", "AD"), LookupCase("opens__in", "00:00:00,23:59:59.5", "BD"),
        LookupCase("opens__hour", 9, "A"), LookupCase("opens__hour__lt", "10", "AD"),
        LookupCase("opens__minute", 59, "B"), LookupCase("opens__second", 59, "B"),
        LookupCase("opens__second__in", [7, 0], "AD"), LookupCase("opens__isnull", true, "C"),
        LookupCase("opens__hour__isnull", true, "C"), LookupCase("length", "1 12:30:00", "A"),
        LookupCase("length", "P1DT12H30M", "A"), LookupCase("length__lt", "00:02:00", "BD"),
        LookupCase("length__range", "00:01:00,00:02:00", "B"),
        LookupCase("length__in", ["00:00:00", "00:01:30"], "BD"),
    ]

    @Test func `times of day and lengths of time are compared and asked for their parts`() async throws {
        try await check(Self.times)
    }

    static let scalars = [
        LookupCase("price", "10.08", "A"), LookupCase("price", 5, "D"), LookupCase("price__gt", "0.3", "ACD"),
        LookupCase("price__in", "0.30,99.99", "BC"), LookupCase("price__range", [0, "10.08"], "ABD"),
        LookupCase("price__contained_by", "0.3,10.08", "BD"), LookupCase("price__contained_by", ["0.31", nil], "ACD"),
        LookupCase("weight__contained_by", "-1.25,0.5", "BD"), LookupCase("weight", "-1.25", "B"),
        LookupCase("weight__lte", 0, "BD"), LookupCase("id__contained_by", ",", "ABCD"),
        LookupCase("is_open", true, "A"), LookupCase("is_open", "off", "BCD"), LookupCase("is_open__in", "true", "A"),
        LookupCase("token", "abcdef01-2222-4333-8444-555555555566", "B"),
        LookupCase("token__startswith", "1111", "A"), LookupCase("token__startswith", "11111111-22", "A"),
        LookupCase("token__iexact", "ABCDEF01-2222-4333-8444-555555555566", "B"),
        LookupCase("token__icontains", "CDEF", "B"), LookupCase("token__contains", "cdef", "B"),
        LookupCase("token__contains", "CDEF", ""), LookupCase("token__endswith", "5577", "C"),
        LookupCase("token__iendswith", "55-5588", "D"), LookupCase("token__istartswith", "A", "B"),
        LookupCase("token__contains", "%", ""), LookupCase("token__gt", "30000000-0000-0000-0000-000000000000", "BD"),
        LookupCase("address", "192.0.2.1", "A"), LookupCase("address", "::ffff:192.0.2.1", "A"),
        LookupCase("address__in", "192.0.2.1,2001:db8:0::1", "AB"), LookupCase("address__startswith", "192.", "A"),
        LookupCase("address__icontains", "DB8", "B"), LookupCase("address__contains", "/", ""),
        LookupCase("address__regex", "^2001:", "B"), LookupCase("address__isnull", true, "CD"),
        LookupCase("level", 9, "BD"), LookupCase("level__in", "1", "AC"), LookupCase("level__gt", 1, "BD"),
        LookupCase("level", 1_099_511_627_776, ""), LookupCase("mood", "wild", "B"),
        LookupCase("mood__startswith", "ca", "ACD"), LookupCase("mood__in", "wild,calm", "ABCD"),
        LookupCase("guests__name", "Zoe", "A"), LookupCase("guests__outing__data__owner__name", "bob", "B"),
        LookupCase("guests__outing__opens__hour", 9, "A"), LookupCase("guests__isnull", true, "CD"),
        LookupCase("guests__outing__price__contained_by", "5,20", "A"),
    ]

    @Test func `numbers, identifiers, addresses and choices are asked as Django asks them`() async throws {
        try await check(Self.scalars)
    }

    @Test func `orders go by parts, too`() async throws {
        try await Outing.load()
        func names(_ fields: String...) async throws -> String {
            try await Outing.objects.filter { !$0.day.isNull }.order(by: fields).all().map(\.name).joined()
        }
        #expect(try await names("opens__minute", "name") == "DAB")
        #expect(try await names("-starts_at__time") == "ADB")
        #expect(try await names("day__week_day", "name") == "BDA")
        #expect(try await names("starts_at__date__day", "name") == "BAD")
        #expect(try await names("level", "-mood") == "ABD")
    }

    static let problems = [
        LookupProblem("data__owner__age__gt", true, "type", "must be text or a number, but it is true."),
        LookupProblem("data__owner__age__range", [1, "x"], "type", "must be two texts or two numbers"),
        LookupProblem("data__owner__age__range", [1], "range", "must be two values"),
        LookupProblem("data__has_keys", 5, "type", "must be a list of values, but it is 5."),
        LookupProblem("data__owner__name__icontains", "a\u{0}", "value", "text without null characters"),
        LookupProblem("day__hour", 3, "unknown", "nothing of 'day' is called 'hour'"),
        LookupProblem(
            "day__hour", 3, "unknown", "There is: contained_by, day, exact, gt, gte, in, isnull, iso_week_day,"),
        LookupProblem(
            "opens__year", 3, "unknown", "There is: exact, gt, gte, hour, in, isnull, lt, lte, minute, range"),
        LookupProblem("starts_at__tim", "x", "unknown", "Did you mean 'time'?"),
        LookupProblem("starts_at__time__year", 3, "unknown", "nothing of 'starts_at' is called 'year'"),
        LookupProblem("starts_at__date__hour", 3, "unknown", "nothing of 'starts_at' is called 'hour'"),
        LookupProblem("starts_at__time", "25:00", "time", "must be a time of day such as '09:05:00'"),
        LookupProblem("opens__hour", "x", "integer", "must be a whole number, but it is 'x'."),
        LookupProblem("day__contained_by", "2024-02-01", "range", "two values, each a day such as '2026-01-31'"),
        LookupProblem("day__contained_by", "2024-02-02,2024-02-01", "range", "of which the first is not larger"),
        LookupProblem("day__contained_by", "2024-02-30,2024-03-01", "date", "must be a day such as"),
        LookupProblem("price__contained_by", [1, 2, 3], "range", "two values, each a decimal number"),
        LookupProblem("address", "999.1.1.1", "address", "an IP address such as '192.0.2.1'"),
        LookupProblem("address__gt", "192.0.2.1", "unknown", "nothing of 'address' is called 'gt'"),
        LookupProblem("token__gt", "x", "uuid", "must be a UUID"),
        LookupProblem("level__icontains", "1", "unknown", "nothing of 'level' is called 'icontains'"),
        LookupProblem("mood", "sad", "choice", "must be one of 'calm', 'wild'"),
        LookupProblem("length", "soon", "duration", "a length of time such as"),
        LookupProblem("guests__outing__day__hour", 1, "unknown", "nothing of 'day' is called 'hour'"),
        LookupProblem("name__overlap", "x", "unknown", "nothing of 'name' is called 'overlap'"),
        LookupProblem("name__len", 1, "unknown", "nothing of 'name' is called 'len'"),
        LookupProblem("price", .json(["a": 1]), "decimal", "but it is a document of JSON."),
    ]

    @Test func `what a field cannot be asked is said with its alternatives`() {
        for problem in Self.problems {
            let error = #expect(throws: LookupError.self, "\(problem.lookup)") {
                _ = try Outing.objects.filter(lookup: problem.lookup, problem.value)
            }
            #expect(error?.rule == problem.rule, "\(problem.lookup): \(error?.description ?? "")")
            #expect(error?.description.contains(problem.message) == true, "\(error?.description ?? "")")
        }
    }

    @Test func `what PostgreSQL alone can find is refused elsewhere before the database is asked`() async throws {
        try await Outing.load()
        let names = ["name__search", "mood__unaccent", "name__unaccent__startswith", "name__trigram_similar"]
        for name in names {
            guard try !isPostgreSQL() else { continue }
            let error = #expect(throws: LookupError.self) { _ = try Outing.objects.filter(lookup: name, "a") }
            #expect(error?.rule == "unsupported")
            #expect(error?.description.contains("is PostgreSQL's, and the database is sqlite.") == true)
        }
        if try isPostgreSQL() {
            #expect(try await Outing.names(Outing.objects.filter(lookup: "name__search", "a")) == "A")
        }
    }

    /// Every lookup there is, behind every field and its parts, with values of every kind.
    @Test func `each name is a query that runs or an error that says why`() async throws {
        try await Outing.load()
        let fields = [
            "name", "data", "data__owner__age", "day", "starts_at", "starts_at__date", "starts_at__time", "opens",
            "length", "price", "weight", "is_open", "token", "address", "level", "mood", "guests", "day__year",
            "name__length", "name__lower",
        ]
        let lookups = [
            "exact", "iexact", "contains", "icontains", "in", "gt", "gte", "lt", "lte", "startswith", "istartswith",
            "endswith", "iendswith", "range", "isnull", "regex", "iregex", "contained_by", "has_key", "has_keys",
            "has_any_keys", "overlap", "year", "hour", "week", "len", "0", "0_1",
        ]
        let values: [LookupValue] = [
            "x", "1", 1, 0.5, true, nil, ["1", "2"], "2024-01-01", "2024-01-01,2025-01-01", "09:00:00", [],
            "11111111-2222-4333-8444-555555555555", .json(["a": 1]), "99999999999999999999", "192.0.2.1", "(", "[,]",
            "0001-01-01,9999-12-31", "9999-12-31T23:59:59-14:00",
        ]
        var ran = 0
        for field in fields {
            for lookup in lookups {
                for value in values {
                    do {
                        let query = try Outing.objects.filter(
                            lookup: "\(field)__\(lookup)", value, in: ran % 2 == 0 ? "Europe/Berlin" : .utc)
                        _ = try await query.count()
                        ran += 1
                    } catch is LookupError {
                        continue
                    } catch {
                        Issue.record(error, "\(field)__\(lookup) \(value)")
                    }
                }
            }
        }
        #expect(ran > 1_000)
    }

    @Test func `hostile texts are values, keys and errors, and never SQL`() async throws {
        try await Outing.load()
        let lookups = [
            "data__owner__name", "data__contains", "data__has_key", "data__has_keys", "data__has_any_keys",
            "data__contained_by", "data__owner__name__range", "day", "day__contained_by", "starts_at",
            "starts_at__time", "opens", "length", "price__contained_by", "token__icontains", "address",
            "address__icontains", "level", "mood", "is_open",
        ]
        for text in FunctionTests.hostile {
            for lookup in lookups + ["data__\(text.prefix(60))", "data__a__\(text.prefix(60))__gt"] {
                do {
                    _ = try await Outing.objects.filter(lookup: lookup, .text(text)).count()
                    _ = try await Outing.objects.exclude(lookup: lookup, .text(text)).count()
                } catch is LookupError {
                    continue
                } catch {
                    Issue.record(error, "\(lookup) \(text.prefix(40))")
                }
            }
        }
        #expect(try await Outing.objects.count() == 4)
    }
}
