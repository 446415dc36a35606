import MartletMigrations
import MartletORM

/// Models as values, for tests that compare and write them.
enum Sample {
    static let tag = ModelSchema(
        name: "blog.Tag",
        fields: [.init("id", .uuid, primaryKey: true), .init("name", .char(maxLength: 50), unique: true)])

    static let post = ModelSchema(
        name: "blog.Post",
        fields: [
            .init("id", .auto, primaryKey: true),
            .init("slug", .slug(maxLength: 50), index: true),
            .init("title", .char(maxLength: 200), column: "headline"),
            .init("status", .choices(["draft", "published"], maxLength: 20)),
            .init("published_on", .dateTime, null: true),
            .init("parent", .foreignKey(to: "blog.Post", onDelete: .setNull), null: true, index: true),
            .init("tags", .manyToMany(to: "blog.Tag")),
        ],
        indexes: [.init(name: "blog_post_status_idx", fields: ["status", "published_on"])],
        uniqueTogether: [["slug", "title"]])

    /// A model whose lines are too long for one line.
    static let wide = ModelSchema(
        name: "blog.Wide", table: "a_table_of_its_own",
        fields: [
            .init("id", .bigInteger, primaryKey: true),
            .init("flag", .bool), .init("at", .dateTime), .init("mail", .email(maxLength: 254)), .init("real", .float),
            .init("number", .integer), .init("count", .positiveInteger), .init("text", .text), .init("uuid", .uuid),
            .init(
                "state", .choices((1...12).map { "a rather long choice \($0)" }, maxLength: 200),
                column: "state_column",
                null: true, index: true),
            .init(
                "a_reference_with_a_rather_long_name",
                .foreignKey(to: "blog.Post", onDelete: .doNothing), column: "another_name_for_the_column", null: true,
                unique: true),
        ],
        indexes: [
            .init(name: "blog_wide_\(String(repeating: "x", count: 50))", fields: ["flag", "at", "mail", "real"])
        ],
        uniqueTogether: [["number", "count"], ["flag", "at", "mail"]])

    @MigrationBuilder static var operations: [any MigrationOperation] {
        AddField("Tag", .init("token", .uuid, unique: true), default: .newUUID)
        AddField("Tag", .init("made", .dateTime), default: .now)
        AddField(
            "Tag", .init("state", .choices((1...4).map { "a rather long choice \($0)" }, maxLength: 200)),
            default: .text("a rather long choice 1"))
        AlterField("Tag", .init("name", .char(maxLength: 99)), default: .text("\u{0}\u{200B}é"))
        AlterField("Tag", .init("rank", .integer), default: .integer(-1))
        AlterField("Tag", .init("owner", .uuid), default: .uuid("00000000-0000-7000-8000-000000000000"))
        RemoveField("Tag", "made", default: .dateTime("2026-01-31 09:05:00"))
        RemoveField("Tag", "rank", default: .real(0.5))
        RenameField("Tag", "name", to: "label")
        RenameModel("Tag", to: "Label")
        AlterModelTable("Label", "labels")
        AddIndex("Label", .init(name: "label_idx", fields: ["label"]))
        RemoveIndex("Label", "label_idx")
        AlterUniqueTogether("Label", [["label", "state"]])
        RunSQL("UPDATE labels SET label = 'x'", reverse: .nothing)
        RunSQL("DELETE FROM labels", reverse: .irreversible)
        RunSQL(
            "UPDATE labels SET label = 'a long statement that goes on' WHERE label = 'some other text'",
            reverse: .sql("UPDATE labels SET label = ''"))
        RunSQL(
            "UPDATE labels SET label = 'one' WHERE label = 'a'", "UPDATE labels SET label = 'two' WHERE label = 'b'",
            reverse: .sql("DELETE FROM labels", "DELETE FROM tags"), elidable: true)
        CreateExtension("pg_trgm")
        SeparateDatabaseAndState(
            database: [RunSQL("ALTER TABLE labels RENAME TO tags", reverse: .sql("ALTER TABLE tags RENAME TO labels"))],
            state: [AlterModelTable("Label", "tags"), AddField("Label", .init("note", .text, null: true))])
        SeparateDatabaseAndState(state: [RemoveField("Label", "note")])
        DeleteModel("Label")
        schemaOperations
    }

    /// A model with all that a table has beside columns.
    static let hall = ModelSchema(
        name: "blog.Hall",
        fields: [
            .init("id", .auto, primaryKey: true),
            .init("name", .char(maxLength: 50), databaseDefault: "a \"hall\"", comment: "As on the door"),
            .init("seats", .integer, databaseDefault: 0),
            .init("doubled", .integer, generated: .init(F("seats") * 2)),
            .init("opened_at", .dateTime, databaseDefault: .now),
            .init("token", .uuid, databaseDefault: .newUUID),
            .init("tags", .array(.char(maxLength: 20), size: 3)),
            .init("open", .range(.dateTime)),
            .init("words", .searchVector, generated: .init(Func("to_tsvector", F("name")), stored: false)),
        ],
        indexes: [
            .init(name: "hall_seats_idx", fields: ["name", "-seats"], include: ["token"], where: F("seats") > 10),
            .init(name: "hall_name_idx", terms: [.init(Func("lower", F("name")), descending: true, nulls: .last)]),
            .init(name: "hall_tags_gin", fields: ["tags"], method: .gin, settings: ["fastupdate": "off"]),
            .init(name: "hall_trigrams", fields: ["name"], method: .gin, operatorClasses: ["gin_trgm_ops"]),
            .init(name: "hall_own", fields: ["name"], method: .init(rawValue: "rum")),
        ],
        constraints: [
            .check("seats_positive", F("seats") >= 0),
            .check(
                "a_rather_long_condition",
                .any([
                    .all([F("seats") >= 10, F("name") != "x", .not(F("name").isNull)]),
                    F("name").in(["a", "b"]), F("name").test(.startsWith, "hall"),
                    (F("seats") + 1) * -2 < F("doubled"), Func("length", F("name")) == 5,
                    F("opened_at").part(.year) > 2000, F("token") == .uuid("00000000-0000-7000-8000-000000000000"),
                    F("opened_at") < .dateTime("2026-01-31 09:05:00"), .value(.null), true,
                ])),
            .unique("name_once", fields: ["name"]),
            .unique(
                "name_once_open", fields: ["name", "seats"], where: F("seats") > 0, include: ["token"],
                nullsDistinct: false),
            .unique("name_late", fields: ["name"], deferrable: .deferred),
            .unique("name_lower", terms: [.init(Func("lower", F("name"))), .init(F("seats"), descending: true)]),
            .exclude(
                "open_once", [.init(F("name"), with: .equal), .init(F("open"), with: .overlaps)],
                where: F("seats") > 0, deferrable: .immediate),
        ], comment: "Halls")

    @MigrationBuilder static var schemaOperations: [any MigrationOperation] {
        CreateModel(
            "Hall", fields: hall.fields, indexes: hall.indexes, constraints: hall.constraints,
            uniqueTogether: [["name", "seats"]], table: "halls", managed: false, comment: "Halls")
        AddConstraint("Hall", .check("form", Func("concat", form: "{0} || {1}", F("name"), "x") == "x"))
        RemoveConstraint("Hall", "form")
        RenameIndex("Hall", "hall_own", to: "hall_rum")
        AlterModelOptions("Hall", managed: false, comment: "a \"quoted\" comment")
        AlterModelOptions("Hall")
    }
}
