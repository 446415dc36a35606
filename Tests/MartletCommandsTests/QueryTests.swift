import FoundationEssentials
import MartletCommands
import MartletORM
import MartletSite
import Synchronization
import Testing

@Suite struct QueryTests {
    private func desk(_ database: CommandDatabase = .sqlite) async throws -> CommandSite {
        let desk = try await database.makeSite()
        #expect(await desk.manage("migrate").status == 0)
        try await desk.use {
            for (name, motto) in [("Ann", "up"), ("Bob", "down"), ("Cy", "a\u{1B}[31mb\nc")] {
                var author = Author()
                author.name = name
                author.motto = motto
                try await Author.objects.create(author)
            }
        }
        return desk
    }

    @Test(
        arguments: CommandDatabase.allCases,
        [
            (
                "SELECT name, motto FROM desk_author WHERE id < 3 ORDER BY id",
                "name  motto\nAnn   up\nBob   down\n2 rows."
            ),
            ("SELECT nickname AS n FROM desk_author LIMIT 1", "n\nNULL\n1 row."),
            ("SELECT 1 WHERE 1 = 0", "No rows."),
            ("desk.Author name=Ann", "id  name  nickname  motto\n1   Ann   NULL      up\n1 row."),
            (
                "desk.author name__icontains=B order=-name",
                "id  name  nickname  motto\n2   Bob   NULL      down\n1 row."
            ),
            (
                "desk.Author -name__in=Ann,Cy motto='down'",
                "id  name  nickname  motto\n2   Bob   NULL      down\n1 row."
            ),
            (
                "desk.Author nickname=null order=-id limit=1 name__gt=A -name=Cy",
                "id  name  nickname  motto\n2   Bob   NULL      down\n1 row."
            ),
            // What a terminal would obey is shown as a mark.
            ("SELECT motto FROM desk_author WHERE name = 'Cy'", "motto\na�[31mb⏎c\n1 row."),
            // Words in front of the question are none of its own.
            (" -- x\n/* a; b */ SELECT 1 AS n", "n\n1\n1 row."),
            ("WITH a AS (SELECT 1 AS n) SELECT * FROM a", "n\n1\n1 row."),
            ("values (1)", "column1\n1\n1 row."),
        ])
    func `questions are answered as tables`(
        _ database: CommandDatabase, _ question: (String, String)
    ) async throws {
        let (question, answer) = question
        let result = try await desk(database).manage("query", "--", question)
        #expect(result.output == answer, "\(result.errors)")
        #expect(result.status == 0)
    }

    /// What is refused everywhere.
    static let orders = [
        "DELETE FROM desk_author", "UPDATE desk_author SET name = 'x'", "DROP TABLE desk_author",
        "INSERT INTO desk_author (name, motto) VALUES ('x', 'y')", "SELECT 1; DELETE FROM desk_author",
        "COMMIT; DELETE FROM desk_author", "COMMIT", "ROLLBACK", "WITH a AS (SELECT 1) DELETE FROM desk_author",
        "/* SELECT */ DELETE FROM desk_author", "-- SELECT\nDELETE FROM desk_author", "(DELETE FROM desk_author)",
        "desk.Author name='\"; DROP TABLE desk_author; --'x", "desk.Author id=1;DELETE", "desk.Author \0=1", "😀", "\\",
        "%", "", "/*", "SELECT '\0'", "VACUUM", "ATTACH DATABASE 'other.sqlite3' AS other", "PRAGMA user_version = 7",
        String(repeating: "(", count: 100_000),
    ]

    static let sqliteOrders = [
        "PRAGMA query_only = 0", "PRAGMA query_only(0)", "PRAGMA journal_mode = DELETE", "PRAGMA wal_checkpoint",
        "PRAGMA optimize", "PRAGMA incremental_vacuum",
        "ATTACH 'other.sqlite3' AS other", "DETACH main", "VACUUM INTO 'other.sqlite3'",
        "WITH a AS (SELECT 1) INSERT INTO desk_author (name, motto) SELECT 'x', 'y' FROM a",
        "WITH a AS (SELECT 1) UPDATE desk_author SET name = 'x'", "EXPLAIN DELETE FROM desk_author",
        "SELECT load_extension('other')", "WITH a AS (SELECT 1) UPDATE sqlite_master SET sql = ''",
        "PRAGMA writable_schema = 1", "SELECT * FROM pragma_query_only(0)", "REINDEX", "ANALYZE",
        "CREATE TEMP TABLE x (a)", "BEGIN", "SAVEPOINT a",
    ]

    static let postgreSQLOrders = [
        "COPY (SELECT 1) TO PROGRAM 'touch other.sqlite3'", "COPY desk_author TO '/tmp/martlet-never'",
        "DO $$ BEGIN DELETE FROM desk_author; END $$", "CALL nothing()", "SET TRANSACTION READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "BEGIN READ WRITE", "PREPARE a AS SELECT 1",
        "WITH a AS (DELETE FROM desk_author RETURNING id) SELECT * FROM a", "SELECT 1 AS a INTO other",
        "SELECT set_config('transaction_read_only', 'off', false)", "EXPLAIN ANALYZE DELETE FROM desk_author",
        "SELECT nextval('desk_author_id_seq')", "SELECT * FROM desk_author FOR UPDATE",
        "SELECT query_to_xml('DELETE FROM desk_author', true, true, '')", "LISTEN a", "LOCK desk_author",
        "TRUNCATE desk_author",
    ]

    @Test(arguments: CommandDatabase.allCases)
    func `nothing can be changed`(_ database: CommandDatabase) async throws {
        let desk = try await desk(database)
        let files = { try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).sorted() }
        let before = try files()
        for order in Self.orders + (database == .sqlite ? Self.sqliteOrders : Self.postgreSQLOrders) {
            let result = await desk.manage(["query", "--", order], of: desk.site, ask: { _ in nil })
            // Without a question it asks for one, and a name may be any text.
            if order != "", !order.hasPrefix("desk.Author name=") {
                #expect(result.status != 0, "\(order.prefix(80)): \(result.output)")
            }
            #expect(
                await desk.manage("query", "SELECT count(*) AS n FROM desk_author WHERE name <> 'x'").output
                    == "n\n3\n1 row.", "\(order.prefix(80))")
        }
        #expect(try files() == before)
        #expect(!FileManager.default.fileExists(atPath: "other.sqlite3"))
        if database == .sqlite {
            #expect(await desk.manage("query", "PRAGMA user_version").output.contains("\n0\n"))
        }
    }

    @Test(arguments: CommandDatabase.allCases)
    func `a question does not prepare the way for the next one`(_ database: CommandDatabase) async throws {
        let desk = try await desk(database)
        let first =
            switch database {
            case .sqlite: ["PRAGMA query_only = 0", "PRAGMA query_only(off)", "PRAGMA foreign_keys"]
            case .postgreSQL:
                ["SELECT set_config('default_transaction_read_only', 'off', false)", "SET TRANSACTION READ WRITE"]
            }
        let questions = Mutex(
            first.map { ($0, "DELETE FROM desk_author") }.flatMap { [$0, $1] } + [
                "WITH a AS (SELECT 1) DELETE FROM desk_author", "SELECT count(*) AS n FROM desk_author",
            ])
        let result = await desk.manage(["query"], of: desk.site) { _ in
            questions.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        #expect(result.output.hasSuffix("n\n3\n1 row."), "\(result.output)")
    }

    @Test func `what a question sets for its session is gone after it`() async throws {
        let desk = try await desk(.postgreSQL)
        let questions = Mutex([
            "SELECT set_config('application_name', 'changed', false)",
            "SELECT current_setting('application_name') AS name",
        ])
        let result = await desk.manage(["query"], of: desk.site) { _ in
            questions.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
        #expect(result.output.contains("name\nmartlet"), "\(result.output)")
    }

    @Test(arguments: [
        "PRAGMA table_info(desk_author)", "PRAGMA table_info('desk_author')", "PRAGMA foreign_key_list(desk_entry)",
        "PRAGMA main.index_list(desk_entry)", "PRAGMA integrity_check", "PRAGMA journal_mode",
        "EXPLAIN QUERY PLAN SELECT * FROM desk_author", "SELECT * FROM pragma_table_info('desk_author')",
        "SELECT value FROM json_each('[1]')",
        "WITH RECURSIVE a(n) AS (SELECT 1 UNION SELECT n + 1 FROM a WHERE n < 3) SELECT n FROM a",
    ])
    func `SQLite may be asked about itself`(_ question: String) async throws {
        let result = try await desk().manage("query", question)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasSuffix(" row.") || result.output.hasSuffix(" rows."))
    }

    @Test(arguments: [
        "SHOW server_version", "TABLE desk_author", "EXPLAIN ANALYZE SELECT * FROM desk_author",
        "SELECT * FROM pg_stat_activity",
    ])
    func `PostgreSQL may be asked about itself`(_ question: String) async throws {
        let result = try await desk(.postgreSQL).manage("query", question)
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `an order is told what a question is`() async throws {
        let result = try await desk().manage("query", "DELETE FROM desk_author")
        #expect(result.status == 2)
        #expect(
            result.errors == "manage query: 'DELETE' is no question. Write an app's model with conditions, or SQL that "
                + "begins with SELECT, WITH, VALUES, TABLE, EXPLAIN, SHOW, PRAGMA; `manage dbshell` runs any other.")
        let hidden = try await desk().manage("query", "WITH a AS (SELECT 1) DELETE FROM desk_author")
        #expect(hidden.errors.contains("This would do more than read the database, and is refused."))
    }

    @Test(arguments: [
        ("desk.Autor", "There is no model 'desk.Autor'. Did you mean 'desk.Author'?"),
        ("desk.Author name", "'name' is no condition."), ("desk.Author nome=x", "nome"),
        ("SELECT nothing FROM desk_author", "nothing"),
    ])
    func `a question that makes no sense is told why`(_ question: String, _ problem: String) async throws {
        let result = try await desk().manage("query", question)
        #expect(result.status != 0)
        #expect(result.errors.contains(problem), "\(result.errors)")
    }

    @Test func `at a terminal it goes on after a mistake, until it is told to stop`() async throws {
        let desk = try await desk()
        let questions = Mutex(["", "SELECT nothing", "desk.Author name=Ann", "exit", "SELECT 5"])
        let result = await desk.manage(
            ["query"], of: desk.site,
            ask: { _ in
                questions.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            })
        #expect(result.status == 0)
        #expect(result.output.hasSuffix("1   Ann   NULL      up\n1 row."))
        #expect(questions.withLock { $0 } == ["SELECT 5"])
        let nobody = await desk.manage("query")
        #expect(nobody.status == 2)
        let short = await desk.manage("query", "-n", "1", "SELECT name FROM desk_author ORDER BY id")
        #expect(short.output == "name\nAnn\n1 of 3 rows; --limit shows more.")
    }
}
