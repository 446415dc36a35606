import FoundationEssentials
import MartletORM
import Testing

@Suite(.club) struct OptionalColumnsTests {
    private func names(_ query: QuerySet<Member>) async throws -> [String] {
        try await query.all().map(\.name).sorted()
    }

    private func teams(_ query: QuerySet<Team>) async throws -> [String] {
        try await query.all().map(\.name).sorted()
    }

    @Test func `columns behind what may be missing are optional`() async throws {
        _ = try await Club.make()
        let rows: [(String, String?, String, String?, String?)] = try await Team.objects.values {
            ($0.name, $0.leader.name, $0.founder.name, $0.leader.profile.motto, $0.founder.profile.nickname)
        }
        #expect(rows.map(\.1) == [nil, "Ann"])
        #expect(rows.map(\.2) == ["Ann", "Ann"])
        #expect(rows.map(\.3) == [nil, "Onward"])
        #expect(rows.map(\.4) == [nil, nil])
        let badges: [(String, String?)] = try await Member.objects.order { $0.id.ascending }
            .values { ($0.name, $0.profile.badges.text) }
        #expect(badges.map(\.1).compactMap { $0 }.sorted() == ["gold", "iron"])
        #expect(badges.count == 4)
        let ids: [Int?] = try await Team.objects.values { $0.leader.id }
        #expect(ids == [nil, 1])
    }

    @Test func `optional columns are compared with values, with each other and with required ones`() async throws {
        let club = try await Club.make()
        #expect(try await teams(Team.objects.filter { $0.leader.name == "Ann" }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader.name == $0.founder.name }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.founder.name == $0.leader.name }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader.name != $0.founder.name }) == ["Blues"])
        #expect(try await teams(Team.objects.filter { $0.leader.id <= $0.founder.id }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader.name == nil }) == ["Blues"])
        #expect(try await teams(Team.objects.filter { $0.leader.id > 0 }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader.name.in(["Ann", "Zoe"]) }) == ["Reds"])
        let known = ["Ann", "Zoe"]
        #expect(try await teams(Team.objects.filter { $0.leader.name.in(known) }) == ["Reds"])
        #expect(
            try await teams(Team.objects.filter { $0.leader.id.in(Member.objects) { $0.id } }) == ["Reds"])
        #expect(
            try await teams(Team.objects.filter { $0.founder.id.in(Team.objects) { $0.leader.id } })
                == ["Blues", "Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader.name.icontains("AN") }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader == club.ann }) == ["Reds"])
    }

    @Test func `whether there is a row is asked of a relation`() async throws {
        _ = try await Club.make()
        #expect(try await teams(Team.objects.filter { $0.leader.isNull }) == ["Blues"])
        #expect(try await teams(Team.objects.filter { !$0.leader.isNull }) == ["Reds"])
        #expect(try await teams(Team.objects.exclude { $0.leader.isNull }) == ["Reds"])
        #expect(try await names(Member.objects.filter { $0.profile.isNull }) == ["Bob", "Cid"])
        #expect(try await names(Member.objects.exclude { $0.profile.isNull }) == ["Ann"])
        #expect(try await names(Member.objects.filter { $0.pupils.isNull }) == ["Bob", "Cid"])
        #expect(try await names(Member.objects.filter { !$0.pupils.isNull }) == ["Ann"])
        #expect(try await names(Member.objects.filter { $0.partnerOf.isNull }) == ["Bob", "Cid"])
        #expect(try await teams(Team.objects.filter { $0.leader.profile.isNull }) == ["Blues"])
    }

    @Test func `a null reference needs no join to be found`() async throws {
        let log = StatementLog()
        _ = try await log.observing { try await Team.objects.filter { $0.leader.isNull }.all() }
        #expect(log.statements.first?.sql.contains("JOIN") == false)
    }

    @Test func `relations are compared with rows, with nothing and with each other`() async throws {
        let club = try await Club.make()
        #expect(try await teams(Team.objects.filter { $0.leader == nil }) == ["Blues"])
        #expect(try await teams(Team.objects.filter { $0.leader != nil }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader != club.ann }) == ["Blues"])
        #expect(try await teams(Team.objects.filter { $0.leader == $0.founder }) == ["Reds"])
        #expect(try await teams(Team.objects.filter { $0.leader != $0.founder }) == ["Blues"])
        #expect(try await teams(Team.objects.filter { $0.founder.in([club.ann, club.bob]) }).count == 2)
        #expect(try await teams(Team.objects.filter { $0.leader.in([]) }) == [])
        #expect(
            try await teams(Team.objects.filter { $0.leader.in(Member.objects.filter { $0.name == "Ann" }) })
                == ["Reds"])
        #expect(try await names(Member.objects.filter { $0.pupils == club.bob }) == ["Ann"])
        #expect(try await names(Member.objects.filter { $0.mentor == $0.partner }) == ["Bob"])
        let none: Member? = nil
        #expect(try await names(Member.objects.filter { $0.mentor == none }) == ["Ann", "Cid"])
    }

    @Test func `a condition joined by or keeps the rows without the optional row`() async throws {
        _ = try await Club.make()
        // Each row once, and also those for which the join finds nothing: an inner join would drop Blues.
        #expect(
            try await teams(Team.objects.filter { $0.leader.name == "Ann" || $0.name == "Blues" }) == ["Blues", "Reds"])
        #expect(
            try await names(Member.objects.filter { $0.profile.motto == "Onward" || $0.name == "Cid" })
                == ["Ann", "Cid"])
        #expect(
            try await names(
                Member.objects.filter { $0.profile.badges.text == "gold" || $0.mentor.profile.motto == "Onward" })
                == ["Ann", "Bob"])
        // One filter asks for the optional row, another for its absence.
        #expect(
            try await teams(
                Team.objects.filter { $0.leader.isNull || $0.leader.name == "Ann" }
                    .filter { $0.founder.name == "Ann" }) == ["Blues", "Reds"])
    }

    @Test func `order by an optional column keeps all rows`() async throws {
        _ = try await Club.make()
        let ordered = try await Team.objects.order { $0.leader.name.ascending.nullsLast }.all()
        #expect(ordered.map(\.name) == ["Reds", "Blues"])
    }
}
