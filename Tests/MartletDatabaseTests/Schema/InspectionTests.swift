import MartletMigrations
import MartletORM
import Testing

/// What is found of tables in a database, and rows as a whole.
@Suite(.migrated()) struct InspectionTests {
    private static let migration = Migration("0001_initial") {
        CreateModel(
            "Owner",
            fields: [.init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50), unique: true)])
        CreateModel(
            "Item",
            fields: [
                .init("id", .uuid, primaryKey: true), .init("title", .char(maxLength: 80)),
                .init("stock", .positiveInteger), .init("price", .decimal(maxDigits: 8, decimalPlaces: 2), null: true),
                .init("note", .text), .init("is_open", .bool), .init("rank", .smallInteger, index: true),
                .init("data", .json), .init("day", .date), .init("at", .dateTime), .init("address", .ipAddress),
                .init("owner", .foreignKey(to: "shop.Owner", onDelete: .cascade), index: true),
                .init("twice", .integer, generated: .init(F("rank") * 2)),
            ], uniqueTogether: [["title", "day"]])
    }

    private func migrated() async throws -> (Database, any SchemaEditor, MigrationGraph) {
        let database = try Database.current
        let graph = try MigrationGraph([Migrations(app: "shop", [Self.migration])])
        try await MigrationExecutor(database, graph).migrate()
        return (database, database.dialect.schemaEditor, graph)
    }

    @Test func `tables are found with their columns, keys, groups, references and checks`() async throws {
        let (database, editor, _) = try await migrated()
        let tables = try await editor.inspectedTables(in: database)
        #expect(tables.map(\.name) == ["django_migrations", "shop_item", "shop_owner"])
        let item = try #require(tables.first { $0.name == "shop_item" })
        #expect(
            item.columns.map(\.name) == [
                "id", "title", "stock", "price", "note", "is_open", "rank", "data", "day", "at", "address", "owner_id",
                "twice",
            ])
        #expect(item.columns.filter(\.isNull).map(\.name) == ["price"])
        #expect(item.columns.filter(\.isGenerated).map(\.name) == ["twice"])
        #expect(item.primaryKey == ["id"])
        #expect(item.unique == [["title", "day"]])
        #expect(item.indexed == ["owner_id", "rank"])
        #expect(item.references == [.init(column: "owner_id", table: "shop_owner", target: "id")])
        #expect(item.checks.contains { $0.contains("stock") && $0.contains(">= 0") })
        let owner = try #require(tables.first { $0.name == "shop_owner" })
        #expect(owner.columns.filter(\.isIdentity).map(\.name) == ["id"])
        #expect(owner.unique == [["name"]])
    }

    @Test func `models are written for them, by the types of the database`() async throws {
        let (database, editor, _) = try await migrated()
        let tables = try await editor.inspectedTables(in: database).filter { $0.name.hasPrefix("shop") }
        let isSQLite = try !isPostgreSQL()
        let source = ModelInspection(app: "shop", isSQLite: isSQLite).source(of: tables)
        let places = isSQLite ? "maxDigits: 10, decimalPlaces: 5" : "maxDigits: 8, decimalPlaces: 2"
        #expect(
            source.split(separator: "\n").dropFirst(3).joined(separator: "\n") == #"""
                /// The table `shop_item`.
                struct ShopItem: Model {
                    var id: UUID = UUID()
                    var title: String = ""
                    var stock: Int = 0
                    var price: Decimal?
                    var note: String = ""
                    var isOpen: Bool = false
                    var rank: Int = 0
                    var data: JSONValue = JSONValue.null
                    var day: CalendarDate = CalendarDate.first
                    var at: Date = Date.now
                    var address: IPAddress = IPAddress(networkOrder: [0, 0, 0, 0])
                    var owner = ForeignKey<ShopOwner>()
                    // The column "twice" is computed by the database, which takes no value for it: give it a field with `.generated { … }`.
                    static let appLabel = "shop"
                    static let table = Table<ShopItem>(
                        .uuid(\.id, primaryKey: true),
                        .char(\.title, maxLength: 80),
                        .positiveInteger(\.stock),
                        .decimal(\.price, \#(places)),
                        .text(\.note),
                        .bool(\.isOpen),
                        .smallInteger(\.rank, index: true),
                        .json(\.data),
                        .date(\.day),
                        .dateTime(\.at),
                        .ipAddress(\.address),
                        .foreignKey(\.owner, onDelete: .doNothing),
                        uniqueTogether: [.fields(\.title, \.day)],
                        name: "shop_item",
                        managed: false
                    )
                }
                /// The table `shop_owner`.
                struct ShopOwner: Model {
                    var id: Int = 0
                    var name: String = ""
                    static let appLabel = "shop"
                    static let table = Table<ShopOwner>(
                        .auto(\.id),
                        .char(\.name, maxLength: 50, unique: true),
                        name: "shop_owner",
                        managed: false
                    )
                }
                """#)
    }

    @Test func `an initial migration is faked where its tables are there, and run where one is missing`() async throws {
        let (database, _, graph) = try await migrated()
        let executor = MigrationExecutor(database, graph, history: "other_history")
        let options = MigrationOptions(fakeInitial: true)
        try await executor.migrate(options: options)
        #expect(try await executor.plan().isEmpty)
        try await executor.migrate(to: .zero(app: "shop"), options: MigrationOptions(fake: true))
        try await database.execute(Statement(#"DROP TABLE "shop_item""#))
        await #expect(throws: MigrationError.self) { try await executor.migrate(options: options) }
        try await database.execute(Statement(#"DROP TABLE "shop_owner""#))
        try await executor.migrate(options: options)
        #expect(try await database.dialect.schemaEditor.tableNames(in: database).contains("shop_item"))
        let first = try await MigrationExecutor(database, graph).status()
        #expect(first[0].migrations[0].applied != nil, "the other history is another table")
    }

    @Test func `all rows are deleted, and automatic keys begin anew or go on`() async throws {
        let (database, editor, _) = try await migrated()
        func insert(_ columns: String, _ values: String) async throws {
            try await database.execute(Statement("INSERT INTO shop_owner (\(columns)) VALUES (\(values))"))
        }
        func keys() async throws -> [Int64] {
            try await database.rows(Statement("SELECT id FROM shop_owner ORDER BY id"), access: .write) {
                try $0.integer(at: 0)
            }
        }
        try await insert("name", "'a'")
        try await insert("id, name", "40, 'b'")
        for sql in editor.moveCounter(of: "id", in: "shop_owner") {
            _ = try await database.rows(Statement(sql), access: .write) { _ in true }
        }
        try await insert("name", "'c'")
        #expect(try await keys() == [1, 40, 41])
        try await editor.transaction(on: database, checking: []) {
            for sql in editor.deleteAllRows(of: ["shop_item", "shop_owner"]) {
                try await database.execute(Statement(sql))
            }
        }
        try await insert("name", "'a'")
        #expect(try await keys() == [1])
    }
}
