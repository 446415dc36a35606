import FoundationEssentials
import MartletORM
import Testing

/// Parts and beginnings of moments. The expected values are those of Python's `zoneinfo`.
@Suite(.library) struct DateExpressionTests {
    /// A moment in UTC, such as `2026-03-29 01:30:00`.
    private static func moment(_ text: String) throws -> Date {
        try #require(DateTimeText.date(from: text.utf8))
    }

    /// The only book there is, published at that moment.
    private func book(_ text: String) async throws {
        try await Book.objects.delete()
        let ann = try await Person.objects.create(Person(name: "Ann"))
        try await Book.objects.create(
            Book(title: text, publishedOn: try Self.moment(text), author: ForeignKey(ann)))
    }

    struct PartCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let moment: String
        let zone: TimeZoneName
        /// In the order of `DatePart.allCases`.
        let expected: [Int]

        init(_ name: String, _ moment: String, _ zone: TimeZoneName, _ expected: [Int]) {
            testDescription = name
            self.moment = moment
            self.zone = zone
            self.expected = expected
        }
    }

    // year, ISO year, quarter, month, ISO week, day, weekday (Sunday 1), ISO weekday, hour, minute, second
    static let parts = [
        PartCase("UTC", "2026-02-03 04:05:06.999999", "UTC", [2026, 2026, 1, 2, 6, 3, 3, 2, 4, 5, 6]),
        PartCase("the ISO year differs", "2021-01-03 23:59:59.6", "UTC", [2021, 2020, 1, 1, 53, 3, 1, 7, 23, 59, 59]),
        PartCase("the ISO year is the next", "2024-12-30 00:00:00", "UTC", [2024, 2025, 4, 12, 1, 30, 2, 1, 0, 0, 0]),
        PartCase(
            "another year in Berlin", "2025-12-31 23:30:00", "Europe/Berlin", [2026, 2026, 1, 1, 1, 1, 5, 4, 0, 30, 0]),
        PartCase(
            "before summer time", "2026-03-29 00:59:59", "Europe/Berlin", [2026, 2026, 1, 3, 13, 29, 1, 7, 1, 59, 59]),
        PartCase("in summer time", "2026-03-29 01:00:00", "Europe/Berlin", [2026, 2026, 1, 3, 13, 29, 1, 7, 3, 0, 0]),
        PartCase(
            "the hour that comes twice", "2026-10-25 01:30:00", "Europe/Berlin",
            [2026, 2026, 4, 10, 43, 25, 1, 7, 2, 30, 0]),
        PartCase(
            "a distance of 45 minutes", "2026-06-30 18:30:00", "Asia/Kathmandu",
            [2026, 2026, 3, 7, 27, 1, 4, 3, 0, 15, 0]),
        PartCase("a fixed distance", "2026-06-30 18:30:00", "+05:30", [2026, 2026, 3, 7, 27, 1, 4, 3, 0, 0, 0]),
        PartCase(
            "a fixed distance to the west", "2026-01-01 02:00:00", "-03:00", [2025, 2026, 4, 12, 1, 31, 4, 3, 23, 0, 0]),
        PartCase(
            "far in the future", "2100-07-01 00:00:00", "America/New_York", [2100, 2100, 2, 6, 26, 30, 4, 3, 20, 0, 0]),
        PartCase(
            "before 1970", "1969-07-20 20:17:40", "America/New_York", [1969, 1969, 3, 7, 29, 20, 1, 7, 16, 17, 40]),
    ]

    @Test func `parts of a moment are those that clocks show`() async throws {
        for example in Self.parts {
            try await book(example.moment)
            for (part, expected) in zip(DatePart.allCases, example.expected) {
                let found: [Int?] = try await Book.objects.values { $0.publishedOn.part(part, in: example.zone) }
                #expect(found == [expected], "\(part.rawValue): \(example.testDescription)")
                #expect(
                    try await Book.objects.filter { $0.publishedOn.part(part, in: example.zone) == expected }.exists())
                #expect(
                    try await !Book.objects.exclude { $0.publishedOn.part(part, in: example.zone) == expected }.exists()
                )
            }
        }
    }

    @Test func `parts in UTC have names`() async throws {
        try await book("2026-02-03 04:05:06")
        let rows: [(Int?, Int?, Int?, Int?, Int?, Int?)] = try await Book.objects.values {
            (
                $0.publishedOn.isoYear, $0.publishedOn.quarter, $0.publishedOn.week, $0.publishedOn.weekDay,
                $0.publishedOn.isoWeekDay, $0.publishedOn.hour
            )
        }
        #expect(rows.count == 1 && rows[0] == (2026, 1, 6, 3, 2, 4))
        let times: [(Int?, Int?)] = try await Book.objects.values { ($0.publishedOn.minute, $0.publishedOn.second) }
        #expect(times.count == 1 && times[0] == (5, 6))
    }

    struct UnitCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let moment: String
        let unit: DateUnit
        let zone: TimeZoneName
        let expected: String

        init(_ name: String, _ moment: String, _ unit: DateUnit, _ zone: TimeZoneName, _ expected: String) {
            testDescription = name
            self.moment = moment
            self.unit = unit
            self.zone = zone
            self.expected = expected
        }
    }

    static let units = [
        UnitCase("year", "2026-08-19 10:20:30.5", .year, "UTC", "2026-01-01 00:00:00"),
        UnitCase("quarter", "2026-08-19 10:20:30.5", .quarter, "UTC", "2026-07-01 00:00:00"),
        UnitCase("month", "2026-08-19 10:20:30.5", .month, "UTC", "2026-08-01 00:00:00"),
        UnitCase("week", "2026-08-19 10:20:30.5", .week, "UTC", "2026-08-17 00:00:00"),
        UnitCase("week, from a Sunday", "2026-08-23 10:20:30.5", .week, "UTC", "2026-08-17 00:00:00"),
        UnitCase("day", "2026-08-19 10:20:30.5", .day, "UTC", "2026-08-19 00:00:00"),
        UnitCase("hour", "2026-08-19 10:20:30.5", .hour, "UTC", "2026-08-19 10:00:00"),
        UnitCase("minute", "2026-08-19 10:20:30.5", .minute, "UTC", "2026-08-19 10:20:00"),
        UnitCase("second", "2026-08-19 10:20:30.5", .second, "UTC", "2026-08-19 10:20:30"),
        UnitCase("year in Berlin", "2025-12-31 23:30:00", .year, "Europe/Berlin", "2025-12-31 23:00:00"),
        UnitCase("month across summer time", "2026-03-31 12:00:00", .month, "Europe/Berlin", "2026-02-28 23:00:00"),
        UnitCase("day of the change", "2026-03-29 12:00:00", .day, "Europe/Berlin", "2026-03-28 23:00:00"),
        UnitCase("first of two hours", "2026-10-25 00:30:00", .hour, "Europe/Berlin", "2026-10-25 00:00:00"),
        UnitCase("second of two hours", "2026-10-25 01:30:00", .hour, "Europe/Berlin", "2026-10-25 01:00:00"),
        UnitCase("hour in Kathmandu", "2026-06-30 18:30:00", .hour, "Asia/Kathmandu", "2026-06-30 18:15:00"),
        UnitCase(
            "a midnight that clocks skip", "2018-11-04 12:00:00", .day, "America/Sao_Paulo", "2018-11-04 03:00:00"),
        UnitCase("a midnight that comes twice", "2026-11-01 12:00:00", .day, "America/Havana", "2026-11-01 05:00:00"),
        UnitCase("day at a fixed distance", "2026-06-30 18:30:00", .day, "+05:30", "2026-06-30 18:30:00"),
    ]

    @Test func `a moment is cut to its beginning`() async throws {
        for example in Self.units {
            try await book(example.moment)
            let found: [Date?] = try await Book.objects.values {
                $0.publishedOn.truncated(to: example.unit, in: example.zone)
            }
            #expect(found == [try Self.moment(example.expected)], "\(example.testDescription)")
        }
    }

    struct YearCase: Sendable, CustomTestStringConvertible {
        let zone: TimeZoneName
        let moment: String
        let year: Int
        var testDescription: String { "\(moment) \(zone)" }
    }

    static let years = [
        YearCase(zone: "UTC", moment: "2026-01-01 00:00:00", year: 2026),
        YearCase(zone: "UTC", moment: "2025-12-31 23:59:59.999999", year: 2025),
        YearCase(zone: "Europe/Berlin", moment: "2025-12-31 23:00:00", year: 2026),
        YearCase(zone: "Europe/Berlin", moment: "2025-12-31 22:59:59.999999", year: 2025),
        YearCase(zone: "-03:00", moment: "2026-01-01 03:00:00", year: 2026),
        YearCase(zone: "UTC", moment: "0001-01-01 00:00:00", year: 1),
        YearCase(zone: "UTC", moment: "9999-12-31 00:00:00", year: 9999),
    ]

    @Test func `a year is compared as a range`() async throws {
        for example in Self.years {
            try await book(example.moment)
            func exists(_ condition: (Expr<Int?>) -> Condition) async throws -> Bool {
                try await Book.objects.filter { condition($0.publishedOn.part(.year, in: example.zone)) }.exists()
            }
            let year = example.year
            #expect(try await exists { $0 == year })
            #expect(try await !exists { $0 == year - 1 })
            #expect(try await !exists { $0 == year + 1 })
            #expect(try await exists { $0 >= year })
            #expect(try await exists { $0 <= year })
            #expect(try await !exists { $0 > year })
            #expect(try await !exists { $0 < year })
            #expect(try await exists { $0 > year - 1 })
            #expect(try await exists { $0 < year + 1 })
            #expect(try await !exists { $0 != year })
            #expect(try await exists { $0 != year + 1 })
        }
    }

    @Test func `the comparison of a year leaves the column bare for its index`() async throws {
        let log = StatementLog()
        try await log.observing {
            _ = try await Book.objects.filter { $0.publishedOn.year == 2026 }.exists()
            _ = try await Book.objects.filter { $0.publishedOn.part(.year, in: "Europe/Berlin") > 2026 }.exists()
        }
        #expect(log.statements.count == 2)
        for statement in log.statements {
            #expect(statement.sql.contains("\"published_on\" >= "))
            #expect(!statement.sql.uppercased().contains("EXTRACT") && !statement.sql.contains("SUBSTR"))
        }
    }

    @Test func `a year that is null is left in by exclude`() async throws {
        _ = try await Shelf.make()
        #expect(try await Book.objects.exclude { $0.publishedOn.year == 2023 }.count() == 1)
        #expect(try await Book.objects.filter { $0.publishedOn.year != 2023 }.count() == 1)
    }

    @Test func `time is added and taken away`() async throws {
        try await book("2026-02-28 23:59:59.999999")
        let rows: [(Date?, Date?, Date?)] = try await Book.objects.values {
            (
                $0.publishedOn + .microseconds(1), $0.publishedOn - .seconds(86_400 * 365),
                $0.publishedOn + .milliseconds(-1500)
            )
        }
        let row = try #require(rows.first)
        #expect(row.0 == (try Self.moment("2026-03-01 00:00:00")))
        #expect(row.1 == (try Self.moment("2025-02-28 23:59:59.999999")))
        #expect(row.2 == (try Self.moment("2026-02-28 23:59:58.499999")))
    }

    @Test func `a moment beyond the calendar is an invalid value`() async throws {
        try await book("2026-02-28 00:00:00")
        let error = await #expect(throws: DatabaseError.self) {
            let _: [Date?] = try await Book.objects.values { $0.publishedOn + .seconds(1 << 50) }
        }
        #expect(error?.kind == .invalidValue)
    }

    @Test func `now is the database's`() async throws {
        try await Person.objects.create(Person(name: "Ann"))
        let before = Date.now.addingTimeInterval(-60)
        let found: [Date] = try await Person.objects.values { _ in now() }
        #expect(found.count == 1 && found[0] > before && found[0] < before.addingTimeInterval(120))
    }

    @Test func `a zone that the database does not know is an invalid value`() async throws {
        for name in ["Mars/Olympus", "Europe/Berlins", "/etc/passwd"] {
            try await book("2026-02-28 00:00:00")
            let error = await #expect(throws: DatabaseError.self) {
                _ = try await Book.objects.filter { $0.publishedOn.part(.hour, in: TimeZoneName(name)) == 1 }.exists()
            }
            #expect(error?.kind == .invalidValue)
        }
    }

    @Test func `what cannot be a zone's name does not reach the database`() async throws {
        for name in [
            "", "+25:99", "+5", "-", "+01:00:00:00", "UTC'; DROP TABLE library_book; --", "Europe Berlin", "..",
            "a\u{0}b", "Zürich",
        ] {
            let error = await #expect(throws: ORMError.self) {
                _ = try await Book.objects.filter { $0.publishedOn.part(.hour, in: TimeZoneName(name)) == 1 }.exists()
            }
            #expect(error?.description.contains("no name of a time zone") == true)
        }
    }
}
