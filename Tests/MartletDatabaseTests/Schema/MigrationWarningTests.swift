import MartletMigrations
import MartletORM
import Testing

/// What is said of migrations that keep others waiting for large tables.
@Suite(.migratedPostgreSQL()) struct MigrationWarningTests {
    private static let first = Migration("0001_initial") {
        CreateModel(
            "Item",
            fields: [
                .init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50)), .init("price", .integer),
                .init("note", .text, null: true),
            ])
        CreateModel("Small", fields: [.init("id", .auto, primaryKey: true), .init("size", .integer)])
    }

    private func executor(_ operations: any MigrationOperation...) async throws -> MigrationExecutor {
        let second = Migration("0002_change", dependencies: ["shop.0001_initial"]) { operations }
        let executor = MigrationExecutor(
            try Database.current, try MigrationGraph([Migrations(app: "shop", [Self.first, second])]))
        try await executor.migrate(to: .migration(app: "shop", name: "0001"))
        try await Database.current.execute(
            Statement("INSERT INTO shop_item (name, price) SELECT 'x', n FROM generate_series(1, 1000) n"))
        return executor
    }

    @Test func `a rewrite of a large table is told with its migration, its operation and the safer way`() async throws {
        let executor = try await executor(
            AlterField("Item", .init("price", .bigInteger)), AlterField("Small", .init("size", .bigInteger)))
        let warnings = try await executor.warnings(largerThan: 8192)
        #expect(
            warnings.map(\.description) == [
                "migrations.W010: Applying shop.0002_change, Alter field price on item: PostgreSQL writes all rows anew of "
                    + "'shop_item' (48 kB), which nobody can read or write meanwhile. Add a second field of the new type, "
                    + "fill it in batches, and then remove the first."
            ])
        #expect(try await executor.warnings().isEmpty, "48 kB are not large")
        let before = try await executor.plan()
        #expect(before.count == 1, "nothing was run")
    }

    @Test(
        arguments: [
            (AddIndex("Item", .init(name: "i", fields: ["name"])), "AddIndexConcurrently"),
            (AddConstraint("Item", .check("c", F("price") > 0)), "AddConstraintNotValid"),
            (AddConstraint("Item", .unique("u", fields: ["price"])), "CREATE UNIQUE INDEX CONCURRENTLY"),
            (AlterField("Item", .init("note", .text), default: .text("")), "AddConstraintNotValid"),
            (AddField("Item", .init("key", .uuid), default: .newUUID), "fill it in batches"),
        ] as [(any MigrationOperation, String)])
    func `what blocks names the way that does not`(_ operation: any MigrationOperation, _ way: String) async throws {
        let warnings = try await executor(operation).warnings(largerThan: 8192)
        #expect(warnings.contains { $0.saferWay?.contains(way) == true }, "\(warnings)")
    }

    @Test(
        arguments: [
            AddField("Item", .init("more", .text, null: true)),
            AddConstraintNotValid("Item", .check("c", F("price") > 0)),
            AlterField("Item", .init("name", .char(maxLength: 80))), RenameField("Item", "name", to: "title"),
            CreateModel("Other", fields: [.init("id", .auto, primaryKey: true)]),
        ] as [any MigrationOperation])
    func `what takes a moment is not warned of`(_ operation: any MigrationOperation) async throws {
        #expect(try await executor(operation).warnings(largerThan: 8192) == [])
    }

    @Test func `statements are explained one by one, with their operation`() async throws {
        let executor = try await executor(
            AddField("Item", .init("stock", .integer), default: .integer(0)), RunSQL("VACUUM", reverse: .nothing))
        let explained = try await executor.explain()
        #expect(explained.map(\.step.name.description) == ["shop.0002_change"])
        let operations = explained[0].operations
        #expect(operations.map(\.description) == ["Add field stock to item", "Raw SQL operation"])
        #expect(operations[0].statements.count == 2)
        #expect(operations[0].statements.allSatisfy { $0.effect?.locks.first?.mode == .accessExclusive })
        #expect(operations[1].statements.map { $0.effect?.isKnown } == [false])
        let back = try await executor.explain(to: .zero(app: "shop"))
        #expect(back.flatMap(\.operations).map(\.description) == ["Create model Small", "Create model Item"])
    }
}
