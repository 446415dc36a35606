import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletSite
import Synchronization
import Testing

@Suite struct MigrateCommandTests {
    /// A site whose app has had a second migration.
    private func site(_ commandSite: CommandSite, _ later: Migration...) -> Site {
        var site = commandSite.site
        let first = site.apps[0]
        guard let migrations = first.migrations else { return site }
        let list = Migrations(app: "desk", migrations.list + later, file: migrations.file)
        site.apps = [App("desk", models: first.models, migrations: list)]
        return site
    }

    private let second = Migration("0002_note", dependencies: ["desk.0001_initial"]) {
        AddField("Author", .init("note", .text, null: true))
        RunSQL("UPDATE desk_author SET note = ''", reverse: .nothing)
    }

    private func tables(_ place: CommandSite) async throws -> Set<String> {
        try await place.use {
            try await Database.current.dialect.schemaEditor.tableNames(in: Database.current)
        }
    }

    @Test func `a plan lists what each operation does, forwards and back, and touches nothing`() async throws {
        let place = try CommandSite()
        let site = site(place, second)
        let result = await place.manage(["migrate", "--plan"], of: site)
        #expect(
            result.output == """
                Planned operations:
                desk.0001_initial
                    Create model Author
                    Create model Entry
                desk.0002_note
                    Add field note to author
                    Raw SQL operation -> UPDATE desk_author SET note = ''
                """)
        #expect(try await tables(place).isEmpty)
        #expect(await place.manage(["migrate"], of: site).status == 0)
        let back = await place.manage(["migrate", "desk", "0001", "--plan"], of: site)
        #expect(
            back.output == """
                Planned operations:
                desk.0002_note
                    Undo Raw SQL operation -> UPDATE desk_author SET note = ''
                    Undo Add field note to author
                """)
        #expect(await place.manage(["migrate", "--plan"], of: site).output == "Nothing to migrate.")
    }

    @Test func `an explanation shows each statement and who waits for it`() async throws {
        let place = try CommandSite()
        _ = await place.manage("migrate")
        let result = await place.manage(["migrate", "--plan", "--explain"], of: site(place, second))
        #expect(result.status == 0)
        #expect(
            result.output == """
                desk.0002_note
                    Add field note to author
                        ALTER TABLE "desk_author" ADD COLUMN "note" text NULL;
                            -- locks the whole database for writing; readers go on
                    Raw SQL operation
                        UPDATE desk_author SET note = '';
                            -- locks the whole database for writing; readers go on
                """)
        let wrong = await place.manage("migrate", "--explain", "--large-table", "big")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("--large-table is 'big'; expected is a whole number."))
        let negative = await place.manage("migrate", "--explain", "--large-table", "-1")
        #expect(negative.status == 2)
        #expect(negative.errors.contains("'-1' is no size"))
    }

    @Test func `a check fails while something is not applied`() async throws {
        let place = try CommandSite()
        let before = await place.manage("migrate", "--check")
        #expect(before.status == 1)
        #expect(before.errors == "manage migrate: 1 migrations are not applied.")
        #expect(try await tables(place).isEmpty)
        _ = await place.manage("migrate")
        #expect(await place.manage("migrate", "--check").status == 0)
    }

    @Test func `progress names each migration, and faked ones say so`() async throws {
        let place = try CommandSite()
        let first = await place.manage("migrate", "--fake")
        #expect(
            first.output == """
                  Applying desk.0001_initial…
                    faked: only the history was written
                Migrated: 1 step.
                """)
        #expect(try await tables(place).contains("desk_author") == false)
        #expect(await place.manage("migrate", "desk", "zero", "--fake").status == 0)
        #expect(await place.manage("migrate").output == "  Applying desk.0001_initial…\nMigrated: 1 step.")
    }

    @Test func `an initial migration is faked where all its tables and columns are there, and only then`() async throws
    {
        let place = try CommandSite()
        let missing = await place.manage("migrate", "--fake-initial")
        #expect(!missing.output.contains("faked"))
        #expect(try await tables(place).contains("desk_entry_readers"))
        // The tables are there, and the history is not.
        try await place.use { _ = try await Database.current.execute(Statement("DELETE FROM django_migrations")) }
        let found = await place.manage(["migrate", "--fake-initial"], of: site(place, second))
        #expect(
            found.output == """
                  Applying desk.0001_initial…
                    faked: only the history was written
                  Applying desk.0002_note…
                Migrated: 2 steps.
                """)
        try await place.use {
            for sql in [
                "DELETE FROM django_migrations", #"ALTER TABLE "desk_author" DROP COLUMN "motto""#,
            ] { _ = try await Database.current.execute(Statement(sql)) }
        }
        let partial = await place.manage("migrate", "--fake-initial")
        #expect(partial.status == 1, "a column is missing, so the tables are made, and one of them is there")
        #expect(partial.errors.contains("already exists"))
    }

    @Test func `pruning forgets what the project no longer has, and nobody else's rows`() async throws {
        let place = try CommandSite()
        _ = await place.manage("migrate")
        try await place.use {
            for row in ["'desk', '0000_gone'", "'desk', 'x''; DROP TABLE desk_author; --'", "'auth', '0001_initial'"] {
                let sql = "INSERT INTO django_migrations (app, name, applied) VALUES (\(row), '2026-01-01 00:00:00')"
                _ = try await Database.current.execute(Statement(sql))
            }
        }
        let result = await place.manage("migrate", "desk", "--prune")
        #expect(
            result.output == """
                  Pruning desk.0000_gone OK
                  Pruning desk.x'; DROP TABLE desk_author; -- OK
                """)
        let rows = try await place.use {
            try await Database.current.rows(Statement("SELECT app, name FROM django_migrations ORDER BY id")) {
                "\(try $0.text(at: 0)).\(try $0.text(at: 1))"
            }
        }
        #expect(rows == ["desk.0001_initial", "auth.0001_initial"])
        #expect(await place.manage("migrate", "desk", "--prune").output == "No migrations to prune.")
        #expect(await place.manage("migrate", "--prune").status == 2)
        #expect(await place.manage("migrate", "auth", "--prune").errors.contains("There is no app 'auth'"))
    }

    @Test func `another database is named, and one that does not exist is refused`() async throws {
        let place = try CommandSite()
        #expect(await place.manage("migrate", "--database", "default").status == 0)
        for command in ["migrate", "showmigrations"] {
            let result = await place.manage(command, "--database", "'; DROP TABLE desk_author")
            #expect(result.status == 1)
            #expect(result.errors.contains("there are 'default'"))
        }
    }

    @Test(
        arguments: [
            ("my_history", true), ("", true), ("history; DROP TABLE x", false), ("a\"b", false),
            ("sqlite_master", false),
            (String(repeating: "h", count: 64), false), ("ça_va", true), ("\u{1F426}", false),
        ])
    func `the history may have another table, whose name is checked`(_ name: String, _ isGood: Bool) async throws {
        let place = try CommandSite()
        let variables = name.isEmpty ? [:] : ["DATABASE_MIGRATIONS_TABLE": name]
        let result = await place.manage(["migrate"], of: place.site, environment: variables)
        #expect((result.status == 0) == isGood, "\(result.errors)")
        guard isGood else { return #expect(result.errors.contains("DATABASE_MIGRATIONS_TABLE")) }
        #expect(try await tables(place).contains(name.isEmpty ? "django_migrations" : name))
        #expect(try await tables(place).contains("django_migrations") == name.isEmpty)
        let again = await place.manage(["showmigrations"], of: place.site, environment: variables)
        #expect(again.output == "desk\n [X] 0001_initial")
    }

    @Test func `migrations are listed by app, or in the order of a plan`() async throws {
        let place = try CommandSite()
        _ = await place.manage("migrate")
        let site = site(place, second)
        #expect(
            await place.manage(["showmigrations"], of: site).output == """
                desk
                 [X] 0001_initial
                 [ ] 0002_note
                """)
        #expect(
            await place.manage(["showmigrations", "--plan"], of: site).output == """
                [X]  desk.0001_initial
                [ ]  desk.0002_note ... (desk.0001_initial)
                """)
        let dated = await place.manage(["showmigrations", "--dates", "desk"], of: site).output
        #expect(dated.contains("[X] 0001_initial (applied at 20"))
        #expect(await place.manage(["showmigrations", "nobody"], of: site).errors.contains("There is no app 'nobody'"))
    }

    /// Fills 1,200 rows in batches of 250, and reads them once more.
    private func filling(failingAt last: Int = .max) -> Migration {
        Migration("0002_fill", dependencies: ["desk.0001_initial"]) {
            RunSQL(
                "INSERT INTO desk_author (id, name, motto) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                    + "WHERE i < 1200) SELECT i, 'a' || i, '' FROM n", reverse: .nothing)
            RunSwift(reverse: .nothing) { data in
                try await data.model("Author").update(reading: ["name"], batch: 250) { author in
                    guard try author.text("name") != "a\(last)" else { throw CommandError("enough") }
                    return ["motto": .text("filled")]
                }
                try await data.model("Author").forEach(reading: []) { _ in }
                try await data.model("Entry").forEach(reading: [], batch: 0) { _ in }
            }
        }
    }

    @Test(arguments: CommandDatabase.allCases)
    func `code that goes through many rows shows how far it is`(_ database: CommandDatabase) async throws {
        let place = try await database.makeSite()
        let site = site(place, filling())
        let result = await place.manage(["migrate"], of: site)
        #expect(result.errors == "")
        #expect(
            result.output == """
                  Applying desk.0001_initial…
                  Applying desk.0002_fill…
                    desk.Author: 250 of 1200
                    desk.Author: 500 of 1200
                    desk.Author: 750 of 1200
                    desk.Author: 1000 of 1200
                    desk.Author: 1200 of 1200
                    desk.Author: 500 of 1200
                    desk.Author: 1000 of 1200
                    desk.Author: 1200 of 1200
                Migrated: 2 steps.
                """)
        #expect(try await place.use { try await Author.objects.filter { $0.motto == "filled" }.count() } == 1200)
    }

    @Test func `a terminal sees one bar for each time, which a failure ends`() async throws {
        let drawn = Mutex("")
        let terminal = Terminal(isInteractive: true, hasColors: false) { part in drawn.withLock { $0 += part } }
        let place = try CommandSite()
        let site = site(place, filling(failingAt: 700))
        let result = await place.manage(["migrate"], of: site, terminal: terminal)
        #expect(result.status == 1)
        #expect(result.errors.contains("enough"))
        let bar = drawn.withLock { $0 }
        #expect(bar.hasSuffix("500 of 1200\n"), "\(bar)")
        #expect(bar.count(where: { $0 == "\n" }) == 1 && bar.contains("\r    desk.Author [########"), "\(bar)")
        #expect(await place.manage(["migrate", "--verbosity", "0"], of: self.site(place, filling())).output == "")
    }
}
