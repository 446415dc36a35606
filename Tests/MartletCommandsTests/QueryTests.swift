import MartletCommands
import MartletORM
import MartletSite
import Synchronization
import Testing

@Suite struct QueryTests {
    private func desk() async throws -> CommandSite {
        let desk = try CommandSite()
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

    @Test(arguments: [
        ("SELECT name, motto FROM desk_author WHERE id < 3 ORDER BY id", "name  motto\nAnn   up\nBob   down\n2 rows."),
        ("SELECT nickname AS n FROM desk_author LIMIT 1", "n\nNULL\n1 row."),
        ("SELECT 1 WHERE 1 = 0", "No rows."),
        ("desk.Author name=Ann", "id  name  nickname  motto\n1   Ann   NULL      up\n1 row."),
        ("desk.author name__icontains=B order=-name", "id  name  nickname  motto\n2   Bob   NULL      down\n1 row."),
        ("desk.Author -name__in=Ann,Cy motto='down'", "id  name  nickname  motto\n2   Bob   NULL      down\n1 row."),
        (
            "desk.Author nickname=null order=-id limit=1 name__gt=A -name=Cy",
            "id  name  nickname  motto\n2   Bob   NULL      down\n1 row."
        ),
        // What a terminal would obey is shown as a mark.
        ("SELECT motto FROM desk_author WHERE name = 'Cy'", "motto\na�[31mb⏎c\n1 row."),
    ])
    func `questions are answered as tables`(_ question: String, _ answer: String) async throws {
        let result = try await desk().manage("query", question)
        #expect(result.output == answer, "\(result.errors)")
        #expect(result.status == 0)
    }

    @Test(arguments: [
        "DELETE FROM desk_author", "UPDATE desk_author SET name = 'x'", "DROP TABLE desk_author",
        "INSERT INTO desk_author (name, motto) VALUES ('x', 'y')", "SELECT 1; DELETE FROM desk_author",
        "COMMIT; DELETE FROM desk_author", "WITH a AS (SELECT 1) DELETE FROM desk_author",
        "desk.Author name='\"; DROP TABLE desk_author; --'", "desk.Author id=1;DELETE", "desk.Author \0=1", "😀", "\\",
        "%",
        "PRAGMA user_version = 7", "VACUUM", "ATTACH DATABASE 'other.sqlite3' AS other",
    ])
    func `nothing can be changed`(_ question: String) async throws {
        let desk = try await desk()
        _ = await desk.manage("query", "--", question)
        #expect(
            await desk.manage("query", "SELECT count(*) AS n FROM desk_author WHERE name <> 'x'").output
                == "n\n3\n1 row.")
        #expect(await desk.manage("query", "PRAGMA user_version").output.contains("\n0\n"))
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
