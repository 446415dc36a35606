import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletSQLite
import Testing

private let accounts = Migrations(
    app: "accounts",
    [
        Migration("0001_initial") {
            CreateModel(
                "User",
                fields: [.init("id", .auto, primaryKey: true), .init("name", .char(maxLength: 50))])
        }
    ])

private let firstPost = Migration("0001_initial", dependencies: ["accounts.0001_initial"]) {
    CreateModel(
        "Post",
        fields: [
            .init("id", .auto, primaryKey: true),
            .init("title", .char(maxLength: 200)),
            .init("author", .foreignKey(to: "accounts.User", onDelete: .cascade), index: true),
        ])
}

private let excerpt = Migration("0002_post_excerpt", dependencies: ["blog.0001_initial"]) {
    AddField("Post", .init("excerpt", .text), default: .text("it's new"))
}

private let blog = Migrations(app: "blog", [excerpt, firstPost])

struct ExecutorTests {
    @Test func `migrating goes forward, back to a migration, forward again and to zero`() async throws {
        try await MigrationDatabase.with { place in
            let executor = try place.executor(accounts, blog)
            let steps = try await executor.migrate()
            #expect(
                steps.map(\.description) == [
                    "Applying accounts.0001_initial", "Applying blog.0001_initial", "Applying blog.0002_post_excerpt",
                ])
            try await place.execute(
                "INSERT INTO accounts_user (name) VALUES ('Ann')",
                "INSERT INTO blog_post (title, author_id, excerpt) VALUES ('Birds', 1, 'short')")
            let schema = try await place.schema()

            #expect(try await executor.migrate(to: .migration(app: "blog", name: "0001")).count == 1)
            #expect(try await place.rows("SELECT * FROM blog_post") == ["1|Birds|1"])
            #expect(try await executor.plan().map(\.description) == ["Applying blog.0002_post_excerpt"])

            try await executor.migrate(to: .app("blog"))
            #expect(try await place.schema() == schema)
            #expect(try await place.rows("SELECT * FROM blog_post") == ["1|Birds|1|it's new"])
            #expect(try await executor.migrate().isEmpty)

            try await executor.migrate(to: .zero(app: "blog"))
            #expect(try await place.schema().count == 1)
            let status = try await executor.status()
            #expect(status.map(\.app) == ["accounts", "blog"])
            #expect(status.map { $0.migrations.map { $0.applied != nil } } == [[true], [false, false]])
        }
    }

    private func failing(_ operations: any MigrationOperation...) -> Migrations {
        let second = Migration("0002_change", dependencies: ["accounts.0001_initial"]) { operations }
        return Migrations(app: "accounts", accounts.list + [second])
    }

    @Test func `a failure leaves the database as before the migration and says what failed where`() async throws {
        try await MigrationDatabase.with { place in
            let executor = try place.executor(
                failing(
                    AddField("User", .init("note", .text), default: .text("")),
                    RunSQL("UPDATE nowhere SET x = 1", reverse: .nothing)))
            try await executor.migrate(to: .migration(app: "accounts", name: "0001"))
            try await place.execute("INSERT INTO accounts_user (name) VALUES ('Ann')")
            let schema = try await place.schema()
            let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
            #expect(error?.kind == .failed)
            #expect(
                error?.description == """
                    Applying accounts.0002_change failed at operation 2 of MartletMigrationsTests/ExecutorTests.swift, \
                    Raw SQL operation; \
                    the database is as before the migration.
                    Database error (statement): no such table: nowhere — in: UPDATE nowhere SET x = 1
                    Correct the rows or the migration, and migrate again.
                    """)
            #expect(try await place.schema() == schema)
            #expect(try await place.rows("SELECT * FROM accounts_user") == ["1|Ann"])
            #expect(try await executor.plan().map(\.description) == ["Applying accounts.0002_change"])
            #expect(try await place.rows("PRAGMA foreign_keys") == ["1"])
        }
    }

    @Test func `a table that has lost a column is not copied without it`() async throws {
        try await MigrationDatabase.with { place in
            // Whatever copies the table would have to read the column, which somebody has dropped by hand.
            let executor = try place.executor(
                failing(AlterField("User", .init("name", .char(maxLength: 80), unique: true))))
            try await executor.migrate(to: .migration(app: "accounts", name: "0001"))
            try await place.execute(
                "INSERT INTO accounts_user (name) VALUES ('Ann')",
                "ALTER TABLE accounts_user RENAME COLUMN name TO other")
            let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
            #expect(error?.description.contains("no such column") == true, "\(String(describing: error))")
            #expect(try await place.rows("SELECT id, other FROM accounts_user") == ["1|Ann"])
        }
    }

    @Test func `rows that need a value and have none are told apart from other failures`() async throws {
        try await MigrationDatabase.with { place in
            let executor = try place.executor(failing(AddField("User", .init("born", .dateTime))))
            try await executor.migrate(to: .migration(app: "accounts", name: "0001"))
            try await place.execute("INSERT INTO accounts_user (name) VALUES ('Ann')")
            let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
            #expect(
                error?.remedy == "There are rows that need a value: write `default:` behind the field in the migration."
            )
        }
    }

    @Test func `a reference that would lead nowhere is refused before the commit`() async throws {
        try await MigrationDatabase.with { place in
            let again = Migration("0002_boss", dependencies: ["accounts.0001_initial"]) {
                AddField(
                    "User", .init("boss", .foreignKey(to: "accounts.User", onDelete: .cascade), index: true),
                    default: .integer(99))
            }
            let executor = try place.executor(Migrations(app: "accounts", accounts.list + [again]))
            try await executor.migrate(to: .migration(app: "accounts", name: "0001"))
            try await place.execute("INSERT INTO accounts_user (name) VALUES ('Ann')")
            let schema = try await place.schema()
            let error = await #expect(throws: MigrationError.self) { try await executor.migrate() }
            #expect(
                error?.description.contains(
                    "1 references of 'accounts_user' lead nowhere; row 1 refers to a missing row of 'accounts_user'.")
                    == true)
            #expect(try await place.schema() == schema)
        }
    }

    @Test func `an operation that cannot be undone stops before anything is touched`() async throws {
        try await MigrationDatabase.with { place in
            let executor = try place.executor(
                failing(
                    RunSQL("DELETE FROM accounts_user", reverse: .irreversible),
                    AddField("User", .init("n", .text, null: true))))
            try await executor.migrate()
            let schema = try await place.schema()
            let error = await #expect(throws: MigrationError.self) {
                try await executor.migrate(to: .zero(app: "accounts"))
            }
            #expect(error?.kind == .irreversible)
            #expect(
                error?.problem
                    == "Migration accounts.0002_change, operation 1 (Raw SQL operation): It cannot be undone.")
            #expect(try await place.schema() == schema)
        }
    }

    @Test func `the history is Django's table, and rows of unknown apps stay`() async throws {
        try await MigrationDatabase.with { place in
            // What Django 5.2 makes.
            let table = """
                CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
                "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL)
                """
            try await place.execute(
                table,
                "INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '0001_initial', '2020-01-01 00:00:00')"
            )
            let executor = try place.executor(accounts, blog)
            try await executor.migrate()
            try await executor.migrate(to: .zero(app: "blog"))
            #expect(
                try await place.rows("SELECT id, app, name FROM django_migrations") == [
                    "1|auth|0001_initial", "2|accounts|0001_initial",
                ])
        }
        try await MigrationDatabase.with { place in
            try await place.executor(accounts).migrate()
            let sql = "SELECT sql FROM sqlite_schema WHERE name = 'django_migrations'"
            #expect(
                try await place.rows(sql) == [
                    #"CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "#
                        + #""app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL)"#
                ])
            #expect(
                try await place.rows(
                    "SELECT length(applied) >= 19, applied LIKE '____-__-__ __:__:%' FROM django_migrations")
                    == ["1|1"])
        }
    }

    @Test func `faking writes the history and no table`() async throws {
        try await MigrationDatabase.with { place in
            let executor = try place.executor(accounts, blog)
            #expect(try await executor.status().flatMap(\.migrations).allSatisfy { $0.applied == nil })
            try await executor.migrate(options: MigrationOptions(fake: true))
            #expect(try await place.schema().isEmpty)
            #expect(try await executor.plan().isEmpty)
        }
    }

    @Test func `two that migrate at once do the work once`() async throws {
        try await MigrationDatabase.with { place in
            var configuration = SQLiteConfiguration(path: place.folder.appendingPathComponent("test.sqlite3").path)
            // However busy the machine is: that each waits for the others is what is tested, and not for how long.
            configuration.busyTimeout = .seconds(600)
            let executors = try (0..<4).map { [configuration] _ in
                MigrationExecutor(Database(SQLiteBackend(configuration)), try MigrationGraph([accounts, blog]))
            }
            try await withThrowingTaskGroup { group in
                for executor in executors { group.addTask { _ = try await executor.migrate() } }
                try await group.waitForAll()
            }
            #expect(try await place.rows("SELECT count(*) FROM django_migrations") == ["3"])
        }
    }

    @Test func `migrating inside a transaction is refused`() async throws {
        try await MigrationDatabase.with { place in
            let executor = try place.executor(accounts)
            let error = await #expect(throws: ORMError.self) {
                try await place.database.use { try await transaction { _ = try await executor.migrate() } }
            }
            #expect(error?.description.hasPrefix("Tables cannot be changed inside a transaction") == true)
        }
    }
}
