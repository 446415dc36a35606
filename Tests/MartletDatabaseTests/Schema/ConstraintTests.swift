import FoundationEssentials
import MartletMigrations
import MartletORM
import Testing

private let models: [any Model.Type] = [Flat.self, Address.self, Tenancy.self]

@Suite(.migrated(Flat.self, Address.self, Tenancy.self)) struct ConstraintTests {
    /// What a database says of a row that breaks a rule.
    private func violation(_ flat: Flat) async throws -> DatabaseError? {
        do {
            try await transaction { _ = try await Flat.objects.create(flat) }
            return nil
        } catch let error as DatabaseError {
            return error
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let flat: Flat
        let kind: DatabaseError.Kind?
        let constraint: String?
        var fields: [String] = []
    }

    // There is one flat already: Main Street 1, door A, rented for 500.
    static let cases = [
        Case(testDescription: "another flat", flat: Flat(street: "Low Road", rent: 1), kind: nil, constraint: nil),
        Case(
            testDescription: "a check", flat: Flat(street: "x", rent: 0), kind: .checkViolation,
            constraint: "rent_positive", fields: ["rent"]),
        Case(
            testDescription: "a check over two columns", flat: Flat(street: "x", rent: 1, state: .offered),
            kind: .checkViolation, constraint: "offered_has_door", fields: ["state", "door"]),
        Case(
            testDescription: "a check over two columns that holds",
            flat: Flat(street: "x", door: "B", rent: 1, state: .offered), kind: nil, constraint: nil),
        Case(
            testDescription: "the condition of a unique constraint holds for both",
            flat: Flat(street: "Main Street", number: 9, rent: 1, state: .rented), kind: .uniqueViolation,
            constraint: "rental_flat_street_8f0c1e2a_uniq", fields: ["street"]),
        Case(
            testDescription: "the condition of a unique constraint holds for one",
            flat: Flat(street: "Main Street", number: 9, rent: 1), kind: nil, constraint: nil),
        Case(
            testDescription: "an expression", flat: Flat(street: "MAIN STREET", number: 1, door: "Z", rent: 1),
            kind: .uniqueViolation, constraint: "one_token_text", fields: ["street", "number"]),
    ]

    @Test(arguments: cases)
    func `a rule is kept by the database, and an error says which one it was`(_ example: Case) async throws {
        try await Flat.objects.create(
            Flat(street: "Main Street", number: 1, door: "A", rent: 500, state: .rented, token: UUID()))
        let error = try await violation(example.flat)
        #expect(error?.kind == example.kind)
        if example.constraint?.hasPrefix("rental_flat_street_") == true {
            #expect(error?.constraint?.hasPrefix("rental_flat_street_") == true)
            #expect(error?.constraint?.hasSuffix("_uniq") == true)
        } else {
            #expect(error?.constraint == example.constraint)
        }
        #expect(error?.fields ?? [] == example.fields || example.fields == ["street"])
    }

    @Test(arguments: cases)
    func `the same rules are asked for before a row is written`(_ example: Case) async throws {
        try await Flat.objects.create(
            Flat(street: "Main Street", number: 1, door: "A", rent: 500, state: .rented, token: UUID()))
        let violations = try await example.flat.constraintViolations()
        #expect(violations.isEmpty == (example.kind == nil))
        if let first = violations.first, let name = example.constraint, !name.hasPrefix("rental_") {
            #expect(first.constraint == name)
            #expect(first.fields == example.fields)
        }
        #expect(
            try await example.flat.constraintViolations(
                excluding: ["rent", "state", "street", "number", "door", "token"]
            ).isEmpty)
    }

    @Test func `two nulls are equal where they shall not be distinct`() async throws {
        try await Flat.objects.create(Flat(street: "A", number: 1, rent: 1))
        // The expression over street and number would object too, so the street is the same in one spelling only.
        let error = try await violation(Flat(street: "A", number: 1, rent: 2))
        #expect(error?.kind == .uniqueViolation)
        let second = Flat(street: "A", number: 1, rent: 2)
        let names = try await second.constraintViolations().map(\.constraint)
        #expect(names == ["one_door", "one_token_text"])
    }

    @Test func `a violation says what Django says`() async throws {
        let flat = try await Flat.objects.create(Flat(street: "A", number: 1, door: "B", rent: 1, token: UUID()))
        #expect(try await flat.constraintViolations().isEmpty)
        var other = flat
        other.id = 0
        other.rent = 0
        let violations = try await other.constraintViolations()
        #expect(
            violations.map(\.message) == [
                "A rent is more than nothing.",
                "Flat with this Street, Number and Door already exists.",
                "Constraint “one_token_text” is violated.",
            ])
        #expect(violations.map(\.code) == ["invalid", "unique_together", "invalid"])
        other.rent = 1
        #expect(
            try await other.constraintViolations().map(\.message).first
                == "Flat with this Token and Rent already exists.")
        await #expect(throws: ConstraintViolations.self) { try await other.validateConstraints() }
    }

    @Test(arguments: ["'\"; DROP TABLE rental_flat", "\\", "%_", "🦉", String(repeating: "x", count: 50)])
    func `texts in a question about constraints are bound`(_ text: String) async throws {
        let flat = Flat(street: text, rent: 1)
        #expect(try await flat.constraintViolations().isEmpty)
        try await Flat.objects.create(flat)
        #expect(try await flat.constraintViolations().map(\.constraint) == ["one_door", "one_token_text"])
    }

    @Test func `a deferred constraint is checked at the end, or at once where the database cannot wait`() async throws {
        let flat = try await Flat.objects.create(Flat(street: "A", rent: 1))
        let address = try await Address.objects.get { $0.id == flat.id }
        var reached = false
        await #expect(throws: DatabaseError.self) {
            try await transaction {
                for _ in 0..<2 {
                    try await Tenancy.objects.create(
                        Tenancy(flat: ForeignKey(flat), address: ForeignKey(address)))
                }
                reached = true
            }
        }
        #expect(try reached == isPostgreSQL())
        #expect(try await Tenancy.objects.count() == 0)
    }

    // MARK: Migrations

    @Test func `after migrate nothing is missing`() async throws {
        let registry = ModelRegistry(models)
        let drafts = try await MigrationAutodetector(MigrationGraph(Detected.current), models: registry).changes()
        #expect(drafts.isEmpty)
    }

    @Test func `a migration can be undone and done again`() async throws {
        let executor = try MigrationExecutor(try Database.current, MigrationGraph(Detected.current))
        try await executor.migrate(to: .zero(app: "rental"))
        #expect(try await !tables().contains("rental_flat"))
        try await executor.migrate()
        #expect(try await tables().contains("rental_flat"))
    }

    private func tables() async throws -> Set<String> {
        let database = try Database.current
        return try await database.dialect.schemaEditor.tableNames(in: database)
    }
}
