import FoundationEssentials
import MartletORM
import MartletPostgreSQL
import MartletValues
import Testing

extension PostgreSQLTests {
    @Suite struct TypeTests {
        struct KeyCase: Sendable, CustomTestStringConvertible {
            let type: String
            let value: SQLValue
            var testDescription: String { type }
        }

        static let moment = Date(timeIntervalSince1970: 1_700_000_000.25)
        static let uuid = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))

        static let keys = [
            KeyCase(type: "integer", value: .integer(7)),
            KeyCase(type: "smallint", value: .integer(-7)),
            KeyCase(type: "bigint", value: .integer(.max)),
            KeyCase(type: "numeric(20,2)", value: .integer(12)),
            KeyCase(type: "varchar(20)", value: .text("ü 'quoted'")),
            KeyCase(type: "text", value: .text("")),
            KeyCase(type: "uuid", value: .uuid(uuid)),
            KeyCase(type: "timestamptz", value: .dateTime(moment)),
            KeyCase(type: "timestamp", value: .dateTime(moment)),
            KeyCase(type: "boolean", value: .bool(true)),
            KeyCase(type: "double precision", value: .real(0.1)),
            KeyCase(type: "bytea", value: .bytes([0, 255, 92])),
            KeyCase(type: "bytea", value: .bytes([])),
            KeyCase(type: "date", value: .date(.first)),
            KeyCase(type: "date", value: .date(.last)),
            KeyCase(type: "time", value: .time(.midnight)),
            KeyCase(type: "interval", value: .duration(.seconds(-90_061) - .microseconds(1))),
            KeyCase(type: "interval", value: .duration(.microseconds(Int64.max))),
            KeyCase(type: "jsonb", value: .json("{\"a\": 1}")),
            KeyCase(type: "numeric(20,2)", value: .decimal(Decimal(sign: .minus, exponent: -2, significand: 1008))),
            KeyCase(type: "inet", value: .text("10.0.0.1")),
            KeyCase(type: "inet", value: .text("2001:db8::/32")),
            KeyCase(type: "cidr", value: .text("10.0.0.0/8")),
        ]

        @Test(arguments: keys, [PostgreSQLConfiguration.StatementMode.named, .unnamed])
        func `a row is found again by any type of key`(
            _ example: KeyCase, _ mode: PostgreSQLConfiguration.StatementMode
        ) async throws {
            let test = try TestDatabase.open {
                $0.statementMode = mode
            }
            try await test.run("CREATE TABLE t (id \(example.type) PRIMARY KEY)")
            try await test.database.execute(Statement("INSERT INTO t VALUES ($1)", [example.value]))
            let found = try await test.value("SELECT id FROM t WHERE id = $1", example.value)
            if case .integer(let number) = example.value, example.type.hasPrefix("numeric") {
                #expect(found == .decimal(Decimal(number)))
            } else {
                #expect(found == example.value)
            }
            #expect(
                try await test.value("SELECT count(*) FROM t WHERE id IN ($1, $2)", example.value, .null)
                    == .integer(1))
        }

        @Test func `a number that no row of the column can have matches none and breaks nothing`() async throws {
            let test = try TestDatabase.open()
            try await test.run(
                "CREATE TABLE t (id integer PRIMARY KEY, small smallint)", "INSERT INTO t VALUES (1, 1)")
            let sql = "SELECT count(*) FROM t WHERE id = $1 OR small = $2"
            #expect(try await test.value(sql, .integer(1 << 40), .integer(70_000)) == .integer(0))
            #expect(try await test.value(sql, .integer(1), .integer(70_000)) == .integer(1))
            let error = await #expect(throws: DatabaseError.self) {
                try await test.database.execute(Statement("INSERT INTO t VALUES ($1)", [.integer(1 << 40)]))
            }
            #expect(error?.kind == .invalidValue)
        }

        /// Exact decimals: the text PostgreSQL itself makes of them is the measure (numbers that drivers got wrong).
        @Test(arguments: [
            "0", "10000", "10.08", "-10.80", "0.1", "0.0001", "0.00001", "100000000", "-0.5", "1.0",
            "12345678901234567890.12345",
            "1e-20", "1e30", "NaN", "0.00", "9999.9999", "10000.0001",
        ])
        func `decimals are read exactly`(_ number: String) async throws {
            let test = try TestDatabase.open()
            guard case .text(let text) = try await test.value("SELECT (CAST($1 AS numeric))::text", .text(number))
            else {
                throw DecodingProblem(column: "text", expected: "text", found: number)
            }
            // What is no decimal, such as NaN, stays text.
            let expected = number == "NaN" ? SQLValue.text(text) : try .decimal(#require(Decimal(string: text)))
            #expect(try await test.value("SELECT CAST($1 AS numeric)", .text(number)) == expected)
        }

        @Test func `values of other types come as text`() async throws {
            let test = try TestDatabase.open()
            let sql = "SELECT '{1,2}'::int[], 5::int, true, now(), '\\xff'::bytea, 1.5::float8, 'f'::jsonb::text"
            let row = try await test.database.rows(Statement(sql.replacing("'f'::jsonb", with: "'{}'::jsonb"))) {
                row in
                (
                    try row.text(at: 0), try row.integer(at: 1), try row.bool(at: 2), try row.dateTime(at: 3),
                    try row.bytes(at: 4), try row.real(at: 5), try row.text(at: 6)
                )
            }.first
            #expect(row?.0 == "{1,2}")
            #expect(row?.1 == 5)
            #expect(row?.2 == true)
            #expect(row?.4 == [255])
            #expect(row?.5 == 1.5)
            #expect(row?.6 == "{}")
        }

        @Test(arguments: [PostgreSQLConfiguration.StatementMode.named, .unnamed])
        func `intervals are read in both forms, and those of months refused`(
            _ mode: PostgreSQLConfiguration.StatementMode
        ) async throws {
            let test = try TestDatabase.open { $0.statementMode = mode }
            for (text, expected) in [
                ("1 day 02:03:04.5", Duration.seconds(93_784) + .milliseconds(500)),
                ("-1 days +02:03:04", .seconds(-79_016)),
                ("-00:00:00.000001", .microseconds(-1)), ("00:00:00", .zero), ("400 days", .seconds(34_560_000)),
                ("-2 days -01:00:00", .seconds(-176_400)),
            ] {
                #expect(
                    try await test.value("SELECT CAST($1 AS interval)", .text(text)) == .duration(expected), "\(text)")
            }
            await #expect(throws: DecodingProblem.self) {
                try await test.database.rows(Statement("SELECT interval '1 month'")) { try $0.duration(at: 0) }
            }
        }

        @Test(arguments: [PostgreSQLConfiguration.StatementMode.named, .unnamed])
        func `what a role has set of the forms of values does not matter`(
            _ mode: PostgreSQLConfiguration.StatementMode
        ) async throws {
            let setting = try TestDatabase.open { $0.limit = 1 }
            for change in ["IntervalStyle TO sql_standard", "bytea_output TO escape", "DateStyle TO German"] {
                try await setting.run(
                    """
                    DO $$ BEGIN EXECUTE format(
                    'ALTER ROLE CURRENT_USER IN DATABASE %I SET \(change)', current_database()); END $$
                    """)
            }
            let test = try TestDatabase.open { $0.statementMode = mode }
            // An array has no binary decoder, which makes all columns text.
            let sql = """
                SELECT interval '-1 day -2 hours', '\\xff5c41'::bytea, '2024-02-03 04:05:06Z'::timestamptz, '{1}'::int[]
                """
            let row = try await test.database.rows(Statement(sql)) { row in
                (try row.duration(at: 0), try row.bytes(at: 1), try row.dateTime(at: 2))
            }.first
            #expect(row?.0 == .seconds(-93_600))
            #expect(row?.1 == [255, 92, 65])
            #expect(row?.2 == Date(timeIntervalSince1970: 1_706_933_106))
        }

        @Test(arguments: ["sql_standard", "postgres_verbose", "iso_8601"])
        func `an interval in a form that was set later is refused, and not misread`(_ style: String) async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("SET IntervalStyle TO '\(style)'")
            for value in ["-1 day -2 hours", "1 day"] {
                await #expect(throws: DecodingProblem.self, "\(value)") {
                    try await test.database.rows(Statement("SELECT interval '\(value)', '{1}'::int[]")) {
                        try $0.duration(at: 0)
                    }
                }
            }
        }

        @Test func `the ends of time and of numbers survive`() async throws {
            let test = try TestDatabase.open()
            for seconds in [-62_135_596_800.0, 0, 253_402_300_799.5] {
                let date = Date(timeIntervalSince1970: seconds)
                #expect(try await test.value("SELECT $1::timestamptz", .dateTime(date)) == .dateTime(date))
            }
            await #expect(throws: DecodingProblem.self) {
                try await test.database.rows(Statement("SELECT 'infinity'::timestamptz")) { try $0.dateTime(at: 0) }
            }
            for number in [Double.infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
                #expect(try await test.value("SELECT $1::float8", .real(number)) == .real(number))
            }
        }

        @Test func `a value of another type is an error that names the column`() async throws {
            let test = try TestDatabase.open()
            let error = await #expect(throws: DecodingProblem.self) {
                try await test.database.rows(Statement("SELECT 'x'::text AS title")) { try $0.integer(at: 0) }
            }
            #expect(
                error?.description
                    == "Column 'title' holds the text 'x', which is not a whole number. "
                    + "Correct the row, or change the field's type to what the column stores.")
        }

        @Test(arguments: [PostgreSQLConfiguration.StatementMode.named, .unnamed])
        func `text with a null character is refused before it is sent`(
            _ mode: PostgreSQLConfiguration.StatementMode
        ) async throws {
            let test = try TestDatabase.open {
                $0.statementMode = mode
            }
            let error = await #expect(throws: DatabaseError.self) {
                try await test.value("SELECT length($1::text)", .text("a\u{0}b"))
            }
            #expect(error?.kind == .invalidValue)
            #expect(try await test.value("SELECT length($1::text)", .text("a😀b")) == .integer(3))
        }
    }
}
