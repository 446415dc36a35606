import MartletMigrations
import MartletORM
import MartletPostgreSQL
import Testing

/// PostgreSQL itself is asked whether the locks and rewrites that are foretold are those that happen.
@Suite(.freshDatabase) struct StatementEffectTests {
    private static let author = TableLayout(
        name: "author",
        columns: [ColumnLayout("id", .auto, primaryKey: true), ColumnLayout("name", .char(maxLength: 50))])

    private static let book = TableLayout(
        name: "book",
        columns: [
            ColumnLayout("id", .auto, primaryKey: true), ColumnLayout("title", .char(maxLength: 50)),
            ColumnLayout("body", .text), ColumnLayout("stock", .integer, null: true),
            ColumnLayout("price", .decimal(maxDigits: 8, decimalPlaces: 2), null: true),
            ColumnLayout("author_id", .bigInteger, null: true, references: .init(table: "author", column: "id")),
        ],
        indexes: [IndexLayout("book_stock", columns: ["stock"])],
        constraints: [ConstraintLayout("stock_positive", .check(F("stock") >= 0))])

    private static let tables = [author, book]

    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let locks: [String: LockMode]
        var rewrites: Set<String> = []
        var before: [String] = []
        var testDescription: String { sql }

        init(_ sql: String, _ locks: [String: LockMode], rewrites: Set<String> = [], before: [String] = []) {
            (self.sql, self.locks, self.rewrites, self.before) = (sql, locks, rewrites, before)
        }
    }

    static let cases: [Case] = [
        Case("SELECT * FROM book", ["book": .accessShare]),
        Case("INSERT INTO author (name) VALUES ('Bob')", ["author": .rowExclusive]),
        Case("UPDATE book SET stock = 1 WHERE id = 1", ["book": .rowExclusive]),
        Case("DELETE FROM book WHERE id = 1", ["book": .rowExclusive]),
        Case("CREATE TABLE fresh (id bigint)", [:]),
        Case(#"CREATE TABLE "other" (id bigint REFERENCES "author" (id))"#, ["author": .shareRowExclusive]),
        Case(#"CREATE INDEX "by_title" ON "book" ("title")"#, ["book": .share]),
        Case(#"CREATE UNIQUE INDEX IF NOT EXISTS by_title ON public.book USING btree (title)"#, ["book": .share]),
        Case(#"DROP INDEX IF EXISTS "book_stock""#, ["book": .accessExclusive]),
        Case(#"ALTER INDEX "book_stock" RENAME TO "book_shelf""#, [:]),
        Case(#"COMMENT ON TABLE "book" IS 'it''s a book'"#, ["book": .shareUpdateExclusive]),
        Case(#"COMMENT ON COLUMN "book"."title" IS 'a title'"#, ["book": .shareUpdateExclusive]),
        Case(#"TRUNCATE TABLE "book""#, ["book": .accessExclusive], rewrites: ["book"]),
        Case(#"DROP TABLE "book" CASCADE"#, ["book": .accessExclusive, "author": .accessExclusive]),
        Case(#"DROP TABLE "author" CASCADE"#, ["book": .accessExclusive, "author": .accessExclusive]),
        Case(#"ALTER TABLE "book" RENAME TO "volume""#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" RENAME COLUMN "title" TO "heading""#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" DROP COLUMN "stock" CASCADE"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" DROP COLUMN "author_id" CASCADE"#,
            ["book": .accessExclusive, "author": .accessExclusive]),
        // Adding columns.
        Case(#"ALTER TABLE "book" ADD COLUMN "note" text NULL"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ADD COLUMN "note" text NOT NULL DEFAULT 'a (b)'"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "at" timestamp with time zone NOT NULL DEFAULT now()"#,
            ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "n" varchar(5) NOT NULL DEFAULT CAST('x' AS varchar(5))"#,
            ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "n" integer NULL CHECK ("n" > 0)"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ADD COLUMN "n" integer NULL DEFAULT 5 CHECK ("n" > 0)"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ADD COLUMN "n" integer NULL UNIQUE"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "n" integer NOT NULL"#, ["book": .accessExclusive],
            before: ["DELETE FROM book"]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "n" integer NOT NULL DEFAULT NULL"#, ["book": .accessExclusive],
            before: ["DELETE FROM book"]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "editor" bigint NOT NULL DEFAULT 1 REFERENCES "author" ("id")"#,
            ["book": .accessExclusive, "author": .shareRowExclusive]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "key" uuid NOT NULL DEFAULT gen_random_uuid()"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "twice" integer NULL GENERATED ALWAYS AS ("stock" * 2) STORED"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "n" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "editor" bigint NULL REFERENCES "author" ("id")"#,
            ["book": .accessExclusive, "author": .shareRowExclusive]),
        // Types.
        Case(
            #"ALTER TABLE "book" ALTER COLUMN "title" TYPE varchar(80) USING "title"::varchar(80)"#,
            ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ALTER COLUMN "title" TYPE text USING "title"::text"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ALTER COLUMN "title" TYPE varchar(20) USING "title"::varchar(20)"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        Case(
            #"ALTER TABLE "book" ALTER COLUMN "body" TYPE varchar(20) USING "body"::varchar(20)"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        Case(
            #"ALTER TABLE "book" ALTER COLUMN "stock" TYPE bigint USING "stock"::bigint"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        Case(
            #"ALTER TABLE "book" ALTER COLUMN "price" TYPE numeric(10, 2) USING "price"::numeric(10, 2)"#,
            ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ALTER COLUMN "price" TYPE numeric(10, 3) USING "price"::numeric(10, 3)"#,
            ["book": .accessExclusive], rewrites: ["book"]),
        // Other changes of columns.
        Case(#"ALTER TABLE "book" ALTER COLUMN "stock" SET NOT NULL"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ALTER COLUMN "title" DROP NOT NULL"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ALTER COLUMN "title" SET DEFAULT 'x'"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ALTER COLUMN "title" DROP DEFAULT"#, ["book": .accessExclusive]),
        Case(#"ALTER TABLE "book" ALTER "title" SET STATISTICS 200"#, ["book": .shareUpdateExclusive]),
        // Constraints.
        Case(
            #"ALTER TABLE "book" ADD CONSTRAINT "few" CHECK ("stock" < 100)"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD CONSTRAINT "few" CHECK ("stock" < 100) NOT VALID"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" VALIDATE CONSTRAINT "few""#, ["book": .shareUpdateExclusive],
            before: [#"ALTER TABLE "book" ADD CONSTRAINT "few" CHECK ("stock" < 100) NOT VALID"#]),
        Case(#"ALTER TABLE "book" ADD CONSTRAINT "once" UNIQUE ("title")"#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD CONSTRAINT "once" EXCLUDE USING btree ("title" WITH =)"#,
            ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD CONSTRAINT "editor" FOREIGN KEY ("stock") REFERENCES "author" ("id")"#,
            ["book": .shareRowExclusive, "author": .shareRowExclusive], before: ["UPDATE book SET stock = 1"]),
        Case(#"ALTER TABLE "book" DROP CONSTRAINT IF EXISTS "stock_positive""#, ["book": .accessExclusive]),
        Case(
            #"ALTER TABLE "book" ADD COLUMN "a" integer NULL, ALTER COLUMN "stock" TYPE bigint"#,
            ["book": .accessExclusive], rewrites: ["book"]),
    ]

    private func makeTables(_ place: TestDatabase) async throws {
        let editor = PostgreSQLSchemaEditor()
        for table in Self.tables {
            for sql in editor.createTable(table).flatMap(\.statements) { try await place.run(sql) }
        }
        try await place.run(
            "INSERT INTO author (name) VALUES ('Ann')",
            "INSERT INTO book (title, body, stock, price, author_id) VALUES ('Birds', 'x', 3, 9.5, 1)")
    }

    private func files(_ place: TestDatabase) async throws -> [String: SQLValue] {
        let sql =
            "SELECT oid::bigint, relname::text, relfilenode::bigint FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        let rows = try await place.database.rows(Statement(sql)) {
            ("\($0.value(at: 0))", $0.value(at: 2))
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// How often each table was read from its first row to its last, by its number.
    private func scans(_ place: TestDatabase) async throws -> [String: SQLValue] {
        let sql = "SELECT relid::bigint, seq_scan FROM pg_stat_user_tables"
        let rows = try await place.database.rows(Statement(sql)) { ("\($0.value(at: 0))", $0.value(at: 1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// What this session has counted is told to others at the end of the transaction, instead of some time later.
    private static let tellCounts = "SELECT pg_stat_force_next_flush()"

    private func tableNumbers(_ place: TestDatabase) async throws -> [String: String] {
        let sql =
            "SELECT oid::bigint, relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        let rows = try await place.database.rows(Statement(sql)) { ("\($0.value(at: 0))", try $0.text(at: 1)) }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// The strongest lock that this session holds on each table.
    private func held(_ place: TestDatabase, _ names: [String: String]) async throws -> [String: LockMode] {
        let sql = "SELECT relation::bigint, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'"
        let rows = try await place.database.rows(Statement(sql)) { ("\($0.value(at: 0))", try $0.text(at: 1)) }
        var held: [String: LockMode] = [:]
        for (number, mode) in rows {
            guard let name = names[number], let mode = LockMode.allCases.first(where: { $0.catalogName == mode }) else {
                continue
            }
            held[name] = max(held[name] ?? mode, mode)
        }
        return held
    }

    @Test(arguments: cases)
    func `the locks that are named are those that PostgreSQL takes, and so are the rewrites`(
        _ example: Case
    ) async throws {
        let place = try TestDatabase.open()
        try await makeTables(place)
        for sql in example.before { try await place.run(sql) }
        let names = try await tableNumbers(place)
        try await place.inTransaction { try await place.run(Self.tellCounts) }
        let (before, scansBefore) = (try await files(place), try await scans(place))
        let taken: [String: LockMode]
        let after: [String: SQLValue]
        (taken, after) = try await place.inTransaction {
            try await place.run(example.sql)
            try await place.run(Self.tellCounts)
            return (try await held(place, names), try await files(place))
        }
        let rewritten = Set(
            before.filter { after[$0.key] != nil && after[$0.key] != $0.value }.compactMap { names[$0.key] })
        #expect(taken == example.locks, "what PostgreSQL does")
        #expect(rewritten == example.rewrites, "what PostgreSQL does")
        let scansAfter = try await scans(place)
        let isRead = scansBefore.contains { number, count in
            names[number] == "book" && scansAfter[number].map { $0 != count } == true
        }

        let effects = PostgreSQLSchemaEditor().effects(of: [example.sql], on: Self.tables)
        let effect = try #require(effects?.first)
        #expect(effect.isKnown)
        for lock in effect.locks where lock.work > .none && lock.mode.blocksWriters {
            #expect(effect.saferWay != nil, "a statement that keeps writers waiting names a safer way")
        }
        // Where the rows themselves are asked for, an index or the lack of one decides how they are read; a table that
        // is dropped is not counted any more.
        if example.sql.hasPrefix("ALTER TABLE") || example.sql.hasPrefix("CREATE") {
            let work = effect.locks.first { $0.table == "book" }?.work ?? .none
            #expect((work > .none) == isRead, "whether PostgreSQL reads all rows")
        }
        let told = Dictionary(effect.locks.map { ($0.table, $0.mode) }, uniquingKeysWith: { first, _ in first })
        #expect(told == example.locks, "what is foretold")
        // TRUNCATE gives the table another file without writing a row.
        if !example.sql.hasPrefix("TRUNCATE") {
            #expect(Set(effect.locks.filter { $0.work == .rewrite }.map(\.table)) == example.rewrites)
        }
    }

    @Test func `statements that want no transaction take the weak lock that is named`() async throws {
        let place = try TestDatabase.open()
        try await makeTables(place)
        let sql = [#"CREATE INDEX CONCURRENTLY "slow" ON "book" ("title")"#, #"DROP INDEX CONCURRENTLY "book_stock""#]
        let effects = try #require(PostgreSQLSchemaEditor().effects(of: sql, on: Self.tables))
        #expect(effects.map { $0.locks.map(\.mode) } == [[.shareUpdateExclusive], [.shareUpdateExclusive]])
        // They wait for the transaction of a writer, so writers do not wait for them; a stronger lock is not given.
        let other = try TestDatabase.open()
        try await other.inTransaction {
            try await other.run(#"LOCK TABLE "book" IN SHARE UPDATE EXCLUSIVE MODE"#)
            try await place.run("SET lock_timeout = '1ms'")
            let error = await #expect(throws: DatabaseError.self) { try await place.run(sql[0]) }
            #expect(error?.kind == .busy || error?.kind == .timeout, "\(String(describing: error))")
        }
    }

    @Test(
        arguments: [
            "", ";", "VACUUM book", "CALL something()", "ALTER TABLE", "ALTER TABLE \"book", "CREATE INDEX",
            "ALTER TABLE book ENABLE TRIGGER ALL", "$$", "UPDATE", "DO $$ BEGIN END $$", "COMMENT ON TYPE a IS ''",
            "'; DROP TABLE book; --", "/* ALTER TABLE book", "DROP INDEX nobody_knows", "\u{1F426}", "alter table \0",
        ])
    func `what is not known is not said to be harmless`(_ sql: String) throws {
        let effect = try #require(PostgreSQLSchemaEditor().effects(of: [sql], on: Self.tables)?.first)
        #expect(!effect.isKnown)
    }

    @Test func `a table that the same operation has made keeps nobody waiting`() throws {
        let effects = try #require(
            PostgreSQLSchemaEditor().effects(
                of: [
                    #"CREATE TABLE "fresh" ("id" bigint)"#, #"CREATE INDEX "i" ON "fresh" ("id")"#,
                    #"ALTER TABLE "fresh" RENAME TO "newer""#, #"ALTER TABLE "newer" ALTER COLUMN "id" SET NOT NULL"#,
                    #"ALTER TABLE "newer" ADD CONSTRAINT "f" FOREIGN KEY ("id") REFERENCES "author" ("id")"#,
                ], on: Self.tables))
        #expect(
            effects.map { $0.locks.map { "\($0.mode) on \($0.table)" } } == [
                [], [], [], [], ["SHARE ROW EXCLUSIVE on author"],
            ])
    }

    @Test func `columns and tables are followed under their new names`() throws {
        let effects = try #require(
            PostgreSQLSchemaEditor().effects(
                of: [
                    #"ALTER TABLE "book" RENAME TO "volume""#,
                    #"ALTER TABLE "volume" RENAME COLUMN "title" TO "heading""#,
                    #"ALTER TABLE "volume" ALTER COLUMN "heading" TYPE varchar(60)"#, #"DROP INDEX "book_stock""#,
                    #"ALTER TABLE "volume" DROP COLUMN "author_id""#,
                ], on: Self.tables))
        #expect(effects[2].locks == [.init("volume", .accessExclusive, .none)])
        #expect(effects[3].locks.map(\.table) == ["volume"])
        #expect(effects[4].locks.map(\.table) == ["volume", "author"])
    }

    @Test func `the statement that drops constraints by their column names both tables`() throws {
        let editor = PostgreSQLSchemaEditor()
        var after = Self.book
        after.columns[5].reference = nil
        let statements = editor.alterTable(TableChange(from: Self.book, to: after)).flatMap(\.statements)
        #expect(statements.count == 1)
        let effect = try #require(editor.effects(of: statements, on: Self.tables)?.first)
        #expect(effect.isKnown)
        #expect(effect.locks == [.init("book", .accessExclusive), .init("author", .accessExclusive)])
    }
}

extension LockMode {
    /// The spelling of `pg_locks`.
    fileprivate var catalogName: String {
        description.split(separator: " ").map { $0.capitalized }.joined() + "Lock"
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1) + dropFirst().lowercased() }
}
