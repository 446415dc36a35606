import MartletMigrations
import MartletORM
import Testing

/// Tables with rules, changed by migrations while they have rows.
@Suite(.migrated()) struct SchemaChangeTests {
    private static let first = Migration("0001_initial") {
        CreateModel(
            "Item",
            fields: [
                .init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50)),
                .init("price", .integer), .init("twice", .integer, generated: .init(F("price") * 2)),
            ],
            indexes: [
                .init(name: "item_twice", fields: ["-twice"]), .init(name: "item_price", fields: ["price"]),
            ],
            constraints: [
                .check("price_positive", F("price") > 0), .unique("one_name", fields: ["name"]),
                .unique("one_cheap", fields: ["price"], where: F("twice") < 10),
            ])
    }

    private func migrate(
        _ operations: [any MigrationOperation], name: String, after: [Migration]
    ) async throws -> [Migration] {
        let previous = after.last.map { [MigrationName(app: "shop", name: $0.name)] } ?? []
        let migration = Migration(name, dependencies: previous) { operations }
        let list = after + [migration]
        try await executor(list).migrate()
        return list
    }

    private func executor(_ list: [Migration]) throws -> MigrationExecutor {
        MigrationExecutor(try Database.current, try MigrationGraph([Migrations(app: "shop", list)]))
    }

    private func run(_ sql: String) async throws { try await Database.current.execute(Statement(sql)) }

    private func rows(_ sql: String) async throws -> [[SQLValue]] {
        try await Database.current.rows(Statement(sql), access: .write) { row in
            (0..<row.count).map { row.value(at: $0) }
        }
    }

    private func insert(_ name: String, _ price: Int) async throws {
        try await run("INSERT INTO shop_item (name, price) VALUES ('\(name)', \(price))")
    }

    /// The kind and the name of the rule that an insert breaks.
    private func broken(_ name: String, _ price: Int) async -> String {
        do {
            try await insert(name, price)
            return "nothing"
        } catch let error as DatabaseError {
            return "\(error.kind)"
        } catch {
            return "\(error)"
        }
    }

    @Test func `rules follow a renamed field, and rows stay`() async throws {
        var list = [Self.first]
        try await executor(list).migrate()
        try await insert("a", 3)
        list = try await migrate([RenameField("Item", "price", to: "cost")], name: "0002_cost", after: list)
        #expect(try await rows("SELECT cost, twice FROM shop_item") == [[.integer(3), .integer(6)]])
        for (values, kind) in [
            ("'b', 0", "check violation"), ("'a', 7", "unique violation"), ("'b', 3", "unique violation"),
        ] {
            let error = await #expect(throws: DatabaseError.self) {
                try await run("INSERT INTO shop_item (name, cost) VALUES (\(values))")
            }
            #expect(error.map { "\($0.kind)" } == kind)
        }
        try await executor(list).migrate(to: .migration(app: "shop", name: "0001"))
        #expect(await broken("b", 0) == "check violation")
    }

    @Test func `a column is computed in another way, with what is built on it`() async throws {
        var list = [Self.first]
        try await executor(list).migrate()
        try await insert("a", 3)
        list = try await migrate(
            [AlterField("Item", .init("twice", .integer, generated: .init(F("price") * 3)))], name: "0002", after: list)
        #expect(try await rows("SELECT twice FROM shop_item") == [[.integer(9)]])
        #expect(await broken("b", 3) == "unique violation")
        #expect(await broken("c", 4) == "nothing")
        let index = try isPostgreSQL() ? "pg_indexes WHERE indexname" : "sqlite_schema WHERE name"
        #expect(try await rows("SELECT count(*) FROM \(index) = 'item_twice'") == [[.integer(1)]])
    }

    @Test func `what is computed from a column of another type is computed anew`() async throws {
        var list = [Self.first]
        try await executor(list).migrate()
        try await insert("a", 3)
        list = try await migrate(
            [
                AlterField("Item", .init("price", .bigInteger)),
                AlterField("Item", .init("twice", .bigInteger, generated: .init(F("price") * 2))),
            ], name: "0002", after: list)
        try await insert("b", 5_000_000_000)
        #expect(try await rows("SELECT twice FROM shop_item WHERE name = 'b'") == [[.integer(10_000_000_000)]])
        #expect(await broken("c", 3) == "unique violation")
    }

    @Test func `defaults of the database come, change and go`() async throws {
        var list = [Self.first]
        try await executor(list).migrate()
        try await insert("a", 3)
        list = try await migrate(
            [AddField("Item", .init("stock", .integer, databaseDefault: 5))], name: "0002", after: list)
        list = try await migrate(
            [AlterField("Item", .init("stock", .integer, databaseDefault: 6))], name: "0003", after: list)
        try await insert("b", 30)
        #expect(
            try await rows("SELECT stock FROM shop_item ORDER BY name") == [[.integer(5)], [.integer(6)]])
        list = try await migrate([AlterField("Item", .init("stock", .integer))], name: "0004", after: list)
        #expect(await broken("c", 31) == "not null violation")
        list = try await migrate(
            [AddField("Item", .init("seen", .dateTime, databaseDefault: .now))], name: "0005", after: list)
        #expect(try await rows("SELECT count(seen) FROM shop_item") == [[.integer(2)]])
        try await executor(list).migrate(to: .migration(app: "shop", name: "0001"))
        #expect(try await rows("SELECT name, price, twice FROM shop_item WHERE name = 'b'").count == 1)
    }

    @Test func `a rule that rows break is not added, and all is as it was`() async throws {
        let list = [Self.first]
        try await executor(list).migrate()
        try await insert("a", 3)
        await #expect(throws: (any Error).self) {
            _ = try await migrate(
                [AddConstraint("Item", .check("expensive", F("price") > 100))], name: "0002", after: list)
        }
        #expect(await broken("b", 9) == "nothing")
        #expect(await broken("c", -1) == "check violation")
    }

    @Test func `rules are removed, and an index is renamed and not built anew`() async throws {
        var list = [Self.first]
        try await executor(list).migrate()
        try await insert("a", 3)
        let number = "SELECT oid FROM pg_class WHERE relname LIKE 'item_%ice'"
        let before = try isPostgreSQL() ? try await rows(number) : []
        list = try await migrate(
            [
                RenameIndex("Item", "item_price", to: "item_old_price"), RemoveConstraint("Item", "price_positive"),
                RemoveConstraint("Item", "one_cheap"), RemoveConstraint("Item", "one_name"),
                AlterModelOptions("Item", comment: "Goods"),
            ], name: "0002", after: list)
        #expect(await broken("a", 0) == "nothing")
        if try isPostgreSQL() {
            #expect(before.count == 2)
            let after = try await rows("SELECT oid FROM pg_class WHERE relname IN ('item_twice', 'item_old_price')")
            #expect(Set(after) == Set(before))
            #expect(try await rows("SELECT obj_description('shop_item'::regclass)") == [[.text("Goods")]])
        }
        try await run("DELETE FROM shop_item")
        try await executor(list).migrate(to: .migration(app: "shop", name: "0001"))
        #expect(await broken("a", 0) == "check violation")
    }

    @Test(arguments: ["it's; DROP TABLE x --", "\"", "\\", "%_*?[", "🦉", "{0}", "$martlet$"])
    func `constants in rules are written as they are meant`(_ text: String) async throws {
        let rules: [ConstraintSchema] = [
            .check("equal", F("name") != SchemaExpression(stringLiteral: text)),
            .check("starts", .not(F("name").test(.startsWith, text + "x"))),
            .unique("once", fields: ["price"], where: F("name").in([SchemaExpression(stringLiteral: text + "y")])),
        ]
        let item = CreateModel(
            "Item",
            fields: [
                .init("id", .auto, primaryKey: true),
                .init(
                    "name", .char(maxLength: 50), databaseDefault: SchemaExpression(stringLiteral: text), comment: text),
                .init("price", .integer),
            ], constraints: rules, comment: text)
        _ = try await migrate([item], name: "0001", after: [])
        let database = try Database.current
        let place = { database.dialect.placeholder($0) }
        func insert(_ name: String, _ price: Int) async -> String {
            let sql = "INSERT INTO shop_item (name, price) VALUES (\(place(1)), \(place(2)))"
            do {
                try await database.execute(Statement(sql, [.text(name), .integer(Int64(price))]))
                return "nothing"
            } catch { return (error as? DatabaseError).map { "\($0.kind)" } ?? "\(error)" }
        }
        #expect(await insert(text, 1) == "check violation")
        #expect(await insert(text + "x1", 1) == "check violation")
        #expect(await insert(text + "y", 1) == "nothing")
        #expect(await insert(text + "y", 1) == "unique violation")
        #expect(await insert(text + "z", 1) == "nothing")
        let error = await #expect(throws: DatabaseError.self) {
            try await run("INSERT INTO shop_item (price) VALUES (2)")
        }
        #expect(error?.kind == .checkViolation)
    }
}
