import MartletORM
import Testing

/// A task with choices of numbers and of texts, checked by the database, and labels of its own.
struct Chore: Model {
    enum Priority: Int, Choices {
        case low = -1, normal = 0, veryHigh = 9
    }
    enum Room: String, Choices {
        case kitchen, bathRoom = "bath_room", attic = "it's \"up\"; --"
        var label: String { self == .attic ? "<Attic>'; --" : RawValue.label(of: rawValue, caseName: "\(self)") }
    }

    var id = 0
    var priority = Priority.normal
    var room = Room.kitchen
    var maybe: Priority?
    var elsewhere: Room?

    static let appLabel = "fields"
    static let table = Table<Chore>(
        .auto(\.id), .choices(\.priority, checked: true), .choices(\.room, checked: true),
        .choices(\.maybe, checked: true), .choices(\.elsewhere, checked: true))
}

@Suite(.models(Chore.self)) struct ChoiceFieldTests {
    @Test func `the options are the values with their labels, in the order of the cases`() {
        #expect(Chore.Priority.options.map(\.value) == [-1, 0, 9])
        #expect(Chore.Priority.options.map(\.label) == ["Low", "Normal", "Very high"])
        #expect(Chore.Room.options.map(\.value) == ["kitchen", "bath_room", "it's \"up\"; --"])
        #expect(Chore.Room.options.map(\.label) == ["Kitchen", "Bath room", "<Attic>'; --"])
    }

    @Test func `each choice is written, read, found and shown by its label`() async throws {
        for priority in Chore.Priority.allCases {
            for room in Chore.Room.allCases {
                try await Chore.objects.create(
                    Chore(priority: priority, room: room, maybe: priority == .low ? nil : priority, elsewhere: room))
            }
        }
        for priority in Chore.Priority.allCases {
            let found = try await Chore.objects.filter { $0.priority == priority }.order { $0.id }.all()
            #expect(found.map(\.room) == Chore.Room.allCases && found.allSatisfy { $0.priority == priority })
        }
        #expect(try await Chore.objects.filter { $0.room == .attic && $0.priority.in([.low, .veryHigh]) }.count() == 2)
        #expect(try await Chore.objects.filter { $0.maybe.isNull }.count() == 3)
        #expect(try await Chore.objects.exclude { $0.maybe == .normal }.count() == 6)
        #expect(try await Chore.objects.filter(lookup: "priority", "-1").count() == 3)
        #expect(try await Chore.objects.filter(lookup: "room", "it's \"up\"; --").count() == 3)
        let groups: [(Chore.Priority, Int)] = try await Chore.objects.order { $0.priority }.values {
            ($0.priority, $0.id.count())
        }
        #expect(groups.map(\.0) == [.low, .normal, .veryHigh] && groups.allSatisfy { $0.1 == 3 })
        let chore = try await Chore.objects.filter { $0.room == .attic }.order { $0.id.descending }.first()
        #expect(chore?.priority.label == "Very high" && chore?.room.label == "<Attic>'; --")
    }

    @Test func `the database refuses every other value, on both of its ways`() async throws {
        try await Chore.objects.create(Chore())
        let database = try Database.current
        for (column, values) in [
            ("priority", ["2", "-2", "10"]), ("maybe", ["1"]), ("room", ["''", "'Kitchen'", "'kitchen '", "'x'"]),
            ("elsewhere", ["'attic'"]),
        ] {
            for value in values {
                let error = await #expect(throws: DatabaseError.self, "\(column) \(value)") {
                    try await database.execute(Statement("UPDATE fields_chore SET \(column) = \(value)"))
                }
                #expect(error?.kind == .checkViolation, "\(column) \(value)")
            }
        }
        for sql in ["maybe = NULL, elsewhere = NULL", "room = 'it''s \"up\"; --', priority = -1"] {
            try await database.execute(Statement("UPDATE fields_chore SET \(sql)"))
        }
        let stored = try #require(try await Chore.objects.first())
        #expect((stored.room, stored.priority, stored.maybe) == (.attic, .low, nil))
    }
}
