import FoundationEssentials
import MartletORM
import Synchronization
import Testing

/// What hooks were told.
private final class Notes: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    /// What was noted since the last look.
    func taken() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}

@Suite(.club) struct HookTests {
    @Test func `a save is told before, when the row can be changed, and after, when it is stored`() async throws {
        let notes = Notes()
        let database = try Database.hearing(
            .beforeSave(Member.self) { member, save in
                notes.add("before \(member.id) new: \(save.isNew) \(save.fields ?? [])")
                member.name = member.name.trimmed
            },
            .afterSave(Member.self) { member, save in
                notes.add("after \(member.id) \(member.name) new: \(save.isNew) \(save.fields ?? [])")
            })
        try await database.use {
            var member = Member(name: " Ann ")
            try await member.save()
            #expect(member.name == "Ann")
            #expect(notes.taken() == ["before 0 new: true []", "after 1 Ann new: true []"])
            try await member.save()
            #expect(notes.taken() == ["before 1 new: false []", "after 1 Ann new: false []"])
            member.name = "Anna "
            try await member.save(updating: \.name)
            #expect(notes.taken() == ["before 1 new: false [\"name\"]", "after 1 Anna new: false [\"name\"]"])
            let made = try await Member.objects.create(Member(name: "Bob "))
            #expect(made.name == "Bob")
            #expect(notes.taken() == ["before 0 new: true []", "after 2 Bob new: true []"])
            // A row with an id of its own may be new or not: known only when it is stored.
            var team = Member(id: 7, name: "Eve")
            try await team.save()
            #expect(notes.taken() == ["before 7 new: false []", "after 7 Eve new: true []"])
            #expect(try await Member.objects.order { $0.id.ascending }.all().map(\.name) == ["Anna", "Bob", "Eve"])
        }
    }

    @Test func `statements over many rows tell nobody`() async throws {
        let notes = Notes()
        let database = try Database.hearing(
            .beforeSave(Member.self) { _, _ in notes.add("save") },
            .afterSave(Member.self) { _, _ in notes.add("save") })
        try await database.use {
            var members = try await Member.objects.createMany([Member(name: "Ann"), Member(name: "Bob")])
            try await Member.objects.update { $0.name = "Both" }
            members[0].name = "One"
            try await Member.objects.updateMany(members, fields: \.name)
            #expect(notes.taken().isEmpty)
        }
    }

    @Test func `an error of a hook ends the save`() async throws {
        struct Stop: Error {}
        let database = try Database.hearing(
            .beforeSave(Member.self) { member, _ in if member.name == "No" { throw Stop() } },
            .afterSave(Member.self) { member, _ in if member.name == "Late" { throw Stop() } })
        try await database.use { () async throws -> Void in
            var member = Member(name: "No")
            await #expect(throws: Stop.self) { try await member.save() }
            #expect(member.id == 0)
            await #expect(throws: Stop.self) {
                try await transaction { try await Member.objects.create(Member(name: "Late")) }
            }
            #expect(try await Member.objects.count() == 0)
        }
    }

    @Test func `what waits for the commit in a hook is dropped with a rollback`() async throws {
        struct Stop: Error {}
        let notes = Notes()
        let database = try Database.hearing(
            .afterSave(Member.self) { member, _ in afterCommit { notes.add("committed \(member.name)") } })
        try await database.use {
            try await transaction {
                try await Member.objects.create(Member(name: "Ann"))
                #expect(notes.taken().isEmpty)
            }
            #expect(notes.taken() == ["committed Ann"])
            await #expect(throws: Stop.self) {
                try await transaction {
                    try await Member.objects.create(Member(name: "Bob"))
                    throw Stop()
                }
            }
            #expect(notes.taken().isEmpty)
        }
    }

    @Test func `changes of links are told from both sides, and only what changes`() async throws {
        let club = try await Club.make()
        let notes = Notes()
        let database = try Database.hearing(
            .linksChanged(\Member.idols) { change in
                notes.add("\(change.action) \(change.isReversed) \(change.sources) \(change.targets)")
            })
        try await database.use {
            try await club.ann.add([club.bob], to: \.idols)
            #expect(notes.taken() == ["willAdd false [1] [2]", "didAdd false [1] [2]"])
            try await club.ann.add([club.bob, club.cid], to: \.idols)
            #expect(notes.taken() == ["willAdd false [1] [3]", "didAdd false [1] [3]"])
            try await club.ann.add([club.bob, club.cid], to: \.idols)
            #expect(notes.taken().isEmpty)
            try await club.bob.add([club.cid], to: \.fans)
            #expect(notes.taken() == ["willAdd true [3] [2]", "didAdd true [3] [2]"])
            try await club.ann.set([club.ann, club.bob], for: \.idols)
            #expect(
                notes.taken() == [
                    "willRemove false [1] [3]", "didRemove false [1] [3]", "willAdd false [1] [1]",
                    "didAdd false [1] [1]",
                ])
            try await club.bob.clear(\.fans)
            #expect(notes.taken() == ["willClear true [] [2]", "didClear true [] [2]"])
            try await club.ann.clear(\.idols)
            #expect(notes.taken() == ["willClear false [1] []", "didClear false [1] []"])
            try await club.ann.add([club.bob], to: \.friends)
            #expect(notes.taken().isEmpty)
        }
    }

    @Test func `changes of links that are rows of a model, and of symmetrical ones, are told once`() async throws {
        let club = try await Club.make()
        let notes = Notes()
        let database = try Database.hearing(
            .linksChanged(\Team.members) { change in notes.add("\(change.action) \(change.targets)") },
            .linksChanged(\Member.friends) { change in notes.add("\(change.action) \(change.sources) \(change.targets)")
            },
            .afterSave(Seat.self) { _, _ in notes.add("a seat") })
        try await database.use {
            try await club.reds.add([club.ann, club.bob], to: \.members)
            #expect(notes.taken() == ["willAdd [1, 2]", "didAdd [1, 2]"])
            try await club.ann.add([club.bob], to: \.friends)
            #expect(notes.taken() == ["willAdd [1] [2]", "didAdd [1] [2]"])
            try await club.bob.remove([club.ann], from: \.friends)
            #expect(notes.taken() == ["willRemove [2] [1]", "didRemove [2] [1]"])
        }
    }

    @Test func `an error of a hook undoes the change of links`() async throws {
        struct Stop: Error {}
        let club = try await Club.make()
        let database = try Database.hearing(
            .linksChanged(\Member.idols) { change in if change.action == .didAdd { throw Stop() } })
        try await database.use { () async throws -> Void in
            await #expect(throws: Stop.self) { try await club.ann.set([club.bob], for: \.idols) }
            #expect(try await club.ann.related(\.idols).count() == 0)
        }
    }

    @Test func `hooks of one database are not those of another`() async throws {
        let notes = Notes()
        let hearing = try Database.hearing(.afterSave(Member.self) { _, _ in notes.add("heard") })
        try await Member.objects.create(Member(name: "Ann"))
        #expect(notes.taken().isEmpty)
        try await hearing.use { _ = try await Member.objects.create(Member(name: "Bob")) }
        #expect(notes.taken() == ["heard"])
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
