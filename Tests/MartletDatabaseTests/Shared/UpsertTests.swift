import FoundationEssentials
import MartletORM
import Synchronization
import Testing

/// Rows that are inserted unless they are there.
@Suite(.library) struct UpsertTests {
    /// One price for each product and day.
    struct Price: Model {
        var id = 0
        var product = ""
        var day = 0
        var amount = 0
        var note: String?
        var createdAt = Date.now
        var updatedAt = Date.now

        static let appLabel = "shop"
        static let table = Table<Price>(
            .auto(\.id),
            .char(\.product, maxLength: 100),
            .integer(\.day),
            .integer(\.amount),
            .char(\.note, maxLength: 100),
            .dateTime(\.createdAt, autoNowAdd: true),
            .dateTime(\.updatedAt, autoNow: true),
            uniqueTogether: [.fields(\.product, \.day)]
        )

        static func makeTable() async throws {
            try await LibraryDatabase.create(
                """
                CREATE TABLE "shop_price" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
                "product" varchar(100) NOT NULL, "day" integer NOT NULL, "amount" integer NOT NULL,
                "note" varchar(100), "created_at" datetime NOT NULL, "updated_at" datetime NOT NULL,
                UNIQUE ("product", "day"))
                """)
        }
    }

    /// A locker has a number of its own, or none.
    struct Locker: Model {
        var id = 0
        var number: String?
        var owner = ""

        static let appLabel = "shop"
        static let table = Table<Locker>(
            .auto(\.id), .char(\.number, maxLength: 10, unique: true), .char(\.owner, maxLength: 10))
    }

    private struct Stop: Error {}

    private var amounts: [String: Int] {
        get async throws {
            let rows = try await Price.objects.all()
            return Dictionary(uniqueKeysWithValues: rows.map { ("\($0.product) \($0.day)", $0.amount) })
        }
    }

    @Test func `a row is got or created`() async throws {
        let first = try await Label.objects.getOrCreate({ $0.name == "new" }, or: Label(name: "new"))
        #expect(first.isNew)
        func make() -> Label {
            Issue.record("a row that is there is not made")
            return Label(name: "new")
        }
        let second = try await Label.objects.getOrCreate({ $0.name == "new" }, or: make())
        #expect(!second.isNew && second.row.id == first.row.id)
        try await Person.objects.createMany([Person(name: "Twin"), Person(name: "Twin")])
        let error = await #expect(throws: ORMError.self) {
            _ = try await Person.objects.getOrCreate({ $0.name == "Twin" }, or: Person())
        }
        #expect(error?.description.hasPrefix("More than one Person") == true)
        // The new row breaks a constraint, and no row satisfies the condition: the database's error is told.
        let other = await #expect(throws: DatabaseError.self) {
            _ = try await Label.objects.getOrCreate({ $0.name == "other" }, or: Label(name: "new"))
        }
        #expect(other?.kind == .uniqueViolation)
    }

    @Test func `a row that somebody else creates at the same moment is got, in a transaction too`() async throws {
        let database = try Database.current
        let (_, isNew) = try await Label.objects.getOrCreate({ $0.name == "raced" }, or: Label(name: "raced"))
        #expect(isNew)
        try await transaction {
            // Found by nobody who looks for this name, but in the way of the insert: as if it came in between.
            let error = await #expect(throws: DatabaseError.self) {
                _ = try await Label.objects.getOrCreate({ $0.name == "not there" }, or: Label(name: "raced"))
            }
            #expect(error?.kind == .uniqueViolation)
            // The savepoint has kept the transaction whole.
            let count = try await Label.objects.count()
            #expect(count == 1)
        }
        let found = try await withThrowingTaskGroup(of: (UUID, Bool).self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await database.use {
                        let (row, isNew) = try await Label.objects.getOrCreate(
                            { $0.name == "many" }, or: Label(name: "many"))
                        return (row.id, isNew)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(found.map(\.0)).count == 1)
        #expect(found.count { $0.1 } == 1)
    }

    @Test func `a row is updated or created, and the update loses nothing`() async throws {
        try await Price.makeTable()
        let database = try Database.current
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await database.use {
                        _ = try await Price.objects.updateOrCreate(
                            { $0.product == "apple" && $0.day == 1 },
                            or: Price(product: "apple", day: 1, amount: 1)
                        ) { $0.amount += 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await amounts == ["apple 1": 20])
        let (row, isNew) = try await Price.objects.updateOrCreate({ $0.day == 1 }, or: Price()) { $0.note = "ripe" }
        #expect(!isNew && row.note == "ripe" && row.amount == 20)
        #expect(try await Price.objects.get().note == "ripe")
    }

    @Test func `conflicts are ignored or overwrite`() async throws {
        try await Price.makeTable()
        let hostile = #"'"; DROP TABLE shop_price; -- %_\ 🦅"#
        let first = [Price(product: "apple", day: 1, amount: 1), Price(product: hostile, day: 1, amount: 2)]
        #expect(try await Price.objects.createMany(first, onConflict: .ignore) == 2)
        let second = [Price(product: "apple", day: 1, amount: 9), Price(product: "pear", day: 1, amount: 3)]
        #expect(try await Price.objects.createMany(second, onConflict: .ignore(on: \.product, \.day)) == 1)
        #expect(try await amounts == ["apple 1": 1, "\(hostile) 1": 2, "pear 1": 3])
        let third = [Price(product: "apple", day: 1, amount: 7), Price(product: hostile, day: 1, amount: 8)]
        #expect(try await Price.objects.createMany(third, onConflict: .update(\.amount, on: \.product, \.day)) == 2)
        #expect(try await amounts == ["apple 1": 7, "\(hostile) 1": 8, "pear 1": 3])
        #expect(try await Price.objects.createMany([], onConflict: .ignore) == 0)
    }

    @Test func `an upsert returns the rows as they are stored, in the order in which they were given`() async throws {
        try await Price.makeTable()
        var old = try await Price.objects.create(Price(product: "apple", day: 2, amount: 1, note: "kept"))
        old.createdAt = Date(timeIntervalSince1970: 1)
        let given = [
            Price(product: "new", day: 1, amount: 5), Price(product: "apple", day: 2, amount: 6),
            Price(product: "new", day: 2, amount: 7),
        ]
        let stored = try await Price.objects.upsert(given, on: \.product, \.day, updating: \.amount)
        #expect(stored.map(\.amount) == [5, 6, 7])
        #expect(stored[1].id == old.id && stored[1].note == "kept")
        #expect(Set(stored.map(\.id)).count == 3 && !stored.map(\.id).contains(0))
        // Unless told, everything is overwritten but the key, what is unique, and the moment of creation.
        let again = try await Price.objects.upsert(Price(product: "apple", day: 2, amount: 8), on: \.product, \.day)
        #expect(again.id == old.id && again.note == nil && again.amount == 8)
        #expect(again.createdAt == stored[1].createdAt && again.updatedAt >= stored[1].updatedAt)
        // By the key, with some that the database numbers among them.
        let mixed = try await Price.objects.upsert(
            [Price(product: "x", day: 9, amount: 1), Price(id: old.id, product: "moved", day: 3, amount: 2)], on: \.id)
        #expect(mixed[1].id == old.id && mixed[1].product == "moved" && mixed[0].id != 0)
        let many = try await Price.objects.upsert(
            (0..<1_000).map { Price(product: "m", day: $0, amount: $0) }, on: \.product, \.day)
        #expect(many.map(\.day) == Array(0..<1_000))
        #expect(try await Price.objects.count() == 1_004)
    }

    @Test func `rows whose unique value is null come back each in its place`() async throws {
        try await LibraryDatabase.create(
            """
            CREATE TABLE "shop_locker" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
            "number" varchar(10) UNIQUE, "owner" varchar(10) NOT NULL)
            """)
        let lockers = [
            Locker(owner: "Ann"), Locker(number: "7", owner: "Bob"), Locker(owner: "Cid"), Locker(owner: "Dan"),
        ]
        let stored = try await Locker.objects.upsert(lockers, on: \.number)
        #expect(stored.map(\.owner) == ["Ann", "Bob", "Cid", "Dan"])
        #expect(Set(stored.map(\.id)).count == 4)
    }

    @Test func `an upsert that cannot be meant is refused`() async throws {
        try await Price.makeTable()
        let twice = [Price(product: "a", day: 1), Price(product: "a", day: 1)]
        let same = await #expect(throws: ORMError.self) {
            _ = try await Price.objects.upsert(twice, on: \.product, \.day)
        }
        #expect(same?.description.contains("two rows with the same product, day") == true)
        await #expect(throws: ORMError.self) { _ = try await Price.objects.upsert(twice) }
        await #expect(throws: ORMError.self) {
            _ = try await Price.objects.upsert(twice, on: \.product, updating: \.id)
        }
        await #expect(throws: ORMError.self) {
            _ = try await Book.objects.upsert([Book()], on: \.labels)
        }
        // No constraint says that one of the two alone is unique.
        let unknown = await #expect(throws: DatabaseError.self) {
            _ = try await Price.objects.upsert([Price(product: "a")], on: \.product)
        }
        #expect(unknown?.kind == .statement)
        #expect(try await Price.objects.count() == 0)
    }
}
