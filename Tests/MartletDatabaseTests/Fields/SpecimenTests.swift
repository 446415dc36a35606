import FoundationEssentials
import MartletJSON
import MartletORM
import MartletSQLite
import MartletValues
import Testing

@Suite(.models(Specimen.self)) struct SpecimenTests {
    /// Values at the ends of what their columns hold, and texts that are hostile.
    static func extreme() throws -> Specimen {
        var specimen = Specimen()
        specimen.tiny = .min
        specimen.small = .min
        specimen.medium = .max
        specimen.large = .min
        specimen.tinyCount = .max
        specimen.smallCount = .max
        specimen.count = .max
        specimen.bigCount = .max
        specimen.price = try #require(Decimal(string: "-99999999.99"))
        specimen.amount = try #require(Decimal(string: "1234567890123456789012345678.0123456789"))
        specimen.homepage = "https://example.org/'\";DROP TABLE--\\%_😀"
        specimen.birthday = .last
        specimen.opensAt = try #require(TimeOfDay("23:59:59.999999"))
        specimen.length = .seconds(-90_061) - .microseconds(1)
        specimen.content = Array(0...255)
        specimen.data = Data([0, 0x27, 0x5C])
        specimen.settings = .init(theme: "dark \"'\\ \u{1}", sizes: [])
        specimen.payload = ["a": [1, 2.5, nil, true], "b": .bigNumber("12345678901234567890123")]
        specimen.status = .inReview
        specimen.priority = .veryHigh
        specimen.checkedStatus = .inReview
        specimen.checkedPriority = .veryHigh
        specimen.address = try #require(IPAddress("2001:db8::1"))
        specimen.maybePrice = Decimal(string: "10.08")
        specimen.maybeDay = CalendarDate(year: 2024, month: 2, day: 29)
        specimen.maybeTime = TimeOfDay(hour: 9, minute: 5)
        specimen.maybeLength = .microseconds(1)
        specimen.maybeData = Data([1])
        specimen.maybeContent = []
        specimen.maybeSettings = .init()
        specimen.maybePriority = .low
        specimen.maybeAddress = .loopback
        specimen.maybeCode = ShortUUID("8bRkTzQ4nFyW")
        specimen.maybeSmall = .max
        return specimen
    }

    @Test func `every kind of field is read as it was written, at the ends of its range`() async throws {
        for specimen in [Specimen(), try Self.extreme()] {
            let saved = try await Specimen.objects.create(specimen)
            let found = try await Specimen.objects.get { $0.id == saved.id }
            #expect(try Mirror.values(of: found) == Mirror.values(of: saved))
        }
    }

    @Test func `a row is found by the value of each kind`() async throws {
        try await Specimen.objects.create(Specimen())
        let mine = try await Specimen.objects.create(Self.extreme())
        let conditions: [(String, (Columns<Specimen>) -> Condition)] = [
            ("Int8", { $0.tiny == mine.tiny }), ("Int16", { $0.small == mine.small }),
            ("Int32", { $0.medium == mine.medium }), ("Int64", { $0.large == mine.large }),
            ("UInt8", { $0.tinyCount == mine.tinyCount }), ("UInt16", { $0.smallCount == mine.smallCount }),
            ("UInt32", { $0.count == mine.count }), ("decimal", { $0.price == mine.price }),
            ("long decimal", { $0.amount == mine.amount }), ("URL", { $0.homepage == mine.homepage }),
            ("short UUID", { $0.code == mine.code }), ("day", { $0.birthday == mine.birthday }),
            ("time", { $0.opensAt == mine.opensAt }), ("duration", { $0.length == mine.length }),
            ("bytes", { $0.data == mine.data }), ("choice of text", { $0.status == .inReview }),
            ("choice of number", { $0.priority == .veryHigh }), ("IP address", { $0.address == mine.address }),
            ("optional day", { $0.maybeDay == mine.maybeDay }), ("null", { $0.maybeDay != nil }),
            ("in", { $0.priority.in([.veryHigh]) }), ("larger day", { $0.birthday > .first }),
            ("larger time", { $0.opensAt > .midnight }), ("smaller duration", { $0.length < .zero }),
        ]
        for (name, condition) in conditions {
            #expect(try await Specimen.objects.filter(condition).all().map(\.id) == [mine.id], "\(name)")
        }
    }

    @Test func `a document of JSON is compared by its content where the database can`() async throws {
        var specimen = Specimen()
        specimen.payload = ["b": 1, "a": [nil]]
        try await Specimen.objects.create(specimen)
        let document = specimen.payload
        let other: JSONValue = ["b": 2]
        #expect(try await Specimen.objects.filter { $0.payload == document }.count() == 1)
        #expect(try await Specimen.objects.filter { $0.payload == other }.count() == 0)
    }

    @Test func `an update sets values of each kind`() async throws {
        let saved = try await Specimen.objects.create(Specimen())
        let other = try Self.extreme()
        try await Specimen.objects.update {
            $0.price = other.price
            $0.birthday = other.birthday
            $0.opensAt = other.opensAt
            $0.length = other.length
            $0.data = other.data
            $0.payload = other.payload
            $0.priority = other.priority
            $0.address = other.address
            $0.maybeDay = nil
        }
        let found = try await Specimen.objects.get { $0.id == saved.id }
        #expect(found.price == other.price && found.birthday == other.birthday && found.opensAt == other.opensAt)
        #expect(found.length == other.length && found.data == other.data && found.payload == other.payload)
        #expect(found.priority == other.priority && found.address == other.address && found.maybeDay == nil)
        var changed = [found]
        changed[0].amount = other.amount
        changed[0].maybePrice = nil
        changed[0].maybeAddress = other.maybeAddress
        try await Specimen.objects.updateMany(
            changed, fields: \.amount, \.maybePrice, \.maybeAddress, \.length, \.payload)
        let again = try await Specimen.objects.get { $0.id == saved.id }
        #expect(again.amount == other.amount && again.maybePrice == nil && again.maybeAddress == other.maybeAddress)
    }

    @Test func `a value that the column does not hold is refused before it is sent`() async throws {
        var saved = try await Specimen.objects.create(Specimen())
        for change: @Sendable (inout Specimen) -> Void in [
            { $0.bigCount = -1 }, { $0.price = 100_000_000 }, { $0.homepage = String(repeating: "x", count: 201) },
            { $0.length = .seconds(Int64.max) },
        ] {
            var changed = Specimen()
            change(&changed)
            let broken = changed
            let error = await #expect(throws: DatabaseError.self) { try await Specimen.objects.create(broken) }
            #expect(error?.kind == .invalidValue)
            #expect(error?.columns.first?.hasPrefix("fields_specimen.") == true)
            change(&saved)
            let stale = saved
            await #expect(throws: DatabaseError.self) {
                var stale = stale
                try await stale.save()
            }
            await #expect(throws: DatabaseError.self) {
                try await Specimen.objects.updateMany([stale], fields: \.price)
            }
            saved = try await Specimen.objects.get { $0.id > 0 }
        }
        await #expect(throws: DatabaseError.self) { try await Specimen.objects.update { $0.bigCount = -1 } }
        #expect(try await Specimen.objects.count() == 1)
    }

    @Test func `a column that holds more than its property is an error that names both`() async throws {
        try await Specimen.objects.create(Specimen())
        let database = try Database.current
        try await database.execute(Statement("UPDATE fields_specimen SET tiny = 200"))
        let error = await #expect(throws: DecodingProblem.self) { try await Specimen.objects.all() }
        #expect(
            error?.description.hasPrefix("Column 'tiny' holds 200, which is not a number from -128 to 127.") == true)
    }

    @Test func `choices that are checked are refused by the database itself`() async throws {
        try await Specimen.objects.create(Specimen())
        let database = try Database.current
        for sql in [
            "UPDATE fields_specimen SET checked_status = 'other'", "UPDATE fields_specimen SET checked_priority = 2",
            "UPDATE fields_specimen SET big_count = -1",
        ] {
            let error = await #expect(throws: DatabaseError.self) { try await database.execute(Statement(sql)) }
            #expect(error?.kind == .checkViolation, "\(sql)")
        }
        try await database.execute(Statement("UPDATE fields_specimen SET status = 'other'"))
        let error = await #expect(throws: DecodingProblem.self) { try await Specimen.objects.all() }
        #expect(error?.description.contains("one of 'draft', 'in_review'") == true)
    }

    @Test func `what JSON cannot say is refused, and text that is no JSON is never stored`() async throws {
        let broken = Specimen(payload: .array([.double(.nan)]))
        let error = await #expect(throws: DatabaseError.self) { try await Specimen.objects.create(broken) }
        #expect(error?.kind == .invalidValue)
        try await Specimen.objects.create(Specimen())
        await #expect(throws: DatabaseError.self) {
            try await Database.current.execute(Statement("UPDATE fields_specimen SET payload = '{'"))
        }
        try await Database.current.execute(Statement("UPDATE fields_specimen SET settings = '[1]'"))
        await #expect(throws: DecodingProblem.self) { try await Specimen.objects.all() }
    }
}

extension Mirror {
    /// The properties of a model as text, for comparing models that are not equatable.
    static func values(of specimen: Specimen) throws -> [String] {
        Mirror(reflecting: specimen).children.map { "\($0.label ?? ""): \($0.value)" }
    }
}
