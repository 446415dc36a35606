import MartletMigrations
import MartletORM
import Testing

/// What `makemigrations` finds and writes of constraints, indexes and what a database computes.
struct SchemaDetectionTests {
    private static let item = ModelSchema(
        name: "shop.Item",
        fields: [
            .init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50)), .init("price", .integer),
            .init("rank", .integer, null: true),
        ])

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var before: @Sendable (inout ModelSchema) -> Void = { _ in }
        let after: @Sendable (inout ModelSchema) -> Void
        let expected: [String]
    }

    static let cases = [
        Case(
            testDescription: "a constraint is added",
            after: { $0.constraints = [.check("price_positive", F("price") > 0)] },
            expected: ["Create constraint price_positive on model item"]),
        Case(
            testDescription: "a constraint is removed",
            before: { $0.constraints = [.check("price_positive", F("price") > 0)] }, after: { _ in },
            expected: ["Remove constraint price_positive from model item"]),
        Case(
            testDescription: "a condition is another",
            before: { $0.constraints = [.check("price_positive", F("price") > 0)] },
            after: { $0.constraints = [.check("price_positive", F("price") >= 0)] },
            expected: [
                "Remove constraint price_positive from model item", "Create constraint price_positive on model item",
            ]),
        Case(
            testDescription: "an index has another name and nothing else",
            before: { $0.indexes = [.init(name: "a", fields: ["-price"], where: F("rank") > 1)] },
            after: { $0.indexes = [.init(name: "b", fields: ["-price"], where: F("rank") > 1)] },
            expected: ["Rename index a on item to b"]),
        Case(
            testDescription: "two equal indexes and a third are told apart by their names",
            before: {
                $0.indexes = [.init(name: "a", fields: ["price"]), .init(name: "b", fields: ["price"])]
            },
            after: { $0.indexes = [.init(name: "c", fields: ["price"])] },
            expected: [
                "Remove index a from item", "Remove index b from item",
                "Create index c on field(s) price of model item",
            ]),
        Case(
            testDescription: "the order of an index is another",
            before: { $0.indexes = [.init(name: "a", fields: ["price"])] },
            after: { $0.indexes = [.init(name: "a", fields: ["-price"])] },
            expected: ["Remove index a from item", "Create index a on field(s) price of model item"]),
        Case(
            testDescription: "a field goes with its constraint",
            before: { $0.constraints = [.check("rank_positive", F("rank") > 0)] },
            after: { $0.fields.removeLast() },
            expected: ["Remove constraint rank_positive from model item", "Remove field rank from item"]),
        Case(
            testDescription: "a default in the database needs no answer",
            after: { $0.fields.append(.init("stock", .integer, databaseDefault: 5)) },
            expected: ["Add field stock to item"]),
        Case(
            testDescription: "a generated field needs no answer",
            after: { $0.fields.append(.init("twice", .integer, generated: .init(F("price") * 2))) },
            expected: ["Add field twice to item"]),
        Case(
            testDescription: "a default in the database is another",
            before: { $0.fields[2].databaseDefault = 1 }, after: { $0.fields[2].databaseDefault = 2 },
            expected: ["Alter field price on item"]),
        Case(
            testDescription: "values that are kept become computed ones",
            after: { $0.fields[3].generated = .init(F("price") * 2) },
            expected: ["Remove field rank from item", "Add field rank to item"]),
        Case(
            testDescription: "a field is computed in another way",
            before: { $0.fields[3].generated = .init(F("price") * 2) },
            after: { $0.fields[3].generated = .init(F("price") * 3) }, expected: ["Alter field rank on item"]),
        Case(
            testDescription: "a comment on a column",
            after: { $0.fields[2].comment = "in cents" }, expected: ["Alter field price on item"]),
        Case(
            testDescription: "a comment on a table", after: { $0.comment = "Goods" },
            expected: ["Change options on item"]),
        Case(
            testDescription: "a table that somebody else looks after from now on", after: { $0.isManaged = false },
            expected: ["Change options on item"]),
    ]

    @Test(arguments: cases)
    func `a difference is found`(_ example: Case) async throws {
        var (old, new) = (Self.item, Self.item)
        example.before(&old)
        example.after(&new)
        let first = Migration("0001_initial") {
            CreateModel(
                "Item", fields: old.fields, indexes: old.indexes, constraints: old.constraints, comment: old.comment)
        }
        let graph = try MigrationGraph([Migrations(app: "shop", [first])])
        let drafts = try await MigrationAutodetector(graph, schemas: [new]).changes()
        #expect(drafts.flatMap { $0.migration.operations.map(\.description) } == example.expected)
        #expect(try await MigrationAutodetector(graph, schemas: [old]).changes().isEmpty)
    }

    @Test func `a reference to a proxy is one to the model behind it, and proxies have no migrations`() async throws {
        var proxy = ModelSchema(name: "shop.Cheap", table: "shop_item", fields: Self.item.fields)
        proxy.proxied = "shop.Item"
        let order = ModelSchema(
            name: "shop.Order",
            fields: [
                .init("id", .auto, primaryKey: true),
                .init("item", .foreignKey(to: "shop.Cheap", onDelete: .cascade), index: true),
            ])
        let graph = try MigrationGraph([Migrations(app: "shop", [])])
        let drafts = try await MigrationAutodetector(graph, schemas: [Self.item, proxy, order]).changes()
        let found = drafts.flatMap { $0.migration.operations.map(\.description) }
        #expect(found == ["Create model Item", "Create model Order"])
        #expect(drafts.flatMap { $0.migration.operations.flatMap(\.targets) } == ["shop.Item"])
    }

    @Test func `a migration reads as if a person had written it`() throws {
        let draft = MigrationDraft(
            app: "shop",
            migration: Migration("0002_rules") {
                AddConstraint("Item", .check("price_positive", F("price") > 0))
                AddConstraint("Item", .check("named", .any([.not(F("name") == ""), F("rank").isNull])))
                AddConstraint("Item", .check("sum", (F("price") + 1) * 2 <= -3))
                AddConstraint("Item", .unique("once", fields: ["name"], where: F("name").in(["a", "b\""])))
                AddIndex("Item", .init(name: "lower", terms: [.init(Func("lower", F("name")), descending: true)]))
            })
        #expect(
            try MigrationWriter().source(of: draft) == #"""
                import Martlet

                extension Migration {
                    static let shop0002Rules = Migration("0002_rules") {
                        AddConstraint("Item", .check("price_positive", F("price") > 0))
                        AddConstraint("Item", .check("named", .any([.not(F("name") == ""), F("rank").isNull])))
                        AddConstraint("Item", .check("sum", ((F("price") + 1) * 2) <= -3))
                        AddConstraint("Item", .unique("once", fields: ["name"], where: F("name").in(["a", "b\""])))
                        AddIndex("Item", .init(name: "lower", terms: [.init(Func("lower", F("name")), descending: true)]))
                    }
                }

                """#)
    }

    @Test func `a renamed field is renamed in what mentions it`() throws {
        var state = ProjectState()
        try CreateModel(
            "Item", fields: Self.item.fields + [.init("twice", .integer, generated: .init(F("price") * 2))],
            indexes: [.init(name: "i", fields: ["-price"], where: F("price") > 1)],
            constraints: [.check("c", F("price") > 0), .unique("u", fields: ["price"])]
        ).apply(to: &state, app: "shop")
        try RenameField("Item", "price", to: "cost").apply(to: &state, app: "shop")
        let model = try #require(state.model("shop.Item"))
        #expect(model.indexes == [.init(name: "i", fields: ["-cost"], where: F("cost") > 1)])
        #expect(model.constraints == [.check("c", F("cost") > 0), .unique("u", fields: ["cost"])])
        #expect(model.field("twice")?.generated == .init(F("cost") * 2))
    }

    @Test func `operations refuse what is not there, or there already`() throws {
        var state = ProjectState()
        try CreateModel("Item", fields: Self.item.fields, constraints: [.check("c", F("price") > 0)])
            .apply(to: &state, app: "shop")
        let refused: [any MigrationOperation] = [
            AddConstraint("Item", .check("c", F("price") > 1)), AddConstraint("Item", .check("d", F("missing") > 1)),
            RemoveConstraint("Item", "d"), RenameIndex("Item", "x", to: "y"),
            AddConstraint("Missing", .check("e", true)),
        ]
        for operation in refused {
            var state = state
            #expect(throws: MigrationError.self, "\(operation)") { try operation.apply(to: &state, app: "shop") }
        }
        #expect(throws: MigrationError.self) { try RemoveField("Item", "price").apply(to: &state, app: "shop") }
    }
}
