import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

@Suite(.migrated(Flat.self, Address.self, Tenancy.self)) struct FilledColumnTests {
    @Test func `a generated column is computed by the database and read back`() async throws {
        var flat = try await Flat.objects.create(Flat(street: "A", rent: 1, width: 3, height: 4, edges: 99))
        #expect(flat.edges == 7)
        flat.width = 10
        flat.edges = -1
        try await flat.save()
        #expect(flat.edges == 14)
        #expect(try await Flat.objects.filter { $0.edges == 14 }.count() == 1)
        let error = await #expect(throws: ORMError.self) { try await Flat.objects.update { $0.edges = 1 } }
        #expect("\(error.map { "\($0)" } ?? "")".contains("'edges' is not a column of Flat"))
    }

    @Test func `what is nil in a new row is left to the database`() async throws {
        let token = UUID()
        let given = try await Flat.objects.create(
            Flat(street: "A", rent: 1, priority: 8, token: token, listedAt: Date(timeIntervalSince1970: 5)))
        #expect((given.priority, given.token) == (8, token))
        #expect(given.listedAt == Date(timeIntervalSince1970: 5))
        let left = try await Flat.objects.create(Flat(street: "B", rent: 1))
        #expect(left.priority == 3)
        #expect(left.token != nil && left.token != token)
        #expect(left.listedAt.map { $0 > Date(timeIntervalSince1970: 1_000_000_000) } == true)
        let stored = try await Flat.objects.get { $0.id == left.id }
        #expect((stored.priority, stored.token, stored.listedAt) == (left.priority, left.token, left.listedAt))
    }

    @Test func `many rows are numbered and filled like one`() async throws {
        let flats = try await Flat.objects.createMany([
            Flat(street: "A", rent: 1, width: 2, height: 2),
            Flat(street: "B", rent: 1, width: 5, height: 5, priority: 1),
        ])
        #expect(flats.map(\.edges) == [4, 10])
        #expect(flats.map(\.priority) == [3, 1])
        #expect(Set(flats.map(\.id)).count == 2 && !flats.map(\.id).contains(0))
    }

    @Test func `somebody else's insert gets the defaults too`() async throws {
        let database = try Database.current
        try await database.execute(
            Statement(
                """
                INSERT INTO rental_flat (street, number, rent, state, width, height, created_at, updated_at)
                VALUES ('A', 1, 1, 'draft', 1, 1, '2026-01-01 00:00:00', '2026-01-01 00:00:00')
                """))
        let flat = try await Flat.objects.get { $0.street == "A" }
        #expect((flat.priority, flat.edges) == (3, 2))
        #expect(flat.token != nil)
    }

    @Test func `comments are on the table and the column where the database keeps them`() async throws {
        guard try isPostgreSQL() else { return }
        let sql = """
            SELECT obj_description('rental_flat'::regclass), col_description('rental_flat'::regclass, 2)
            """
        let rows = try await Database.current.rows(Statement(sql)) { [try $0.text(at: 0), try $0.text(at: 1)] }
        #expect(rows == [["Flats to let", "Without the house's number; it's \"short\""]])
    }

    // MARK: Shared fields and proxies

    @Test func `models share the fields of a protocol, and queries over it`() async throws {
        let flat = try await Flat.objects.create(Flat(street: "A", rent: 1))
        #expect(try await Flat.objects.changed(since: flat.updatedAt).count() == 1)
        #expect(try await Flat.objects.changed(since: flat.updatedAt.addingTimeInterval(60)).count() == 0)
        var again = try await Flat.objects.get { $0.createdAt == flat.createdAt }
        again.createdAt = .distantPast
        try await again.save()
        let stored = try await Flat.objects.get { $0.id == flat.id }
        #expect(stored.createdAt == flat.createdAt)
        #expect(stored.updatedAt >= flat.updatedAt)
    }

    @Test func `a proxy reads and writes the rows of its model in an order of its own`() async throws {
        for (street, number) in [("B", 1), ("A", 1), ("A", 2)] {
            try await Flat.objects.create(Flat(street: street, number: number, rent: 1))
        }
        var addresses = try await Address.objects.all()
        #expect(addresses.map { "\($0.street)\($0.number)" } == ["A2", "A1", "B1"])
        addresses[0].street = "C"
        try await addresses[0].save()
        #expect(try await Flat.objects.filter { $0.street == "C" && $0.number == 2 && $0.rent == 1 }.count() == 1)
    }

    @Test func `deleting through a proxy does what the model's relations say`() async throws {
        let flat = try await Flat.objects.create(Flat(street: "A", rent: 1))
        let address = try await Address.objects.get { $0.id == flat.id }
        try await Tenancy.objects.create(Tenancy(flat: ForeignKey(flat), address: ForeignKey(address)))
        try await address.delete()
        #expect(try await Tenancy.objects.count() == 0)
        #expect(try await Flat.objects.count() == 0)
    }
}

@Suite(.migrated(Register.self)) struct UnmanagedTests {
    @Test func `migrations know an unmanaged model and leave its table alone`() async throws {
        let database = try Database.current
        let there = try await database.dialect.schemaEditor.tableNames(in: database)
        #expect(!there.contains("public_register"))
        #expect(Detected.current[0].list.map { $0.operations.map(\.description) } == [["Create model Register"]])
        let type = try isPostgreSQL() ? "bigint GENERATED BY DEFAULT AS IDENTITY" : "integer"
        try await database.execute(
            Statement("CREATE TABLE public_register (id \(type) PRIMARY KEY, name varchar(20) NOT NULL)"))
        try await Register.objects.create(Register(name: "Ann"))
        let executor = try MigrationExecutor(database, MigrationGraph(Detected.current))
        try await executor.migrate(to: .zero(app: "rental"))
        #expect(try await Register.objects.count() == 1)
    }
}
