import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

private let start = Date(timeIntervalSince1970: 1_767_225_600)  // 2026-01-01

private func day(_ number: Double) -> Date { start.addingTimeInterval(number * 86_400) }

@Suite(.migratedPostgreSQL(Booking.self)) struct PostgreSQLValueTests {
    /// The guests for whom a condition holds, in the order of their names.
    private func guests(_ condition: @Sendable (Columns<Booking>) -> Condition) async throws -> String {
        try await Booking.objects.filter(condition).order { $0.guest }.all().map(\.guest).joined(separator: " ")
    }

    private func others(_ condition: @Sendable (Columns<Booking>) -> Condition) async throws -> String {
        try await Booking.objects.exclude(condition).order { $0.guest }.all().map(\.guest).joined(separator: " ")
    }

    /// Ann is there on days 0 to 2, Bob on 2 to 4, Cid from day 9 on.
    private func makeBookings() async throws {
        try await Booking.objects.createMany([
            Booking(
                room: 1, guest: "Ann", notes: "The quick brown foxes jump", tags: ["vip", "late"],
                grid: [[1, 2], [3, 4]], extras: [.breakfast], during: RangeValue(day(0)..<day(2)),
                ages: RangeValue(18...30)),
            Booking(
                room: 1, guest: "Bob", notes: "A lazy dog", tags: ["late"], during: RangeValue(day(2)..<day(4)),
                ages: RangeValue(31..<40)),
            Booking(room: 2, guest: "Cid", during: RangeValue(day(9)...)),
        ])
    }

    // MARK: Arrays

    struct TextCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let tags: [String]
    }

    static let texts = [
        TextCase(testDescription: "none", tags: []), TextCase(testDescription: "an empty text", tags: [""]),
        TextCase(testDescription: "the word null", tags: ["NULL", "null"]),
        TextCase(testDescription: "what ends elements", tags: ["a,b", "{x}", "}", "\"", "\\", "\\\"", " ", "'"]),
        TextCase(testDescription: "an injection", tags: ["');DROP TABLE --"]),
        TextCase(testDescription: "letters of all kinds", tags: ["🦉", "é\u{301}", "\u{2028}", "\n\t"]),
    ]

    @Test(arguments: texts)
    func `an array comes back as it was stored`(_ example: TextCase) async throws {
        let made = try await Booking.objects.create(
            Booking(
                guest: "Ann", tags: example.tags, grid: [[1, 2], [3, 4]], extras: [.parking, .breakfast],
                days: [day(0), nil]))
        let stored = try await Booking.objects.get { $0.tags == example.tags }
        #expect(stored.id == made.id)
        #expect(stored.tags == example.tags)
        #expect(stored.grid == [[1, 2], [3, 4]])
        #expect(stored.extras == [.parking, .breakfast])
        #expect(stored.days == [day(0), nil])
    }

    @Test func `a zero byte in an array is an error before the server sees it`() async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await Booking.objects.create(Booking(tags: ["a\u{0}b"]))
        }
        #expect(error?.kind == .invalidValue)
    }

    @Test func `arrays are asked what they hold`() async throws {
        try await makeBookings()
        #expect(try await guests { $0.tags.contains(["late"]) } == "Ann Bob")
        #expect(try await guests { $0.tags.contains(["late", "vip"]) } == "Ann")
        #expect(try await guests { $0.tags.contains([]) } == "Ann Bob Cid")
        #expect(try await guests { $0.tags.containedBy(["late", "x"]) } == "Bob Cid")
        #expect(try await guests { $0.tags.overlaps(["vip", "x"]) } == "Ann")
        #expect(try await others { $0.tags.overlaps(["vip"]) } == "Bob Cid")
        #expect(try await guests { $0.tags.count == 0 } == "Cid")
        #expect(try await guests { $0.tags.count > 1 } == "Ann")
        #expect(try await guests { $0.tags[0] == "late" } == "Bob")
        #expect(try await guests { $0.tags[7].isNull } == "Ann Bob Cid")
        #expect(try await others { $0.tags[0] == "late" } == "Ann Cid")
        #expect(try await guests { $0.tags[0..<1] == ["late"] } == "Bob")
        #expect(try await guests { $0.extras.contains([.breakfast]) } == "Ann")
        #expect(try await guests { $0.grid.isNull } == "Bob Cid")
        #expect(try await guests { $0.grid.count == 2 } == "Ann")
        #expect(try await others { $0.grid.contains([[1]]) } == "Bob Cid")
        #expect(try await guests { $0.tags == ["late"] } == "Bob")
    }

    // MARK: Ranges

    static let ranges: [RangeValue<Int>?] = [
        nil, .empty, .unbounded, RangeValue(1..<5), RangeValue(1...), RangeValue(..<5), RangeValue(-7..<(-2)),
        RangeValue(0..<0),
    ]

    @Test(arguments: ranges)
    func `a range comes back as it was stored`(_ range: RangeValue<Int>?) async throws {
        try await Booking.objects.create(Booking(guest: "Ann", during: RangeValue(day(0)..<day(1)), ages: range))
        let stored = try await Booking.objects.get { $0.guest == "Ann" }
        #expect(stored.ages == range)
        #expect(stored.during == RangeValue(day(0)..<day(1)))
    }

    @Test func `a range with its end comes back in PostgreSQL's form`() async throws {
        try await Booking.objects.create(Booking(guest: "Ann", ages: RangeValue(1...5)))
        #expect(try await Booking.objects.get { $0.guest == "Ann" }.ages == RangeValue(1..<6))
        #expect(RangeValue(5..<5).isEmpty && RangeValue(from: 6, to: 5).isEmpty && !RangeValue(5...5).isEmpty)
        #expect(RangeValue(1...5).contains(5) && !RangeValue(1..<5).contains(5))
        #expect(!RangeValue(from: 1, to: nil).contains(0) && !RangeValue<Int>.empty.contains(0))
    }

    @Test func `ranges are asked where they lie`() async throws {
        try await makeBookings()
        #expect(try await guests { $0.during.contains(day(1)) } == "Ann")
        #expect(try await guests { $0.during.contains(day(2)) } == "Bob")
        #expect(try await guests { $0.during.contains(RangeValue(day(10)..<day(11))) } == "Cid")
        #expect(try await guests { $0.during.overlaps(RangeValue(day(1)..<day(3))) } == "Ann Bob")
        #expect(try await guests { $0.during.containedBy(RangeValue(day(0)..<day(9))) } == "Ann Bob")
        #expect(try await guests { $0.during.isBefore(RangeValue(day(2)..<day(3))) } == "Ann")
        #expect(try await guests { $0.during.isAfter(RangeValue(day(0)..<day(2))) } == "Bob Cid")
        #expect(try await guests { $0.during.endsWithin(RangeValue(day(1)..<day(4))) } == "Ann Bob")
        #expect(try await guests { $0.during.beginsWithin(RangeValue(day(2)..<day(4))) } == "Bob Cid")
        #expect(try await guests { $0.during.isAdjacent(to: RangeValue(day(4)..<day(5))) } == "Bob")
        #expect(try await guests { $0.during.lowerBound == day(2) } == "Bob")
        #expect(try await guests { $0.during.upperBound.isNull } == "Cid")
        #expect(try await guests { $0.during.isUnboundedAbove } == "Cid")
        #expect(try await guests { $0.during.isUnboundedBelow } == "")
        #expect(try await guests { $0.ages.contains(18) } == "Ann")
        #expect(try await others { $0.ages.contains(18) } == "Bob Cid")
        #expect(try await guests { $0.ages.isEmpty } == "")
        #expect(try await guests { $0.ages.includesLower && !$0.ages.includesUpper } == "Ann Bob")
        #expect(try await guests { $0.room.containedBy(RangeValue(2...)) } == "Cid")
        #expect(try await guests { $0.room.containedBy(.empty) } == "")
    }

    @Test func `rows that exclude each other are refused by name, before and by the database`() async throws {
        try await makeBookings()
        let booking = Booking(room: 1, guest: "Dan", during: RangeValue(day(1)..<day(3)))
        let violations = try await booking.constraintViolations()
        #expect(violations.map(\.constraint) == ["no_double_booking"])
        #expect(violations.map(\.fields) == [["room", "during", "is_cancelled"]])
        let error = await #expect(throws: DatabaseError.self) { try await Booking.objects.create(booking) }
        #expect(error?.kind == .exclusionViolation)
        #expect(error?.constraint == "no_double_booking")
        #expect(error?.fields == ["room", "during", "is_cancelled"])
        var cancelled = booking
        cancelled.isCancelled = true
        #expect(try await cancelled.constraintViolations().isEmpty)
        try await Booking.objects.create(cancelled)
    }

    // MARK: Search

    @Test func `full-text search finds words in their forms`() async throws {
        try await makeBookings()
        #expect(try await guests { $0.words.matches(.plain("fox jumping", language: "english")) } == "Ann")
        #expect(try await guests { $0.words.matches(.phrase("lazy dog", language: "english")) } == "Bob")
        #expect(try await guests { $0.words.matches(.phrase("dog lazy", language: "english")) } == "")
        #expect(try await guests { $0.words.matches(.websearch("fox or dog", language: "english")) } == "Ann Bob")
        #expect(try await guests { $0.words.matches(.raw("fox & !dog", language: "english")) } == "Ann")
        let fox = SearchQuery.plain("fox", language: "english")
        let dog = SearchQuery.plain("dog", language: "english")
        #expect(try await guests { $0.words.matches(fox && dog) } == "")
        #expect(try await guests { $0.words.matches(fox || dog) } == "Ann Bob")
        #expect(try await guests { $0.words.matches(!fox) } == "Bob Cid")
        #expect(try await guests { $0.notes.search("lazy") } == "Bob")
        #expect(try await others { $0.notes.search("lazy") } == "Ann Cid")
    }

    @Test func `what is found is ranked and marked`() async throws {
        try await Booking.objects.createMany([
            Booking(room: 1, guest: "Fox", notes: "none"),
            Booking(room: 2, guest: "Ann", notes: "a fox, <i>b</i> and more words"),
        ])
        let fox = SearchQuery.websearch("fox", language: "english")
        let found = Booking.objects.filter { $0.words.matches(fox) }
        #expect(try await found.order { $0.words.rank(fox).descending }.all().map(\.guest) == ["Fox", "Ann"])
        let ranks: [(String, Double)] = try await found.values { ($0.guest, $0.words.rank(fox, isCoverDensity: true)) }
        #expect(ranks.allSatisfy { $0.1 > 0 })
        let lines: [(String, String)] = try await found.filter { $0.guest == "Ann" }.values {
            ($0.guest, $0.notes.headline(fox, language: "english", start: "[\"", stop: ", StartSel=x]"))
        }
        #expect(lines.first?.1.contains("[\"fox, StartSel=x]") == true)
    }

    @Test(arguments: [
        "'; DROP TABLE hotel_booking --", "\\", "&|!():*<->", "\"", "🦉", "%_", String(repeating: "x ", count: 5_000),
    ])
    func `what people search for is bound and never an error`(_ text: String) async throws {
        try await makeBookings()
        #expect(try await guests { $0.words.matches(.plain(text)) } == "")
        #expect(try await guests { $0.words.matches(.phrase(text)) } == "")
        _ = try await guests { $0.words.matches(.websearch(text)) }
        _ = try await guests { $0.guest.isSimilar(to: text) }
        let error = await #expect(throws: DatabaseError.self) {
            _ = try await guests { $0.words.matches(.plain("x", language: text)) }
        }
        #expect(error != nil)
        #expect(try await Booking.objects.count() == 3)
    }

    @Test func `texts are compared by their trigrams`() async throws {
        try await Booking.objects.createMany([
            Booking(room: 1, guest: "Matthew"), Booking(room: 2, guest: "Mathew Smith", notes: "Hôtel"),
            Booking(room: 3, guest: "Zoe"),
        ])
        #expect(try await guests { $0.guest.isSimilar(to: "Mathew") } == "Mathew Smith Matthew")
        #expect(try await guests { $0.guest.hasSimilarWord(to: "Smith") } == "Mathew Smith")
        #expect(try await guests { $0.guest.hasStrictlySimilarWord(to: "Smith") } == "Mathew Smith")
        #expect(try await guests { $0.guest.similarity(to: "Zoe") > 0.9 } == "Zoe")
        #expect(try await guests { $0.guest.wordSimilarity(to: "Smith") > 0.9 } == "Mathew Smith")
        #expect(try await guests { $0.guest.strictWordSimilarity(to: "Smith") > 0.9 } == "Mathew Smith")
        let nearest = try await Booking.objects.order { $0.guest.trigramDistance(to: "Zoé") }.first()
        #expect(nearest?.guest == "Zoe")
        #expect(try await guests { $0.notes.unaccented.icontains("hotel") } == "Mathew Smith")
    }

    // MARK: Migrations

    @Test func `indexes have the method, the operators and the settings that were asked for`() async throws {
        let sql = "SELECT indexdef FROM pg_indexes WHERE tablename = 'hotel_booking'"
        let all = try await Database.current.rows(Statement(sql)) { try $0.text(at: 0) }.joined(separator: "\n")
        #expect(all.contains("hotel_booki_tags_") && all.contains("_gin ON public.hotel_booking USING gin (tags)"))
        #expect(all.contains("USING gin (guest gin_trgm_ops)"))
        #expect(all.contains("USING gist (during)"))
        #expect(all.contains("slow_tags ON public.hotel_booking USING gin (tags) WITH (fastupdate=off)"))
    }

    @Test func `after migrate nothing is missing, and all of it can be undone`() async throws {
        let registry = ModelRegistry([Booking.self])
        #expect(try await MigrationAutodetector(MigrationGraph(Detected.current), models: registry).changes().isEmpty)
        let executor = try MigrationExecutor(try Database.current, MigrationGraph(Detected.current))
        try await executor.migrate(to: .zero(app: "hotel"))
        try await executor.migrate()
    }

    @Test func `SQLite refuses what it has not, with the remedy`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let backend = SQLiteBackend(path: folder.appendingPathComponent("test.sqlite3").path)
        let executor = try MigrationExecutor(Database(backend), MigrationGraph(Detected.current))
        let error = await #expect(throws: (any Error).self) { try await executor.migrate() }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains("'tags' is an array") && text.contains("no_double_booking"), "\(text)")
        await backend.close()
    }
}
