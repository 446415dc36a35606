import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

/// The statements beside those of Django 5.2's `sqlmigrate` for the same models.
struct DefinitionTests {
    private let everything = Migration("0001_initial", dependencies: ["accounts.0001_initial"]) {
        CreateModel(
            "Everything",
            fields: [
                .init("id", .auto, primaryKey: true),
                .init("flag", .bool),
                .init("maybe_flag", .bool, null: true),
                .init("title", .char(maxLength: 200), index: true),
                .init("code", .char(maxLength: 12), unique: true),
                .init("status", .choices(["draft", "published"], maxLength: 20)),
                .init("published_on", .dateTime, null: true),
                .init("contact", .email(maxLength: 254)),
                .init("rating", .float),
                .init("copies", .integer),
                .init("bytes", .bigInteger),
                .init("views", .positiveInteger),
                .init("maybe_views", .positiveInteger, null: true),
                .init("slug", .slug(maxLength: 50), index: true),
                .init("handle", .slug(maxLength: 50), unique: true),
                .init("body", .text),
                .init("token", .uuid, unique: true),
                .init("author", .foreignKey(to: "accounts.User", onDelete: .cascade), index: true),
                .init("badge", .foreignKey(to: "accounts.Tag", onDelete: .cascade), unique: true),
                .init("editor", .foreignKey(to: "accounts.User", onDelete: .setNull), null: true, index: true),
                .init("parent", .foreignKey(to: "kinds.Everything", onDelete: .cascade), null: true, index: true),
                .init("friends", .manyToMany(to: "kinds.Everything")),
                .init("tags", .manyToMany(to: "accounts.Tag")),
            ],
            indexes: [.init(name: "kinds_every_status_9357f3_idx", fields: ["status", "published_on"])],
            uniqueTogether: [["title", "copies"]])
    }

    private let accounts = Migration("0001_initial") {
        CreateModel(
            "Tag", fields: [.init("id", .uuid, primaryKey: true), .init("name", .char(maxLength: 50), unique: true)])
        CreateModel("User", fields: [.init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50))])
    }

    private func sql(_ name: MigrationName, backwards: Bool = false, _ more: Migration...) throws -> [String] {
        let graph = try MigrationGraph([
            Migrations(app: "accounts", [accounts]), Migrations(app: "kinds", [everything] + more),
        ])
        return try graph.sql(for: name, dialect: SQLiteDialect(), backwards: backwards).split(separator: "\n").map(
            String.init)
    }

    @Test func `models become the tables that Django makes`() throws {
        #expect(try sql("accounts.0001_initial") == Django.accounts)
    }

    @Test func `every kind of field becomes the column that Django makes`() throws {
        let ours = try sql("kinds.0001_initial")
        // Django leaves all indexes of a migration to its end.
        #expect(ours.sorted() == Django.everything.sorted())
        #expect(ours.prefix(5) == Django.everything.prefix(5))
    }

    @Test func `a many-to-many table between models of one name tells them apart as Django does`() throws {
        let other = Migration("0001_initial", dependencies: ["accounts.0001_initial"]) {
            CreateModel(
                "Tag",
                fields: [.init("id", .auto, primaryKey: true), .init("same", .manyToMany(to: "accounts.Tag"))])
        }
        let graph = try MigrationGraph([
            Migrations(app: "accounts", [accounts]), Migrations(app: "other", [other]),
        ])
        let sql = try graph.sql(for: "other.0001_initial", dialect: SQLiteDialect())
        #expect(
            sql.contains(
                #"("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "from_tag_id" bigint NOT NULL "#
                    + #"REFERENCES "other_tag" ("id") DEFERRABLE INITIALLY DEFERRED, "to_tag_id" char(32) NOT NULL "#
                    + #"REFERENCES "accounts_tag" ("id") DEFERRABLE INITIALLY DEFERRED)"#))
    }

    @Test func `undoing a model drops the tables between models first`() throws {
        let ours = try sql("kinds.0001_initial", backwards: true)
        #expect(
            ours == [
                "BEGIN;", "--", "-- Create model Everything", "--", #"DROP TABLE "kinds_everything_tags";"#,
                #"DROP TABLE "kinds_everything_friends";"#, #"DROP TABLE "kinds_everything";"#, "COMMIT;",
            ])
    }

    @Test func `plain columns come and go without a copy of the table`() throws {
        let second = Migration("0002_more", dependencies: ["kinds.0001_initial"]) {
            AddField(
                "Everything",
                .init("ref", .foreignKey(to: "accounts.User", onDelete: .cascade), null: true, index: true))
            AddField("Everything", .init("note", .text, null: true))
            RemoveField("Everything", "flag")
            AlterUniqueTogether("Everything", [])
            AlterField("Everything", .init("status", .choices(["draft", "published", "gone"], maxLength: 20)))
        }
        let statements = try sql("kinds.0002_more", second).filter { !$0.hasPrefix("--") || $0.contains("no-op") }
        #expect(
            statements == [
                "BEGIN;",
                #"ALTER TABLE "kinds_everything" ADD COLUMN "ref_id" bigint NULL REFERENCES "accounts_user" ("id") "#
                    + "DEFERRABLE INITIALLY DEFERRED;",
                #"CREATE INDEX "kinds_everything_ref_id_00d294cf" ON "kinds_everything" ("ref_id");"#,
                #"ALTER TABLE "kinds_everything" ADD COLUMN "note" text NULL;"#,
                #"ALTER TABLE "kinds_everything" DROP COLUMN "flag";"#,
                #"DROP INDEX "kinds_everything_title_copies_86db5d07_uniq";"#,
                "-- (no-op)",
                "COMMIT;",
            ])
    }

    @Test func `a column with a default for existing rows copies the table`() throws {
        let second = Migration("0002_tag_note", dependencies: ["accounts.0001_initial"]) {
            AddField("Tag", .init("note", .text), default: .text("it's"))
        }
        let graph = try MigrationGraph([Migrations(app: "accounts", [accounts, second])])
        let sql = try graph.sql(for: "accounts.0002_tag_note", dialect: SQLiteDialect())
        #expect(
            sql == """
                BEGIN;
                --
                -- Add field note to tag
                --
                CREATE TABLE "new__accounts_tag" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(50) NOT NULL UNIQUE, "note" text NOT NULL);
                INSERT INTO "new__accounts_tag" ("id", "name", "note") SELECT "accounts_tag"."id", "accounts_tag"."name", 'it''s' FROM "accounts_tag";
                DROP TABLE "accounts_tag";
                ALTER TABLE "new__accounts_tag" RENAME TO "accounts_tag";
                COMMIT;
                """)
    }
}

/// What `python manage.py sqlmigrate` of Django 5.2.19 prints.
private enum Django {
    static let accounts = #"""
        BEGIN;
        --
        -- Create model Tag
        --
        CREATE TABLE "accounts_tag" ("id" char(32) NOT NULL PRIMARY KEY, "name" varchar(50) NOT NULL UNIQUE);
        --
        -- Create model User
        --
        CREATE TABLE "accounts_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL);
        COMMIT;
        """#.split(separator: "\n").map(String.init)

    static let everything = #"""
        BEGIN;
        --
        -- Create model Everything
        --
        CREATE TABLE "kinds_everything" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "flag" bool NOT NULL, "maybe_flag" bool NULL, "title" varchar(200) NOT NULL, "code" varchar(12) NOT NULL UNIQUE, "status" varchar(20) NOT NULL, "published_on" datetime NULL, "contact" varchar(254) NOT NULL, "rating" real NOT NULL, "copies" integer NOT NULL, "bytes" bigint NOT NULL, "views" integer unsigned NOT NULL CHECK ("views" >= 0), "maybe_views" integer unsigned NULL CHECK ("maybe_views" >= 0), "slug" varchar(50) NOT NULL, "handle" varchar(50) NOT NULL UNIQUE, "body" text NOT NULL, "token" char(32) NOT NULL UNIQUE, "author_id" bigint NOT NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "badge_id" char(32) NOT NULL UNIQUE REFERENCES "accounts_tag" ("id") DEFERRABLE INITIALLY DEFERRED, "editor_id" bigint NULL REFERENCES "accounts_user" ("id") DEFERRABLE INITIALLY DEFERRED, "parent_id" bigint NULL REFERENCES "kinds_everything" ("id") DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE "kinds_everything_friends" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "from_everything_id" bigint NOT NULL REFERENCES "kinds_everything" ("id") DEFERRABLE INITIALLY DEFERRED, "to_everything_id" bigint NOT NULL REFERENCES "kinds_everything" ("id") DEFERRABLE INITIALLY DEFERRED);
        CREATE TABLE "kinds_everything_tags" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "everything_id" bigint NOT NULL REFERENCES "kinds_everything" ("id") DEFERRABLE INITIALLY DEFERRED, "tag_id" char(32) NOT NULL REFERENCES "accounts_tag" ("id") DEFERRABLE INITIALLY DEFERRED);
        CREATE UNIQUE INDEX "kinds_everything_title_copies_86db5d07_uniq" ON "kinds_everything" ("title", "copies");
        CREATE INDEX "kinds_everything_title_925d6db0" ON "kinds_everything" ("title");
        CREATE INDEX "kinds_everything_slug_89dd1107" ON "kinds_everything" ("slug");
        CREATE INDEX "kinds_everything_author_id_02609d3a" ON "kinds_everything" ("author_id");
        CREATE INDEX "kinds_everything_editor_id_b8870524" ON "kinds_everything" ("editor_id");
        CREATE INDEX "kinds_everything_parent_id_c041fadb" ON "kinds_everything" ("parent_id");
        CREATE INDEX "kinds_every_status_9357f3_idx" ON "kinds_everything" ("status", "published_on");
        CREATE UNIQUE INDEX "kinds_everything_friends_from_everything_id_to_everything_id_2a7ad39c_uniq" ON "kinds_everything_friends" ("from_everything_id", "to_everything_id");
        CREATE INDEX "kinds_everything_friends_from_everything_id_343ac246" ON "kinds_everything_friends" ("from_everything_id");
        CREATE INDEX "kinds_everything_friends_to_everything_id_fc886414" ON "kinds_everything_friends" ("to_everything_id");
        CREATE UNIQUE INDEX "kinds_everything_tags_everything_id_tag_id_26be0bb4_uniq" ON "kinds_everything_tags" ("everything_id", "tag_id");
        CREATE INDEX "kinds_everything_tags_everything_id_138d8c82" ON "kinds_everything_tags" ("everything_id");
        CREATE INDEX "kinds_everything_tags_tag_id_7e14d88b" ON "kinds_everything_tags" ("tag_id");
        COMMIT;
        """#.split(separator: "\n").map(String.init)
}
