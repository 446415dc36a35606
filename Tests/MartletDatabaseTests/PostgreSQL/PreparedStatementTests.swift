import FoundationEssentials
import MartletORM
import MartletPostgreSQL
import TestPrograms
import Testing

extension PostgreSQLTests {
    /// How statements and their values travel.
    @Suite(.timeLimit(.minutes(2))) struct PreparedStatementTests {
        private static let listing = "SELECT statement FROM pg_prepared_statements"

        /// The statements that the server keeps, among those of a test.
        private static func kept(_ test: TestDatabase) async throws -> Set<String> {
            let all = try await test.database.rows(Statement(listing)) { try $0.text(at: 0) }
            return Set(all).subtracting([listing])
        }

        @Test func `the statement that was not used for the longest goes first`() async throws {
            let test = try TestDatabase.open {
                $0.limit = 1
                // Three, and the one that asks.
                $0.cachedStatements = 4
            }
            func use(_ names: String...) async throws {
                for name in names { #expect(try await test.value("SELECT '\(name)'") == .text(name)) }
            }
            func selects(_ names: String...) -> Set<String> { Set(names.map { "SELECT '\($0)'" }) }
            try await use("a", "b", "c")
            #expect(try await Self.kept(test) == selects("a", "b", "c"))
            // The first one is used again, so that it is no longer the oldest.
            try await use("a", "d")
            #expect(try await Self.kept(test) == selects("a", "c", "d"))
            try await use("c", "a", "e")
            #expect(try await Self.kept(test) == selects("a", "c", "e"))
            try await use("c", "f")
            #expect(try await Self.kept(test) == selects("c", "e", "f"))
        }

        private struct Journey {
            var answer: [SQLValue] = []
            var parsed: [String] = []
            var bindings: [RecordingProxy.Message.Binding] = []
            var rows: [[[UInt8]?]] = []
        }

        private static let moment = Date(timeIntervalSince1970: 1_700_000_000.25)
        private static let id = UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
        private static let question = Statement(
            "SELECT $1::float8, $2::bytea, $3::timestamptz, $4::int8, $5::bool, $6::uuid, $7::text, $8::int4",
            [
                .real(1.5), .bytes([0, 255, 92]), .dateTime(moment), .integer(-2), .bool(true), .uuid(id),
                .text("'; DROP"), .null,
            ])

        /// Asks the question twice, through a proxy that keeps what passes.
        private static func travel(_ mode: PostgreSQLConfiguration.StatementMode) async throws -> Journey {
            let proxy = try RecordingProxy(to: PrivateServer.shared.get())
            defer { proxy.close() }
            let test = try TestDatabase.open {
                $0.host = proxy.folder
                $0.limit = 1
                $0.statementMode = mode
            }
            var journey = Journey()
            for _ in 0..<2 {
                let rows = try await test.database.rows(question) { row in (0..<8).map { row.value(at: $0) } }
                journey.answer = rows.first ?? []
            }
            await test.backend.close()
            journey.parsed = proxy.fromClient.filter { $0.type == "P" }.map(\.parsed)
            journey.bindings = proxy.fromClient.filter { $0.type == "B" }.map(\.binding)
            journey.rows = proxy.fromServer.filter { $0.type == "D" }.map(\.row)
            return journey
        }

        private static let answer: [SQLValue] = [
            .real(1.5), .bytes([0, 255, 92]), .dateTime(moment), .integer(-2), .bool(true), .uuid(id), .text("'; DROP"),
            .null,
        ]

        @Test func `a prepared statement is parsed once, and its values travel in binary form there and back`()
            async throws
        {
            let journey = try await Self.travel(.named)
            #expect(journey.answer == Self.answer)
            #expect(journey.parsed.count == 1 && journey.parsed.first?.isEmpty == false)
            #expect(journey.bindings.count == 2 && journey.rows.count == 2)
            // Microseconds since the year 2000, as PostgreSQL counts.
            let microseconds = Int64(1_700_000_000_250_000 - 946_684_800_000_000)
            let bytes: [[UInt8]?] = [
                Self.bytes(1.5.bitPattern), [0, 255, 92], Self.bytes(microseconds), Self.bytes(Int64(-2)), [1],
                Array(1...16), Array("'; DROP".utf8), nil,
            ]
            for binding in journey.bindings {
                #expect(binding.statement == journey.parsed.first)
                // Text is the same bytes in both forms.
                #expect(binding.formats == [1, 1, 1, 1, 1, 1, 0, 0])
                #expect(binding.resultFormats == [1])
                #expect(binding.values == bytes)
            }
            #expect(journey.rows == [bytes, bytes])
        }

        @Test func `in unnamed mode no statement has a name, and all travels as text`() async throws {
            let journey = try await Self.travel(.unnamed)
            #expect(journey.answer.count == 8)
            #expect(journey.parsed == ["", ""])
            #expect(journey.bindings.count == 2)
            for binding in journey.bindings {
                #expect(binding.statement == "")
                #expect(!binding.formats.contains(1))
                #expect(binding.resultFormats.allSatisfy { $0 == 0 })
                #expect(binding.values[0] == Array("1.5".utf8) && binding.values[1] == Array("\\x00ff5c".utf8))
            }
            #expect(journey.rows.allSatisfy { $0[0] == Array("1.5".utf8) && $0[4] == Array("t".utf8) })
        }

        private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
    }
}
