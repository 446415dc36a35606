import FoundationEssentials
import MartletORM
import Testing

private struct NoKey: Model {
    var id = 0
    var name = ""
    static let table = Table<NoKey>(.char(\.name, maxLength: 5))
}

private struct TwoOfOneColumn: Model {
    var id = 0
    var name = ""
    var title = ""
    static let table = Table<TwoOfOneColumn>(
        .auto(\.id), .char(\.name, maxLength: 5), .char(\.title, maxLength: 5, column: "name"))
}

private struct WrongKey: Model {
    var id = 0
    var code = ""
    static let table = Table<WrongKey>(.integer(\.id), .char(\.code, maxLength: 5, primaryKey: true))
}

private struct Computed: Model {
    var id = 0
    var name: String {
        get { "x" }
        set {}
    }
    static let table = Table<Computed>(.auto(\.id), .char(\.name, maxLength: 5))
}

private struct MustClear: Model {
    var id = 0
    var other = ForeignKey<WrongKey>()
    static let table = Table<MustClear>(.auto(\.id), .foreignKey(\.other, onDelete: .setNull))
}

private struct LongChoice: Model {
    enum State: String, Choices { case short, rathertoolong }

    var id = 0
    var state = State.short
    static let table = Table<LongChoice>(.auto(\.id), .choices(\.state, maxLength: 8))
}

private struct Stranger: Model {
    var id = 0
    var name = ""
    var note = ""
    static let table = Table<Stranger>(
        .auto(\.id), .char(\.name, maxLength: 5), indexes: [.index(\.name, \.note)],
        uniqueTogether: [.fields(\.note)], ordering: [.descending(\.note)])
}

@Suite struct TableTests {
    @Test func `what is wrong with a table is said with the remedy`() {
        #expect(
            NoKey.anyTable.problems == [
                "It needs exactly one primary key and has 0. Mark `\\.id` with `primaryKey: true`."
            ])
        #expect(
            TwoOfOneColumn.anyTable.problems == [
                "Column 'name' belongs to 2 fields. Give one of them another `column:`."
            ])
        #expect(
            WrongKey.anyTable.problems == [
                "The primary key is 'code'; it must be the property `id`. Use `column:` for its name."
            ])
        #expect(
            Computed.anyTable.problems == [
                "A line names a computed property of type String; a field needs a stored one."
            ])
        #expect(
            MustClear.anyTable.problems == [
                "'other' has onDelete .setNull and is not optional. Declare it `ForeignKey<WrongKey>?`."
            ])
        #expect(
            LongChoice.anyTable.problems == [
                "The choice 'rathertoolong' of 'state' is longer than 8 characters. "
                    + "Raise `maxLength:`, or shorten the case's value."
            ])
        let unknown = "names 'note', which is no field of the table. Add a line for it, or leave it out."
        #expect(
            Stranger.anyTable.problems == [
                "An index \(unknown)", "A group of uniqueTogether \(unknown)", "The ordering \(unknown)",
            ])
    }

    @Test func `a moment of any kind has a text`() {
        let moments: [(Double, String)] = [
            (.nan, "0001-01-01 00:00:00"), (-.infinity, "0001-01-01 00:00:00"), (.infinity, "9999-12-31 23:59:59"),
            (1e300, "9999-12-31 23:59:59"), (-1e300, "0001-01-01 00:00:00"), (0.999_999_9, "1970-01-01 00:00:01"),
            (-0.25, "1969-12-31 23:59:59.750000"),
        ]
        for (seconds, text) in moments {
            #expect(DateTimeText.string(from: Date(timeIntervalSince1970: seconds)) == text)
        }
    }

    @Test func `a UUID of version 7 holds its time and sorts by it`() {
        let early = UUID.v7(at: Date(timeIntervalSince1970: 1_700_000_000))
        let late = UUID.v7(at: Date(timeIntervalSince1970: 1_700_000_001))
        #expect(early.uuidString < late.uuidString)
        #expect(early.uuidString.hasPrefix("018BCFE5-6800-7"))
        #expect(UUID.v7(at: Date(timeIntervalSince1970: 1e300)).uuidString.hasPrefix("FFFFFFFF-FFFF-7"))
        #expect("89AB".contains(Array(early.uuidString)[19]))
    }

    @Test func `UUIDs of version 7 sort as they were made, also those of one millisecond`() async {
        let made = (0..<10_000).map { _ in UUID.v7().uuidString }
        #expect(zip(made, made.dropFirst()).allSatisfy { $0 < $1 })
        let all = await withTaskGroup(of: [UUID].self) { group in
            for _ in 0..<4 { group.addTask { (0..<5_000).map { _ in UUID.v7() } } }
            return await group.reduce(into: [UUID]()) { $0 += $1 }
        }
        #expect(Set(all.map { $0.uuidString.prefix(18) }).count == 20_000, "the moments differ")
        let now = Date.now.timeIntervalSince1970 * 1000
        let moment = UInt64(made[0].replacing("-", with: "").prefix(12), radix: 16).map { Double($0) } ?? 0
        #expect(abs(moment - now) < 600_000)
    }

    @Test func `a UUID is read and written as Django stores it`() throws {
        let uuid = try #require(UUID(uuidString: "018BCFE5-6800-7ABC-8DEF-0123456789AB"))
        let text = UUIDText.hexadecimal(uuid)
        #expect(text == "018bcfe568007abc8def0123456789ab")
        func read(_ text: String) -> UUID? { Array(text.utf8).withUnsafeBufferPointer(UUIDText.uuid) }
        #expect(read(text) == uuid)
        #expect(read(uuid.uuidString) == uuid)
        for bad in ["", "018bcfe5", text + "0", "g" + text.dropFirst(), "018bcfe568007abc8def0123456789a"] {
            #expect(read(bad) == nil, "\(bad)")
        }
    }
}

// MARK: Relations

private struct Wrong: Model {
    var id = 0
    var required = ForeignKey<Wrong>()
    var other = ForeignKey<Wrong>()
    var peers = ManyToMany<Other>()

    static let table = Table<Wrong>(
        .auto(\.id),
        .foreignKey(\.required, onDelete: .setDefault),
        .oneToOne(\.other, onDelete: .setNull),
        .manyToMany(\.peers, through: \Link.wrong, to: \Link.other, symmetrical: true)
    )
}

private struct Other: Model {
    var id = 0
    static let table = Table<Other>(.auto(\.id))
}

private struct Link: Model {
    var id = 0
    var wrong = ForeignKey<Wrong>()
    var other = ForeignKey<Other>()
    static let table = Table<Link>(
        .auto(\.id), .foreignKey(\.wrong, onDelete: .cascade), .foreignKey(\.other, onDelete: .cascade))
}

@Suite struct RelationTableTests {
    @Test func `rules that a relation cannot follow are found when the table is made`() {
        #expect(
            Wrong.anyTable.problems == [
                "'required' has onDelete .setDefault, and its initial value refers to no row. Write `= ForeignKey(id: …)` "
                    + "behind the property, or use `.set { … }`.",
                "'other' has onDelete .setNull and is not optional. Declare it `ForeignKey<Wrong>?`.",
                "'peers' is symmetrical, and leads to another model. Leave `symmetrical:` out.",
            ])
    }

    @Test func `a one-to-one field is a unique foreign key, and links through a model have no table of their own`() {
        let fields = Wrong.anyTable.schema.fields
        #expect(fields[2].isUnique && !fields[2].isIndexed && fields[2].column == "other_id")
        #expect(fields[3].kind == .manyToManyThrough(to: Other.modelName, through: Link.modelName))
        #expect(!fields[3].kind.hasColumn)
    }
}
