import MartletORM
import MartletSQLite
import Testing

/// A counter whose columns are mostly the database's affair.
struct Counter: Model {
    var id = 0
    var key: String?
    var kind: String?
    var doubled = 0
    var count = 1

    static let appLabel = "counters"
    static let table = Table<Counter>(
        .auto(\.id), .char(\.key, maxLength: 20, unique: true),
        Field<Counter>.char(\.kind, maxLength: 20).databaseDefault("usual"),
        Field<Counter>.integer(\.doubled).generated { $0.count * 2 }, .integer(\.count))
}

/// An upsert of rows that the database completes.
@Suite(.models(Counter.self)) struct UpsertColumnTests {
    @Test func `what the database computes cannot be overwritten`() async throws {
        let error = await #expect(throws: ORMError.self) {
            try await Counter.objects.upsert([Counter(key: "a")], on: \.key, updating: \.doubled)
        }
        #expect(error?.description.contains("which the database computes from other columns") == true)
    }

    @Test func `what the database computes and fills comes back`() async throws {
        let first = try await Counter.objects.upsert(Counter(key: "a", count: 2), on: \.key)
        #expect((first.doubled, first.kind) == (4, "usual"))
        let second = try await Counter.objects.upsert(
            [Counter(key: "a", kind: "rare", count: 3), Counter(key: "b", count: 5)], on: \.key)
        #expect(second.map(\.id) == [first.id, first.id + 1] || second[0].id == first.id)
        #expect(second.map(\.doubled) == [6, 10])
        #expect(second.map(\.kind) == ["rare", "usual"])
        #expect(try await Counter.objects.order { $0.id }.values { $0.count } == [3, 5])
    }
}

/// A row of which nothing has to be written.
struct Ticket: Model {
    var id = 0
    var series: String?

    static let appLabel = "counters"
    static let table = Table<Ticket>(
        .auto(\.id), Field<Ticket>.char(\.series, maxLength: 20).databaseDefault("A"))
}

@Suite(.models(Ticket.self)) struct EmptyRowTests {
    @Test func `rows of nothing but defaults are inserted, one or many, and upserted`() async throws {
        let one = try await Ticket.objects.create(Ticket())
        #expect(one.series == "A")
        let many = try await Ticket.objects.createMany([Ticket(), Ticket()])
        #expect(many.map(\.series) == ["A", "A"] && Set(many.map(\.id)).count == 2)
        #expect(try await Ticket.objects.createMany([Ticket(), Ticket()], onConflict: .ignore) == 2)
        let stored = try await Ticket.objects.upsert([Ticket(), Ticket()], on: \.id, updating: \.series)
        #expect(stored.map(\.series) == ["A", "A"])
        #expect(try await Ticket.objects.count() == 7)
    }
}

@Suite struct MemoryTransactionTests {
    @Test func `a transaction that only reads refuses writes in memory, too`() async throws {
        let backend = SQLiteBackend(path: ":memory:")
        let database = Database(backend)
        try await database.use {
            try await database.execute(Statement("CREATE TABLE t (x integer)"))
            let error = await #expect(throws: DatabaseError.self) {
                try await transaction(readOnly: true) {
                    _ = try await database.execute(Statement("INSERT INTO t VALUES (1)"))
                }
            }
            #expect(error?.kind == .readOnly)
            try await transaction(readOnly: true) {
                let rows = try await database.rows(Statement("SELECT x FROM t")) { $0.value(at: 0) }
                #expect(rows.isEmpty)
            }
            try await transaction { _ = try await database.execute(Statement("INSERT INTO t VALUES (2)")) }
            let rows = try await database.rows(Statement("SELECT x FROM t")) { $0.value(at: 0) }
            #expect(rows == [.integer(2)])
        }
        await backend.close()
    }
}
