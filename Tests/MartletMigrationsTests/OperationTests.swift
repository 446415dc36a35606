import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

/// One operation on tables that have rows.
struct OperationCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let operation: any MigrationOperation
    /// A query, and its rows after the way there.
    let query: String
    let rows: [String]
    /// The rows of `SELECT * FROM shop_item` after the way back, where they are not those from before.
    var back: [String]?

    init(
        _ testDescription: String, _ operation: any MigrationOperation, _ query: String, _ rows: [String],
        back: [String]? = nil
    ) {
        self.testDescription = testDescription
        self.operation = operation
        self.query = query
        self.rows = rows
        self.back = back
    }
}

struct OperationTests {
    static let initial = Migration("0001_initial") {
        CreateModel(
            "Owner",
            fields: [.init("id", .uuid, primaryKey: true), .init("name", .char(maxLength: 50), unique: true)])
        CreateModel(
            "Item",
            fields: [
                .init("id", .auto, primaryKey: true),
                .init("title", .char(maxLength: 20), index: true),
                .init("note", .text, null: true),
                .init("count", .positiveInteger),
                .init("made", .dateTime),
                .init("owner", .foreignKey(to: "shop.Owner", onDelete: .cascade), index: true),
                .init("parent", .foreignKey(to: "shop.Item", onDelete: .setNull), null: true, index: true),
                .init("fans", .manyToMany(to: "shop.Owner")),
                .init("price", .float),
            ],
            indexes: [.init(name: "shop_item_title_idx", fields: ["title", "count"])],
            uniqueTogether: [["title", "made"]])
    }

    static let ann = String(repeating: "a", count: 32)

    static let before = [
        "1|a|null|1|2026-01-01 00:00:00|\(ann)|null|0.5",
        "2|b|it's|2|2026-01-02 00:00:00|\(ann)|1|1.5",
    ]

    static let cases: [OperationCase] = [
        .init(
            "a model", CreateModel("Shelf", fields: [.init("id", .auto, primaryKey: true)]), "SELECT * FROM shop_shelf",
            []),
        .init(
            "a field that may be null", AddField("Item", .init("size", .integer, null: true)),
            "SELECT id, size FROM shop_item", ["1|null", "2|null"]),
        .init(
            "a field with a default", AddField("Item", .init("size", .integer), default: .integer(-3)),
            "SELECT id, size FROM shop_item", ["1|-3", "2|-3"]),
        .init(
            "a text default with quotes and a zero",
            AddField("Item", .init("size", .text), default: .text("'; --\"\u{0}x")),
            "SELECT id, size FROM shop_item", ["1|'; --\"\u{0}x", "2|'; --\"\u{0}x"]),
        .init(
            "a unique UUID for each row", AddField("Item", .init("token", .uuid, unique: true), default: .newUUID),
            "SELECT count(DISTINCT token), min(length(token)), max(substr(token, 13, 1)) FROM shop_item", ["2|32|4"]),
        .init(
            "a moment for all rows", AddField("Item", .init("seen", .dateTime), default: .now),
            "SELECT length(seen), seen > '2026' FROM shop_item", ["26|1", "26|1"]),
        .init(
            "an optional reference",
            AddField(
                "Item", .init("buyer", .foreignKey(to: "shop.Owner", onDelete: .setNull), null: true, index: true)),
            "SELECT buyer_id FROM shop_item", ["null", "null"]),
        .init(
            "a many-to-many field", AddField("Owner", .init("likes", .manyToMany(to: "shop.Item"))),
            "SELECT * FROM shop_owner_likes", []),
        .init(
            "a field goes", RemoveField("Item", "price"), "SELECT * FROM shop_item",
            before.map { String($0.dropLast(4)) }, back: before.map { $0.dropLast(3) + "0.0" }),
        .init(
            "a field in the middle goes, and comes back with its default",
            RemoveField("Item", "parent", default: .integer(1)), "SELECT id, price FROM shop_item", ["1|0.5", "2|1.5"],
            back: before.map { $0.replacing("|1|1.5", with: "|null|1.5") }),
        .init(
            "a many-to-many field goes", RemoveField("Item", "fans"),
            "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'shop_item_fans%'", ["0"]),
        .init(
            "a longer text", AlterField("Item", .init("title", .char(maxLength: 99), unique: true)),
            "SELECT title FROM shop_item", ["a", "b"]),
        .init(
            "null no longer", AlterField("Item", .init("note", .text), default: .text("none")),
            "SELECT note FROM shop_item", ["none", "it's"],
            back: before.map { $0.replacing("|null|1|", with: "|none|1|") }),
        .init(
            "may be null", AlterField("Item", .init("count", .positiveInteger, null: true)),
            "SELECT count FROM shop_item", ["1", "2"]),
        .init(
            "another column", AlterField("Item", .init("note", .text, column: "remark", null: true)),
            "SELECT remark FROM shop_item", ["null", "it's"]),
        .init(
            "a number becomes a text", AlterField("Item", .init("count", .char(maxLength: 9))),
            "SELECT typeof(count) FROM shop_item", ["text", "text"]),
        .init(
            "a key of another type, and what refers to it",
            AlterField("Owner", .init("id", .char(maxLength: 40), primaryKey: true)),
            """
            SELECT type FROM pragma_table_info('shop_item') WHERE name = 'owner_id' \
            UNION ALL SELECT type FROM pragma_table_info('shop_item_fans') WHERE name = 'owner_id'
            """, ["varchar(40)", "varchar(40)"]),
        .init(
            "an index", AddIndex("Item", .init(name: "shop_item_note", fields: ["note", "owner"])),
            "SELECT name FROM pragma_index_info('shop_item_note')", ["note", "owner_id"]),
        .init(
            "an index goes", RemoveIndex("Item", "shop_item_title_idx"),
            "SELECT count(*) FROM sqlite_schema WHERE name = 'shop_item_title_idx'", ["0"]),
        .init(
            "other unique groups", AlterUniqueTogether("Item", [["count", "owner"]]),
            "SELECT count(*) FROM sqlite_schema WHERE sql LIKE 'CREATE UNIQUE INDEX \"shop_item_%' AND tbl_name = 'shop_item'",
            ["1"]),
        .init(
            "another field name", RenameField("Item", "title", to: "label"), "SELECT label FROM shop_item", ["a", "b"]),
        .init(
            "another many-to-many name", RenameField("Item", "fans", to: "friends"),
            "SELECT item_id, owner_id FROM shop_item_friends", ["2|\(ann)"]),
        .init(
            "another model name", RenameModel("Item", to: "Thing"),
            "SELECT thing_id, title FROM shop_thing_fans JOIN shop_thing t ON t.id = thing_id", ["2|b"]),
        .init(
            "another name of a model others refer to", RenameModel("Owner", to: "Keeper"),
            "SELECT keeper_id, k.name FROM shop_item_fans JOIN shop_keeper k ON k.id = keeper_id", ["\(ann)|Ann"]),
        .init(
            "another table", AlterModelTable("Item", "things"), "SELECT item_id FROM things_fans", ["2"]),
        .init(
            "a statement of its own",
            RunSQL("UPDATE shop_item SET count = count + 1", reverse: .sql("UPDATE shop_item SET count = count - 1")),
            "SELECT count FROM shop_item", ["2", "3"]),
    ]

    @Test(arguments: cases)
    func `an operation goes there, back and there again, and schema and rows stay the same`(
        _ example: OperationCase
    ) async throws {
        try await MigrationDatabase.with { place in
            let second = Migration("0002_change", dependencies: ["shop.0001_initial"]) { [example.operation] }
            let executor = try place.executor(Migrations(app: "shop", [Self.initial, second]))
            try await executor.migrate(to: .migration(app: "shop", name: "0001"))
            try await Self.fill(place)
            let empty = try await place.schema()

            try await executor.migrate()
            #expect(try await place.rows(example.query) == example.rows)
            let changed = try await place.schema()

            try await executor.migrate(to: .migration(app: "shop", name: "0001"))
            #expect(try await place.schema() == empty)
            #expect(try await place.rows("SELECT * FROM shop_item") == example.back ?? Self.before)
            #expect(try await place.rows("PRAGMA foreign_key_check") == [])

            try await executor.migrate()
            #expect(try await place.schema() == changed)
            #expect(
                try await place.rows(
                    "SELECT max(seq) FROM sqlite_sequence WHERE name IN ('shop_item', 'shop_thing', 'things')") == ["7"]
            )
            #expect(try await place.rows("PRAGMA foreign_keys") == ["1"])
        }
    }

    /// Two items by Ann; the item with the highest number was deleted.
    static func fill(_ place: MigrationDatabase) async throws {
        try await place.execute(
            "INSERT INTO shop_owner VALUES ('\(ann)', 'Ann')",
            "INSERT INTO shop_item VALUES (1, 'a', NULL, 1, '2026-01-01 00:00:00', '\(ann)', NULL, 0.5)",
            "INSERT INTO shop_item VALUES (2, 'b', 'it''s', 2, '2026-01-02 00:00:00', '\(ann)', 1, 1.5)",
            "INSERT INTO shop_item VALUES (7, 'gone', '', 0, '2026-01-03 00:00:00', '\(ann)', 1, 1.5)",
            "DELETE FROM shop_item WHERE id = 7",
            "INSERT INTO shop_item_fans (item_id, owner_id) VALUES (2, '\(ann)')")
    }

    @Test func `deleting models takes their tables, and undoing it brings them back empty`() async throws {
        try await MigrationDatabase.with { place in
            let second = Migration("0002_delete", dependencies: ["shop.0001_initial"]) {
                DeleteModel("Item")
                DeleteModel("Owner")
            }
            let executor = try place.executor(Migrations(app: "shop", [Self.initial, second]))
            try await executor.migrate(to: .migration(app: "shop", name: "0001"))
            try await Self.fill(place)
            let schema = try await place.schema()
            try await executor.migrate()
            #expect(try await place.schema().isEmpty)
            try await executor.migrate(to: .migration(app: "shop", name: "0001"))
            #expect(try await place.schema() == schema)
            #expect(try await place.rows("SELECT count(*) FROM shop_item") == ["0"])
        }
    }

    @Test func `indexes, triggers and views made by hand outlive a copy of their table`() async throws {
        try await MigrationDatabase.with { place in
            let second = Migration("0002_change", dependencies: ["shop.0001_initial"]) {
                AddField("Item", .init("size", .integer), default: .integer(1))
            }
            let executor = try place.executor(Migrations(app: "shop", [Self.initial, second]))
            try await executor.migrate(to: .migration(app: "shop", name: "0001"))
            try await Self.fill(place)
            try await place.execute(
                "CREATE INDEX mine ON shop_item (lower(title))",
                "CREATE TRIGGER shout AFTER INSERT ON shop_item BEGIN UPDATE shop_item SET note = 'new' WHERE id = NEW.id; END",
                "CREATE VIEW titles AS SELECT title FROM shop_item",
                "CREATE VIEW first_titles AS SELECT title FROM titles LIMIT 1",
                "CREATE TRIGGER told INSTEAD OF INSERT ON titles BEGIN SELECT 1; END",
                "CREATE TRIGGER left AFTER DELETE ON shop_owner BEGIN DELETE FROM shop_item WHERE owner_id = OLD.id; END"
            )
            try await executor.migrate()
            #expect(try await place.rows("SELECT * FROM titles") == ["a", "b"])
            #expect(try await place.rows("SELECT * FROM first_titles") == ["a"])
            let names = try await place.rows(
                "SELECT name FROM sqlite_schema WHERE name IN ('mine', 'shout', 'told', 'left') ORDER BY 1")
            #expect(names == ["left", "mine", "shout", "told"])
        }
    }
}
