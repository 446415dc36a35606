import FoundationEssentials
import MartletORM
import Synchronization
import Testing

@Suite(.club) struct LinkTests {
    private func names(_ query: QuerySet<Member>) async throws -> [String] {
        try await query.all().map(\.name).sorted()
    }

    @Test func `a symmetrical relation holds both ways`() async throws {
        let club = try await Club.make()
        try await club.ann.add([club.bob, club.cid], to: \.friends)
        #expect(try await names(club.ann.related(\.friends)) == ["Bob", "Cid"])
        #expect(try await names(club.bob.related(\.friends)) == ["Ann"])
        try await club.bob.add([club.ann], to: \.friends)
        #expect(try await club.bob.related(\.friends).count() == 1)
        try await club.cid.remove([club.ann], from: \.friends)
        #expect(try await names(club.ann.related(\.friends)) == ["Bob"])
        try await club.bob.set([club.cid], for: \.friends)
        #expect(try await names(club.ann.related(\.friends)) == [])
        #expect(try await names(club.cid.related(\.friends)) == ["Bob"])
        try await club.cid.clear(\.friends)
        #expect(try await names(club.bob.related(\.friends)) == [])
        try await club.ann.add([club.ann], to: \.friends)
        #expect(try await names(club.ann.related(\.friends)) == ["Ann"])
    }

    @Test func `a relation to the same model that is not symmetrical has two sides`() async throws {
        let club = try await Club.make()
        try await club.ann.add([club.bob], to: \.idols)
        #expect(try await names(club.bob.related(\.idols)) == [])
        #expect(try await names(club.bob.related(\.fans)) == ["Ann"])
        try await club.bob.add([club.cid], to: \.fans)
        #expect(try await names(club.cid.related(\.idols)) == ["Bob"])
        try await club.bob.set([club.cid], for: \.fans)
        #expect(try await names(club.ann.related(\.idols)) == [])
        try await club.bob.remove([club.cid], from: \.fans)
        try await club.bob.add([club.ann, club.cid], to: \.fans)
        try await club.bob.clear(\.fans)
        #expect(try await Member.objects.filter { $0.fans.count > 0 }.count() == 0)
    }

    @Test func `links that are rows of a model are completed and are written once`() async throws {
        let club = try await Club.make()
        try await club.reds.add([club.ann], to: \.members) { (seat: inout Seat) in seat.role = "captain" }
        try await club.reds.add([club.ann, club.bob], to: \.members)
        let seats = try await Seat.objects.order { $0.id.ascending }.all()
        #expect(seats.map(\.role) == ["captain", "player"])
        #expect(seats.map { $0.member.id } == [club.ann.id, club.bob.id])
        #expect(try await names(club.reds.related(\.members)) == ["Ann", "Bob"])
        #expect(try await club.bob.related(\.teams).all().map(\.name) == ["Reds"])
        #expect(try await names(Member.objects.filter { $0.teams.name == "Reds" }) == ["Ann", "Bob"])
        #expect(try await names(Member.objects.filter { $0.seats.role == "captain" }) == ["Ann"])
        try await club.bob.add([club.blues], to: \.teams)
        #expect(try await names(club.blues.related(\.members)) == ["Bob"])
        try await club.reds.set([club.bob, club.cid], for: \.members) { (seat: inout Seat) in seat.role = "guest" }
        let after: [(String?, String)] = try await Seat.objects.filter { $0.team == club.reds }
            .order { $0.id.ascending }.values { ($0.member.name.optional, $0.role) }
        #expect(after.map(\.0) == ["Bob", "Cid"])
        #expect(after.map(\.1) == ["player", "guest"])
        try await club.reds.clear(\.members)
        #expect(try await Seat.objects.count() == 1)
    }

    @Test func `symmetrical links that are rows of a model are written both ways, each with a key of its own`()
        async throws
    {
        let club = try await Club.make()
        try await club.ann.add([club.bob, club.cid], to: \.allies) { (alliance: inout Alliance) in
            alliance.reason = "peace"
        }
        #expect(try await names(club.bob.related(\.allies)) == ["Ann"])
        #expect(try await Alliance.objects.filter { $0.reason == "peace" }.count() == 4)
        try await club.cid.remove([club.ann], from: \.allies)
        #expect(try await Alliance.objects.count() == 2)
    }

    @Test func `links that lead nowhere any more are neither read nor counted`() async throws {
        let club = try await Club.make()
        try await club.ann.add([club.bob], to: \.allies)
        try await Alliance.objects.create(Alliance(one: ForeignKey(club.ann)))
        let ann = Member.objects.filter { $0.name == "Ann" }
        #expect(try await ann.values { $0.allies.count } == [1])
        try await club.ann.set([club.bob, club.cid], for: \.allies)
        #expect(try await names(club.ann.related(\.allies)) == ["Bob", "Cid"])
        try await club.ann.set([club.cid], for: \.allies)
        #expect(try await names(club.ann.related(\.allies)) == ["Cid"])
        #expect(try await ann.values { $0.allies.count } == [1])
        #expect(try await Member.objects.filter { $0.allies.count > 1 }.count() == 0)
        // What leads nowhere is no link, and stays until all are cleared.
        #expect(try await Alliance.objects.filter { $0.other.id.isNull }.count() == 1)
    }

    @Test func `a closure for other links than those is refused`() async throws {
        let club = try await Club.make()
        let wrong = await #expect(throws: ORMError.self) {
            try await club.reds.add([club.ann], to: \.members) { (_: inout Badge) in }
        }
        #expect(wrong?.description.contains("These links are rows of Seat") == true)
        let none = await #expect(throws: ORMError.self) {
            try await club.ann.add([club.bob], to: \.friends) { (_: inout Seat) in }
        }
        #expect(none?.description.contains("have no other columns") == true)
        #expect(try await Seat.objects.count() == 0)
    }

    @Test func `set writes only the difference`() async throws {
        let club = try await Club.make()
        try await club.ann.set([club.bob, club.cid], for: \.idols)
        let log = StatementLog()
        try await log.observing { try await club.ann.set([club.cid, club.bob, club.cid], for: \.idols) }
        #expect(!log.statements.contains { $0.sql.hasPrefix("INSERT") || $0.sql.hasPrefix("DELETE") })
        try await log.observing { try await club.ann.set([club.cid, club.ann], for: \.idols) }
        let written = log.statements.filter { $0.sql.hasPrefix("INSERT") || $0.sql.hasPrefix("DELETE") }
        #expect(written.map { $0.rows } == [1, 1])
        #expect(try await names(club.ann.related(\.idols)) == ["Ann", "Cid"])
        try await club.ann.set([], for: \.idols)
        #expect(try await club.ann.related(\.idols).count() == 0)
    }

    @Test func `of several sets at once one is left`() async throws {
        let club = try await Club.make()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for chosen in [[club.bob], [club.cid], [club.ann]] {
                for _ in 0..<3 {
                    group.addTask { try await club.ann.set(chosen, for: \.idols) }
                    group.addTask { try await club.reds.set(chosen, for: \.members) }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await club.ann.related(\.idols).count() == 1)
        #expect(try await Seat.objects.filter { $0.team == club.reds }.count() == 1)
    }

    @Test func `rows are made in a relation`() async throws {
        let club = try await Club.make()
        let dan = try await club.ann.create(Member(name: "Dan"), in: \.idols)
        #expect(try await names(club.ann.related(\.idols)) == ["Dan"])
        let eva = try await club.reds.create(Member(name: "Eva"), in: \.members) { (seat: inout Seat) in seat.rank = 9 }
        #expect(try await Seat.objects.get { $0.member == eva }.rank == 9)
        let greens = try await dan.create(Team(name: "Greens", founder: ForeignKey(dan)), in: \.teams)
        #expect(try await names(greens.related(\.members)) == ["Dan"])
        let pupil = try await club.cid.create(Member(name: "Fay"), in: \.pupils)
        #expect(pupil.mentor?.id == club.cid.id)
        let first = try await club.ann.getOrCreate(in: \.idols, { $0.name == "Gus" }, or: Member(name: "Gus"))
        let second = try await club.ann.getOrCreate(in: \.idols, { $0.name == "Gus" }, or: Member(name: "Gus"))
        #expect(first.isNew && !second.isNew && first.row.id == second.row.id)
        let child = try await club.ann.getOrCreate(in: \.pupils, { $0.name == "Bob" }, or: Member(name: "Bob"))
        #expect(!child.isNew && child.row.id == club.bob.id)
        let other = try await club.cid.getOrCreate(in: \.pupils, { $0.name == "Bob" }, or: Member(name: "Bob"))
        #expect(other.isNew && other.row.mentor?.id == club.cid.id)
    }

    @Test func `rows are handed to another by their foreign key`() async throws {
        let club = try await Club.make()
        let log = StatementLog()
        try await log.observing { try await club.cid.add([club.ann, club.bob], to: \.pupils) }
        #expect(log.statements.count == 1)
        #expect(try await names(club.cid.related(\.pupils)) == ["Ann", "Bob"])
        try await club.ann.remove([club.bob], from: \.pupils)
        #expect(try await club.cid.related(\.pupils).count() == 2)
        try await club.cid.remove([club.bob], from: \.pupils)
        #expect(try await names(club.cid.related(\.pupils)) == ["Ann"])
        try await club.cid.set([club.bob], for: \.pupils)
        #expect(try await names(club.cid.related(\.pupils)) == ["Bob"])
        try await club.cid.clear(\.pupils)
        #expect(try await club.cid.related(\.pupils).count() == 0)
    }

    @Test func `rows whose foreign key is required cannot be let go`() async throws {
        let club = try await Club.make()
        try await club.reds.add([club.ann, club.bob], to: \.members)
        let seats = try await Seat.objects.order { $0.id.ascending }.all()
        for change in [
            { try await club.reds.remove(seats, from: \.seats) }, { try await club.reds.clear(\.seats) },
        ] as [@Sendable () async throws -> Void] {
            let error = await #expect(throws: ORMError.self) { try await change() }
            #expect(error?.description.contains("'Seat.team' must refer to a row") == true)
        }
        try await club.blues.set([seats[0]], for: \.seats)
        #expect(try await club.blues.related(\.seats).count() == 1)
        // As in Django: what is there stays.
        try await club.blues.set([], for: \.seats)
        #expect(try await club.blues.related(\.seats).count() == 1)
    }

    @Test func `a row that is not saved has no relations to change`() async throws {
        let club = try await Club.make()
        let new = Member(name: "New")
        for change in [
            { try await new.add([club.ann], to: \.friends) }, { try await club.ann.add([new], to: \.friends) },
            { try await new.set([], for: \.idols) }, { try await club.reds.add([new], to: \.members) },
            { try await club.ann.add([new], to: \.pupils) }, { try await new.clear(\.teams) },
            { _ = try await new.create(Seat(team: ForeignKey(club.reds)), in: \.seats) },
        ] as [@Sendable () async throws -> Void] {
            let error = await #expect(throws: ORMError.self) { try await change() }
            #expect(error?.description.contains("This Member has no id yet") == true)
        }
    }

    @Test func `more links than a statement can bind are written in parts`() async throws {
        let club = try await Club.make()
        let many = try await Member.objects.createMany((0..<33_000).map { Member(name: "\($0)") })
        try await club.ann.add(many, to: \.idols)
        #expect(try await club.ann.related(\.idols).count() == 33_000)
        try await club.ann.set(Array(many.prefix(3)), for: \.idols)
        #expect(try await club.ann.related(\.idols).count() == 3)
        try await club.ann.remove(many, from: \.idols)
        #expect(try await club.ann.related(\.idols).count() == 0)
    }
}

@Suite(.library) struct GetOrCreateInRelationTests {
    @Test func `a row that another was faster to make is theirs`() async throws {
        let shelf = try await Shelf.make()
        let rows = try await withThrowingTaskGroup(of: (UUID, Bool).self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let (label, isNew) = try await shelf.birds.getOrCreate(
                        in: \.labels, { $0.name == "new" }, or: Label(name: "new"))
                    return (label.id, isNew)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(rows.map(\.0)).count == 1)
        #expect(rows.count { $0.1 } == 1)
        #expect(try await shelf.birds.related(\.labels).all().map(\.name) == ["new"])
    }

    @Test func `a row that exists outside of the relation is no row of it`() async throws {
        let shelf = try await Shelf.make()
        let error = try await transaction { () async throws -> DatabaseError? in
            let error = await #expect(throws: DatabaseError.self) {
                try await shelf.birds.getOrCreate(in: \.labels, { $0.name == "code" }, or: Label(name: "code"))
            }
            // The transaction goes on.
            #expect(try await Label.objects.count() == 2)
            return error
        }
        #expect(error?.kind == .uniqueViolation)
    }
}
