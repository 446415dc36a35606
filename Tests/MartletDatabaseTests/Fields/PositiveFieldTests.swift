import MartletORM
import Testing

/// A field of each kind that holds no negative number.
struct Tally: Model {
    var id = 0
    var small = 0
    var normal = 0
    var big = 0
    var maybeSmall: Int?
    var maybeNormal: Int?
    var maybeBig: Int?

    static let appLabel = "fields"
    static let table = Table<Tally>(
        .auto(\.id), .positiveSmallInteger(\.small), .positiveInteger(\.normal), .positiveBigInteger(\.big),
        .positiveSmallInteger(\.maybeSmall), .positiveInteger(\.maybeNormal), .positiveBigInteger(\.maybeBig))
}

@Suite(.models(Tally.self)) struct PositiveFieldTests {
    @Test func `the database refuses a negative number in each kind of positive field`() async throws {
        try await Tally.objects.create(Tally(maybeSmall: 1))
        let database = try Database.current
        for column in ["small", "normal", "big", "maybe_small", "maybe_normal", "maybe_big"] {
            for sql in [
                "UPDATE fields_tally SET \(column) = -1",
                "UPDATE fields_tally SET \(column) = (SELECT min(id) FROM fields_tally) - 2",
                "INSERT INTO fields_tally (\((["small", "normal", "big"].filter { $0 != column } + [column]).joined(separator: ", "))) VALUES (\(column.hasPrefix("maybe") ? "0, 0, 0, -5" : "0, 0, -5"))",
            ] {
                let error = await #expect(throws: DatabaseError.self, "\(sql)") {
                    try await database.execute(Statement(sql))
                }
                #expect(error?.kind == .checkViolation, "\(sql)")
            }
            try await database.execute(Statement("UPDATE fields_tally SET \(column) = 0"))
            try await database.execute(Statement("UPDATE fields_tally SET \(column) = 32767"))
        }
        let stored = try await Tally.objects.get { $0.id > 0 }
        #expect(stored.small == 32_767 && stored.maybeBig == 32_767)
    }

    @Test func `a query that would make one negative is refused by the same check`() async throws {
        try await Tally.objects.create(Tally(small: 1, normal: 1, big: 1))
        for change: @Sendable (inout Assignments<Tally>) -> Void in [
            { $0.small = $0.small - 2 }, { $0.normal = $0.normal - 2 }, { $0.big = $0.big - 2 },
        ] {
            let error = await #expect(throws: DatabaseError.self) { try await Tally.objects.update(change) }
            #expect(error?.kind == .checkViolation)
        }
        let stored = try await Tally.objects.get { $0.id > 0 }
        #expect((stored.small, stored.normal, stored.big) == (1, 1, 1))
    }

    @Test func `the ends of each kind are kept and what is beyond them is refused before it is sent`() async throws {
        let largest = Tally(
            small: 32_767, normal: 2_147_483_647, big: .max, maybeSmall: 0, maybeNormal: 0, maybeBig: 0)
        let made = try await Tally.objects.create(largest)
        let stored = try await Tally.objects.get { $0.id == made.id }
        #expect((stored.small, stored.normal, stored.big) == (32_767, 2_147_483_647, .max))
        for broken in [
            Tally(small: -1), Tally(normal: -1), Tally(big: -1), Tally(small: 32_768), Tally(normal: 2_147_483_648),
            Tally(maybeSmall: -1), Tally(maybeNormal: -1), Tally(maybeBig: .min),
        ] {
            let error = await #expect(throws: DatabaseError.self) { try await Tally.objects.create(broken) }
            #expect(error?.kind == .invalidValue)
        }
    }
}
