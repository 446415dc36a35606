import MartletMigrations
import MartletORM
import Testing

/// Operations for tables in use, and migrations without a transaction.
@Suite(.migrated()) struct GentleMigrationTests {
    private static let first = Migration("0001_initial") {
        CreateModel(
            "Item",
            fields: [
                .init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50)), .init("price", .integer),
            ])
    }

    private func executor(_ later: Migration...) throws -> MigrationExecutor {
        MigrationExecutor(
            try Database.current, try MigrationGraph([Migrations(app: "shop", [Self.first] + later)]))
    }

    private func migration(
        _ name: String, after: String = "0001_initial", atomic: Bool = false, _ operations: any MigrationOperation...
    ) -> Migration {
        Migration(name, dependencies: [MigrationName(app: "shop", name: after)], atomic: atomic) { operations }
    }

    private func run(_ sql: String) async throws { try await Database.current.execute(Statement(sql)) }

    private func texts(_ sql: String) async throws -> [String] {
        try await Database.current.rows(Statement(sql), access: .write) { try $0.text(at: 0) }
    }

    private func indexes() async throws -> [String] {
        try await texts(
            isPostgreSQL()
                ? "SELECT indexname::text FROM pg_indexes WHERE indexname LIKE 'item%' ORDER BY 1"
                : "SELECT name FROM sqlite_schema WHERE type = 'index' AND name LIKE 'item%' ORDER BY 1")
    }

    private let byName = IndexSchema(name: "item_name", fields: ["name"])

    @Test func `an index is made and dropped while others write, forwards and back`() async throws {
        let made = migration("0002_index", AddIndexConcurrently("Item", byName))
        let dropped = migration("0003_gone", after: "0002_index", RemoveIndexConcurrently("Item", "item_name"))
        let executor = try executor(made, dropped)
        try await executor.migrate(to: .migration(app: "shop", name: "0002"))
        #expect(try await indexes() == ["item_name"])
        try await executor.migrate()
        #expect(try await indexes() == [])
        try await executor.migrate(to: .migration(app: "shop", name: "0002"))
        #expect(try await indexes() == ["item_name"])
        try await executor.migrate(to: .migration(app: "shop", name: "0001"))
        #expect(try await indexes() == [])
        guard try isPostgreSQL() else { return }
        #expect(
            try executor.sql(for: "shop.0002_index") == """
                --
                -- Concurrently create index item_name on field(s) name of model item
                --
                DROP INDEX CONCURRENTLY IF EXISTS "item_name";
                CREATE INDEX CONCURRENTLY "item_name" ON "shop_item" ("name");
                """)
        #expect(
            try executor.sql(for: "shop.0002_index", backwards: true).contains(
                #"DROP INDEX CONCURRENTLY IF EXISTS "item_name";"#))
    }

    @Test func `an index that a failure has left half made is made anew`() async throws {
        guard try isPostgreSQL() else { return }
        let unique = RunSQL(#"CREATE UNIQUE INDEX CONCURRENTLY "item_name" ON "shop_item" ("name")"#, reverse: .nothing)
        let executor = try executor(migration("0002_unique", unique))
        try await executor.migrate(to: .migration(app: "shop", name: "0001"))
        for _ in 0..<2 { try await run("INSERT INTO shop_item (name, price) VALUES ('a', 1)") }
        await #expect(throws: MigrationError.self) { try await executor.migrate() }
        let invalid =
            "SELECT relname::text FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE NOT i.indisvalid"
        #expect(try await texts(invalid) == ["item_name"])
        try await self.executor(migration("0002_index", AddIndexConcurrently("Item", byName))).migrate()
        #expect(try await texts(invalid) == [])
        #expect(try await indexes() == ["item_name"])
    }

    @Test func `what no transaction may have is refused in one, before anything is done`() async throws {
        for operation in [
            AddIndexConcurrently("Item", byName), RemoveIndexConcurrently("Item", "item_name"),
        ] as [any MigrationOperation] {
            let before = migration("0002_index", atomic: true, AddIndex("Item", byName))
            let list = operation is AddIndexConcurrently ? [] : [before]
            let last = migration(
                "0003_last", after: list.isEmpty ? "0001_initial" : "0002_index", atomic: true, operation)
            let graph = try MigrationGraph([Migrations(app: "shop", [Self.first] + list + [last])])
            let error = await #expect(throws: MigrationError.self) {
                try await MigrationExecutor(try Database.current, graph).migrate()
            }
            #expect(error?.description.contains("It cannot be part of a transaction.") == true)
            #expect(error?.remedy == "Write `atomic: false` behind the migration's dependencies.")
        }
        let editor = try Database.current.dialect.schemaEditor
        #expect(try await !editor.tableNames(in: Database.current).contains("shop_item"))
    }

    @Test func `a check that is not validated holds for new rows, and later for all`() async throws {
        let rule = ConstraintSchema.check("price_positive", F("price") > 0)
        let executor = try executor(
            migration("0002_rule", atomic: true, AddConstraintNotValid("Item", rule)),
            migration("0003_all", after: "0002_rule", atomic: true, ValidateConstraint("Item", "price_positive")))
        try await executor.migrate(to: .migration(app: "shop", name: "0001"))
        let isPostgreSQL = try isPostgreSQL()
        if isPostgreSQL { try await run("INSERT INTO shop_item (name, price) VALUES ('old', -1)") }
        try await executor.migrate(to: .migration(app: "shop", name: "0002"))
        let error = await #expect(throws: DatabaseError.self) {
            try await run("INSERT INTO shop_item (name, price) VALUES ('new', -1)")
        }
        #expect(error?.kind == .checkViolation)
        if isPostgreSQL {
            let failure = await #expect(throws: MigrationError.self) { try await executor.migrate() }
            #expect(failure?.remedy == "There are rows that break the rule: change them first, or change the rule.")
            #expect(
                failure?.problem == "Applying shop.0003_all failed at operation 1 of MartletDatabaseTests/"
                    + "GentleMigrationTests.swift, Validate constraint price_positive on model item; "
                    + "the database is as before the migration.")
            try await run("UPDATE shop_item SET price = 1")
        }
        try await executor.migrate()
        if isPostgreSQL {
            let valid = "SELECT convalidated::text FROM pg_constraint WHERE conname = 'price_positive'"
            #expect(try await texts(valid) == ["true"])
        }
        try await executor.migrate(to: .migration(app: "shop", name: "0001"))
        try await run("INSERT INTO shop_item (name, price) VALUES ('free', -1)")
        #expect(try await texts("SELECT name FROM shop_item WHERE price = -1") == ["free"])
    }

    @Test func `only a check can do without the rows, and only a constraint that exists is validated`() async throws {
        for (operation, problem) in [
            (AddConstraintNotValid("Item", .unique("once", fields: ["name"])), "is no check"),
            (AddConstraintNotValid("Item", .check("c", F("nothing") > 0)), "which is no column"),
            (ValidateConstraint("Item", "'; DROP TABLE shop_item"), "has no constraint ''; DROP TABLE shop_item'"),
            (ValidateConstraint("Nobody", "c"), "There is no model 'shop.Nobody'"),
            (AddIndexConcurrently("Item", .init(name: "i", fields: ["nothing"])), "which is no column"),
            (RemoveIndexConcurrently("Item", "\u{0}"), "has no index"),
        ] as [(any MigrationOperation, String)] {
            let error = await #expect(throws: MigrationError.self) {
                try await executor(migration("0002_wrong", operation)).migrate()
            }
            #expect(error?.problem.contains(problem) == true, "\(String(describing: error))")
        }
    }

    @Test func `without a transaction each operation stands for itself, and the error says what stays`() async throws {
        let executor = try executor(
            migration(
                "0002_steps", AddField("Item", .init("note", .text), default: .text("")),
                RunSQL("INSERT INTO shop_item (name, price, note) VALUES ('a', 1, '')", reverse: .nothing),
                RunSQL("UPDATE nowhere SET x = 1", reverse: .nothing)))
        let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
        #expect(
            error?.problem == "Applying shop.0002_steps failed at operation 3 of MartletDatabaseTests/"
                + "GentleMigrationTests.swift, Raw SQL operation; the operations before it stay, as the migration is "
                + "not atomic.")
        #expect((error?.underlying as? DatabaseError)?.sql == "UPDATE nowhere SET x = 1")
        #expect(try await texts("SELECT name FROM shop_item WHERE note = ''") == ["a"])
        #expect(try await executor.plan().map(\.description) == ["Applying shop.0002_steps"])
    }
}
