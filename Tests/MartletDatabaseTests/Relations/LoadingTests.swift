import FoundationEssentials
import MartletORM
import Testing

@Suite(.club) struct LoadingTests {
    @Test func `the other side of a one-to-one relation is one row or none`() async throws {
        let club = try await Club.make()
        let log = StatementLog()
        let members = try await log.observing {
            try await Member.objects.selectRelated { $0.profile }.selectRelated { $0.partnerOf }
                .order { $0.id.ascending }.all()
        }
        #expect(log.statements.count == 1)
        #expect(try members.map { try $0.profile.loaded?.motto } == ["Onward", nil, nil])
        #expect(try members.map { try $0.partnerOf.loaded?.name } == ["Bob", nil, nil])
        #expect(try await club.ann.related(\.profile).get().motto == "Onward")
        #expect(try await club.bob.related(\.profile).first() == nil)
    }

    @Test func `one statement reads several levels across optional rows`() async throws {
        _ = try await Club.make()
        let teams = try await Team.objects.selectRelated { $0.leader.profile }.selectRelated { $0.founder.mentor }.all()
        #expect(try teams.map { try $0.leader?.loaded.profile.loaded?.motto } == [nil, "Onward"])
        #expect(try teams.map { try $0.founder.loaded.mentor?.id } == [nil, nil])
        let profiles = try await Profile.objects.selectRelated { $0.member.partnerOf.mentor }.all()
        #expect(try profiles.first?.member.loaded.partnerOf.loaded?.mentor?.loaded.name == "Ann")
    }

    @Test func `the other side of a one-to-one relation is prefetched`() async throws {
        _ = try await Club.make()
        let members = try await Member.objects.prefetch { $0.profile.badges }.order { $0.id.ascending }.all()
        #expect(try members.map { try $0.profile.loaded?.badges.loaded.map(\.text) } == [["gold", "iron"], nil, nil])
    }

    @Test func `a relation that is not loaded is an error that names the remedy`() async throws {
        let club = try await Club.make()
        let member = try await Member.objects.get { $0.id == club.ann.id }
        let log = StatementLog()
        let errors = await log.observing {
            [
                #expect(throws: ORMError.self) { try member.profile.loaded },
                #expect(throws: ORMError.self) { try member.friends.loaded },
                #expect(throws: ORMError.self) { try member.seats.loaded },
            ]
        }
        #expect(
            errors.map { $0?.description } == [
                "'Member.profile' was not loaded, and reading it never queries. Add `.selectRelated { $0.profile }` to the "
                    + "query.",
                "'Member.friends' was not loaded, and reading it never queries. Add `.prefetch { $0.friends }` to the query.",
                "'Member.seats' was not loaded, and reading it never queries. Add `.prefetch { $0.seats }` to the query.",
            ])
        #expect(log.statements.isEmpty)
    }

    @Test func `a reverse relation to one row through a key that is not unique is refused`() async throws {
        let error = await #expect(throws: ORMError.self) {
            try await Shared.objects.selectRelated { $0.other }.all()
        }
        #expect(error?.description.contains("leads to one row through a key that is not unique") == true)
    }
}

/// Leads to one row through a foreign key that several rows may have.
private struct Shared: Model {
    var id = 0
    var parent: ForeignKey<Shared>?
    var other = RelatedOne<Shared>()

    static let appLabel = "club"
    static let table = Table<Shared>(
        .auto(\.id), .foreignKey(\.parent, onDelete: .cascade), .reverse(\.other, through: \.parent))
}

@Suite(.club) struct PrefetchTests {
    /// Ann sits in both teams, Bob in one, with ranks 1 to 3.
    private func seat(_ club: Club) async throws {
        try await Seat.objects.createMany([
            Seat(team: ForeignKey(club.reds), member: ForeignKey(club.ann), role: "captain", rank: 3),
            Seat(team: ForeignKey(club.reds), member: ForeignKey(club.bob), rank: 1),
            Seat(team: ForeignKey(club.reds), member: ForeignKey(club.cid), rank: 2),
            Seat(team: ForeignKey(club.blues), member: ForeignKey(club.ann), rank: 1),
        ])
    }

    @Test func `a query says which related rows are loaded, and in which order`() async throws {
        let club = try await Club.make()
        try await seat(club)
        let log = StatementLog()
        let teams = try await log.observing {
            try await Team.objects
                .prefetch({ $0.seats }, using: Seat.objects.filter { $0.rank < 3 }.order { $0.rank.descending })
                .all()
        }
        #expect(log.statements.count == 2)
        #expect(try teams.map { try $0.seats.loaded.map(\.rank) } == [[1], [2, 1]])
        let joined = try await Team.objects
            .prefetch({ $0.seats }, using: Seat.objects.selectRelated { $0.member }.order { $0.member.name.descending })
            .all()
        #expect(try joined[1].seats.loaded.map { try $0.member.loaded.name } == ["Cid", "Bob", "Ann"])
        let conditions = try await Team.objects
            .prefetch({ $0.members }, using: Member.objects.filter { $0.seats.role == "captain" }).all()
        #expect(try conditions.map { try $0.members.loaded.map(\.name) } == [["Ann"], ["Ann"]])
    }

    @Test func `a limit of that query is one for each row`() async throws {
        let club = try await Club.make()
        try await seat(club)
        let first = Seat.objects.order { $0.rank.ascending }
        let two = try await Team.objects.prefetch({ $0.seats }, using: first.limit(2)).all()
        #expect(try two.map { try $0.seats.loaded.map(\.rank) } == [[1], [1, 2]])
        let rest = try await Team.objects.prefetch({ $0.seats }, using: first.offset(1)).all()
        #expect(try rest.map { try $0.seats.loaded.map(\.rank) } == [[], [2, 3]])
        let members = Member.objects.order { $0.name.descending }.limit(1)
        let last = try await Team.objects.prefetch({ $0.members }, using: members.selectRelated { $0.mentor }).all()
        #expect(try last.map { try $0.members.loaded.map(\.name) } == [["Ann"], ["Cid"]])
        #expect(try last[0].members.loaded[0].mentor == nil)
        let error = await #expect(throws: ORMError.self) {
            try await Team.objects.prefetch({ $0.seats }, using: first.distinct().limit(1)).all()
        }
        #expect(error?.description.contains("distinct") == true)
    }

    @Test func `choices of one relation are kept side by side`() async throws {
        let club = try await Club.make()
        try await seat(club)
        let members = try await Member.objects.order { $0.id.ascending }
            .prefetch { $0.seats }
            .prefetch({ $0.seats }, using: Seat.objects.filter { $0.role == "captain" }, to: \.captaincies)
            .all()
        #expect(try members.map { try $0.seats.loaded.count } == [2, 1, 1])
        #expect(try members.map { try $0.captaincies.loaded.count } == [1, 0, 0])
    }

    @Test func `two queries for one relation are refused, and so is a property for a further level`() async throws {
        _ = try await Club.make()
        let both = Team.objects.prefetch({ $0.seats }, using: Seat.objects.filter { $0.rank > 1 })
            .prefetch({ $0.seats }, using: Seat.objects)
        let twice = await #expect(throws: ORMError.self) { try await both.all() }
        #expect(twice?.description.contains("'seats' is prefetched with two queries") == true)
        let far = Member.objects.prefetch({ $0.teams.seats }, using: Seat.objects, to: \.captaincies)
        let error = await #expect(throws: ORMError.self) { try await far.all() }
        #expect(error?.description.contains("'captaincies' of Member") == true)
    }

    @Test func `queries nest, a statement for each level`() async throws {
        let club = try await Club.make()
        try await seat(club)
        let log = StatementLog()
        let teams = try await log.observing {
            try await Team.objects.prefetch(
                { $0.seats },
                using: Seat.objects.order { $0.rank.ascending }
                    .prefetch({ $0.member }, using: Member.objects.prefetch { $0.profile.badges })
            ).all()
        }
        #expect(log.statements.count == 5)
        let seats = try #require(try teams.last?.seats.loaded)
        #expect(try seats.map { try $0.member.loaded.profile.loaded?.badges.loaded.count } == [nil, nil, 2])
    }

    @Test func `rows that were read before get their relations later`() async throws {
        let club = try await Club.make()
        try await seat(club)
        var teams = try await Team.objects.all()
        let log = StatementLog()
        try await log.observing { try await teams.prefetch { $0.seats.member } }
        #expect(log.statements.count == 2)
        #expect(try teams[1].seats.loaded.map { try $0.member.loaded.name } == ["Ann", "Bob", "Cid"])
        try await log.observing { try await teams.prefetch { $0.seats } }
        #expect(log.statements.count == 2)
        try await teams.prefetch({ $0.seats }, using: Seat.objects.filter { $0.rank == 3 })
        #expect(try teams.map { try $0.seats.loaded.count } == [0, 1])
        var ann = club.ann
        try await ann.prefetch { $0.profile }
        #expect(try ann.profile.loaded?.motto == "Onward")
        try await ann.prefetch({ $0.teams }, using: Team.objects.filter { $0.name == "Reds" })
        #expect(try ann.teams.loaded.map(\.name) == ["Reds"])
        var none: [Team] = []
        try await log.observing { try await none.prefetch { $0.seats } }
        #expect(log.statements.count == 2)
    }

    @Test func `what is loaded already stays when levels below it are`() async throws {
        _ = try await Club.make()
        let teams = try await Team.objects.selectRelated { $0.founder.profile }.prefetch { $0.founder.pupils }.all()
        #expect(try teams.map { try $0.founder.loaded.profile.loaded?.motto } == ["Onward", "Onward"])
        #expect(try teams.map { try $0.founder.loaded.pupils.loaded.map(\.name) } == [["Bob"], ["Bob"]])
    }

    @Test func `a row that is linked twice is loaded once`() async throws {
        let club = try await Club.make()
        try await Seat.objects.createMany([
            Seat(team: ForeignKey(club.reds), member: ForeignKey(club.ann)),
            Seat(team: ForeignKey(club.reds), member: ForeignKey(club.ann), role: "coach"),
        ])
        let teams = try await Team.objects.prefetch { $0.members }.all()
        #expect(try teams.map { try $0.members.loaded.map(\.name) } == [[], ["Ann"]])
        #expect(try await club.reds.related(\.members).all().map(\.name) == ["Ann"])
    }
}
