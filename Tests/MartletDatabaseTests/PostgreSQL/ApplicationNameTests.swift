import FoundationEssentials
import MartletORM
import MartletPostgreSQL
import Testing

extension PostgreSQLTests {
    /// The name that a connection has at the server, whatever it is made of.
    @Suite(.timeLimit(.minutes(2))) struct ApplicationNameTests {
        struct NameCase: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let name: String
            /// How many of its bytes the server keeps.
            var kept = 63
        }

        static let names = [
            NameCase(testDescription: "a word", name: "blog"),
            NameCase(testDescription: "nothing", name: ""),
            NameCase(testDescription: "blanks", name: "  the blog's worker  "),
            NameCase(testDescription: "quotes", name: #"a'b"c`d$$e"#),
            NameCase(testDescription: "an end of a literal", name: "x'; DROP TABLE kept; --"),
            NameCase(testDescription: "a keyword of libpq", name: "x' host=/nonexistent user='nobody"),
            NameCase(testDescription: "an option of the server", name: "x -c statement_timeout=1"),
            NameCase(testDescription: "backslashes", name: #"\' \\ \n \x00"#),
            NameCase(testDescription: "signs of a URL and of a pattern", name: "100%_?a=b&c#d/é"),
            NameCase(testDescription: "a line break and a tab", name: "one\ntwo\r\nthree\tfour"),
            NameCase(testDescription: "control characters", name: "\u{1}\u{7F}\u{1B}[31m"),
            NameCase(testDescription: "emoji", name: "blog 😀 Bücher"),
            NameCase(testDescription: "63 bytes", name: String(repeating: "x", count: 63)),
            NameCase(testDescription: "64 bytes", name: String(repeating: "y", count: 64)),
            NameCase(
                testDescription: "a megabyte, which the first message could not hold",
                name: String(repeating: "z", count: 1_000_000)),
            NameCase(
                testDescription: "a character across the end is left out",
                name: String(repeating: "😀", count: 100_000), kept: 60),
        ]

        /// The bytes of a text as the server shows them: those that are no printable ASCII by another sign
        /// or by their number, as of PostgreSQL 16.
        private static func shown(_ example: NameCase, version: Int64) -> String {
            example.name.utf8.prefix(example.kept).map { byte -> String in
                if (0x20...0x7E).contains(byte) { return String(Unicode.Scalar(byte)) }
                let digits = String(byte, radix: 16)
                return version < 160_000 ? "?" : "\\x" + (digits.count == 1 ? "0" : "") + digits
            }.joined()
        }

        private static func version(_ test: TestDatabase) async throws -> Int64 {
            try #require(
                try await test.database.rows(Statement("SELECT current_setting('server_version_num')::bigint")) {
                    try $0.integer(at: 0)
                }.first)
        }

        @Test(arguments: names)
        func `a name of any characters is a name and nothing else`(_ example: NameCase) async throws {
            let plain = try TestDatabase.open { $0.limit = 1 }
            try await plain.run("CREATE TABLE kept (id integer)")
            let test = try TestDatabase.open {
                $0.limit = 1
                $0.applicationName = example.name
            }
            let shown = Self.shown(example, version: try await Self.version(plain))
            #expect(try await test.value("SELECT current_setting('application_name')") == .text(shown))
            #expect(
                try await plain.value(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1",
                    .text(shown)) == .integer(1))
            #expect(try await test.value("SELECT current_user::text") == .text("martlet"))
            #expect(try await test.value("SELECT current_setting('statement_timeout')") == .text("0"))
            #expect(try await test.value("SELECT count(*) FROM kept") == .integer(0))
        }

        @Test(arguments: ["application_name", "password", "dbname", "user", "host"])
        func `a null character is refused, since libpq would leave out what follows`(_ keyword: String) async throws {
            let test = try TestDatabase.open {
                let value = "secret\0x"
                switch keyword {
                case "application_name": $0.applicationName = value
                case "password": $0.password = value
                case "dbname": $0.database = value
                case "user": $0.user = value
                default: $0.host = value
                }
            }
            let error = await #expect(throws: DatabaseError.self) { try await test.value("SELECT 1") }
            #expect(error?.kind == .connection)
            #expect(
                error?.message.hasPrefix("The \(keyword) of the connection to PostgreSQL has a null character") == true)
            #expect(error?.description.contains("secret") == false)
            #expect(test.backend.gauges == (open: 0, idle: 0, waiting: 0))
        }
    }
}
