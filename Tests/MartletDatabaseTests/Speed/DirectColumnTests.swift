import FoundationEssentials
import MartletORM
import Testing

private struct Owner: Model {
    var id = 0
    var name = "nobody"

    static let table = Table<Owner>(.auto(\.id), .char(\.name, maxLength: 20))
}

/// Its reference begins with a row that is at hand.
private struct Pet: Model {
    var id = UUID.v7()
    var name = ""
    var note: String?
    var weight: Int?
    var bornAt: Date?
    var chip: UUID?
    var owner = ForeignKey<Owner>(Owner(id: 77, name: "the shelter"))
    var sitter = ForeignKey<Owner>()

    static let table = Table<Pet>(
        .uuid(\.id, primaryKey: true), .char(\.name, maxLength: 20), .text(\.note), .integer(\.weight),
        .dateTime(\.bornAt), .uuid(\.chip), .foreignKey(\.owner, onDelete: .cascade, relatedName: "pets"),
        .foreignKey(\.sitter, onDelete: .cascade, relatedName: "guests"))
}

@Suite(.serialized, .models(Owner.self, Pet.self)) struct DirectColumnTests {
    @Test func `rows that are inserted together come back as they were, also where they hold nothing`() async throws {
        let owner = try await Owner.objects.create(Owner(name: "Ann"))
        let full = Pet(
            name: "Rex", note: "good", weight: -3, bornAt: Date(timeIntervalSince1970: 1.25), chip: UUID.v7(),
            owner: ForeignKey(owner), sitter: ForeignKey(id: owner.id))
        let empty = Pet(name: "", owner: ForeignKey(id: owner.id), sitter: ForeignKey(owner))
        try await Pet.objects.createMany([full, empty])
        for pet in [full, empty] {
            let found = try await Pet.objects.get { $0.id == pet.id }
            #expect(found.name == pet.name && found.note == pet.note && found.weight == pet.weight)
            #expect(found.bornAt == pet.bornAt && found.chip == pet.chip)
            #expect(found.owner.id == owner.id && found.sitter.id == owner.id)
        }
    }

    @Test func `a row that was read refers to no row that its model begins with`() async throws {
        let owner = try await Owner.objects.create(Owner(name: "Ann"))
        try await Pet.objects.create(Pet(owner: ForeignKey(owner), sitter: ForeignKey(owner)))
        let pet = try #require(try await Pet.objects.first())
        #expect(!pet.owner.isLoaded && !pet.sitter.isLoaded)
        let error = #expect(throws: ORMError.self) { try pet.sitter.loaded }
        #expect("\(error.map { "\($0)" } ?? "")".contains("sitter"))
    }

    // Around the room that the SQLite driver has for the texts of one row, and what SQLite or Swift treat apart.
    @Test(arguments: [0, 1, 15, 16, 4_095, 4_096, 4_097, 8_192, 100_000])
    func `texts of any length are inserted whole, next to each other`(_ length: Int) async throws {
        let owner = try await Owner.objects.create(Owner())
        let notes = ["a", "ü", "😀"].map { String(repeating: $0, count: length) } + ["'; DROP TABLE x; --", nil]
        let pets = notes.enumerated().map { number, note in
            Pet(
                name: "pet \(number)", note: note, bornAt: Date(timeIntervalSince1970: Double(number) + 0.5),
                owner: ForeignKey(owner), sitter: ForeignKey(owner))
        }
        try await Pet.objects.createMany(pets)
        let found = try await Pet.objects.order { $0.name }.all()
        #expect(found.map(\.note) == notes)
        #expect(found.map(\.bornAt) == pets.map(\.bornAt))
        #expect(found.map(\.name) == pets.map(\.name))
    }

    @Test func `one text among many that is too long is refused, however many bytes the others have`() async throws {
        let good = [Owner(name: String(repeating: "😀", count: 20)), Owner(name: String(repeating: "a", count: 20))]
        let stored = try await Owner.objects.createMany(good)
        #expect(try await Owner.objects.order { $0.id }.all().map(\.name) == good.map(\.name))
        #expect(Set(stored.map(\.id)).count == 2 && !stored.map(\.id).contains(0))
        let error = await #expect(throws: DatabaseError.self) {
            try await Owner.objects.createMany(good + [Owner(name: String(repeating: "b", count: 21))] + good)
        }
        #expect(error?.kind == .invalidValue)
        #expect(try await Owner.objects.count() == 2)
    }

    @Test func `a row that is read again lets go of the row it had at hand`() async throws {
        let (ann, ben) = (try await Owner.objects.create(Owner(name: "Ann")), try await Owner.objects.create(Owner()))
        var pet = try await Pet.objects.create(Pet(owner: ForeignKey(ann), sitter: ForeignKey(ann)))
        try await Pet.objects.update { $0.owner = ForeignKey(ben) }
        try await pet.refresh()
        #expect(pet.owner.id == ben.id && !pet.owner.isLoaded)
    }
}
