import FoundationEssentials
import MartletJSON
import MartletORM
import Testing

@Suite struct DumpDataTests {
    /// Two authors and an entry that both read.
    private func filled(_ database: CommandDatabase = .sqlite) async throws -> CommandSite {
        let place = try await database.makeSite()
        #expect(await place.manage("migrate").status == 0)
        let result = try await place.load(
            """
            [{"model": "desk.entry", "pk": "0198c0de-0000-7000-8000-000000000001", "fields": {
                "title": "Birds", "author": 1, "readers": [2, 1], "written_at": "2026-01-31T09:05:00.123456Z",
                "rating": 1.5, "views": 3}},
            {"model": "desk.author", "pk": 1, "fields": {"name": "Ann", "nickname": null, "motto": "a \\"b\\" \\u20ac"}},
            {"model": "desk.author", "pk": 2, "fields": {"name": "Bob", "nickname": "'; DROP"}}]
            """)
        #expect(result.errors == "")
        return place
    }

    private let ann = #"{"model":"desk.author","pk":1,"fields":{"name":"Ann","nickname":null,"motto":"a \"b\" €"}}"#

    @Test(arguments: CommandDatabase.allCases)
    func `rows are written an object a line, those first that others refer to`(
        _ database: CommandDatabase
    ) async throws {
        let place = try await filled(database)
        let result = await place.manage("dumpdata")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output == """
                [
                \(ann),
                {"model":"desk.author","pk":2,"fields":{"name":"Bob","nickname":"'; DROP","motto":"none"}},
                {"model":"desk.entry","pk":"0198c0de-0000-7000-8000-000000000001","fields":{"title":"Birds",\
                "state":"draft","weight":0,"views":3,"rating":1.5,"is_open":true,\
                "written_at":"2026-01-31T09:05:00.123456Z","author":1,"readers":[1,2]}}
                ]
                """)
    }

    @Test(
        arguments: [
            (["desk"], 3), (["desk.author"], 2), (["DESK.Author", "desk.entry"], 3), (["--exclude", "desk.entry"], 2),
            (["--exclude", "desk"], 0), (["desk.author", "--pks", "2"], 1), (["desk.author", "--pks", "9"], 0),
            (["desk.entry", "--pks", "0198c0de-0000-7000-8000-000000000001"], 1), (["--indent", "2"], 3),
        ] as [([String], Int)])
    func `models and rows are chosen, and what is written is JSON`(_ line: [String], _ count: Int) async throws {
        let place = try await filled()
        let result = await place.manage(["dumpdata"] + line, of: place.site)
        #expect(result.errors == "")
        let rows = try JSON.parse(result.output)
        #expect(count == 0 || rows[count - 1] != nil)
        #expect(rows[count] == nil)
    }

    @Test(
        arguments: [
            (["nobody"], 1, "There is no app or model 'nobody'; there are desk.author, desk.entry."),
            (["desk.author'; DROP"], 1, "There is no app or model 'desk.author'; drop'"),
            (["--pks", "1"], 2, "--pks is for one model."),
            (["desk.author", "--pks", "one"], 1, "'one' is no key of desk.Author; it must be a whole number."),
            (["desk.entry", "--pks", "1"], 1, "'1' is no key of desk.Entry; it must be a UUID."),
            (["--indent", "-1"], 2, "'-1' is no indentation"),
            (["--indent", "many"], 2, "--indent is 'many'; expected is a whole number."),
            (["--exclude", "nobody"], 1, "There is no app or model 'nobody'"),
            (["--output", "/nonexistent/a.json"], 1, "cannot be written"),
        ] as [([String], Int32, String)])
    func `what makes no sense is refused`(_ line: [String], _ status: Int32, _ problem: String) async throws {
        let place = try await filled()
        let result = await place.manage(["dumpdata"] + line, of: place.site)
        #expect(result.status == status)
        #expect(result.errors.contains(problem), "\(result.errors)")
    }

    @Test(arguments: CommandDatabase.allCases)
    func `what was dumped into a file is loaded again after a flush`(_ database: CommandDatabase) async throws {
        let place = try await filled(database)
        let before = await place.manage("dumpdata").output
        #expect(await place.manage("dumpdata", "--output", "all.json", "--indent", "4").output == "")
        let refused = await place.manage("flush")
        #expect(refused.status == 2)
        #expect(refused.errors.contains("Say --no-input"))
        let kept = await place.manage(["flush"], of: place.site, ask: { _ in "no" })
        #expect(kept.errors.contains("Nothing was deleted."))
        #expect(await place.manage("dumpdata").output == before)
        #expect(await place.manage(["flush"], of: place.site, ask: { _ in "yes" }).output == "Deleted all rows.")
        #expect(await place.manage("dumpdata").output == "[\n]")
        #expect(await place.manage("showmigrations").output == "desk\n [X] 0001_initial", "the history stays")
        let id = try await place.use { try await Author.objects.create(Author(name: "New")).id }
        #expect(id == 1, "automatic keys begin anew")
        #expect(await place.manage("flush", "--no-input").status == 0)
        #expect(await place.manage("loaddata", "all.json").output == "Installed 3 objects from 1 fixture.")
        #expect(await place.manage("dumpdata").output == before)
    }

    @Test func `the SQL of a flush is printed and not run`() async throws {
        let place = try await filled()
        let result = await place.manage("sqlflush")
        let lines = result.output.split(separator: "\n")
        #expect(lines.first == "BEGIN;" && lines.last == "COMMIT;")
        for table in ["desk_author", "desk_entry", "desk_entry_readers"] {
            #expect(lines.contains(#"DELETE FROM "\#(table)";"#))
        }
        #expect(try await place.use { try await Author.objects.count() } == 2)
    }

    @Test(arguments: CommandDatabase.allCases)
    func `a database whose columns are not those of the models is not dumped`(
        _ database: CommandDatabase
    ) async throws {
        let place = try await database.makeSite()
        #expect(await place.manage("migrate").status == 0)
        try await place.use {
            try await Author.objects.create(Author(name: "Ann"))
            _ = try await Database.current.execute(Statement("ALTER TABLE desk_entry RENAME COLUMN title TO heading"))
        }
        let result = await place.manage("dumpdata")
        #expect(result.status == 1)
        #expect(result.output == "", "not even the first bracket")
        #expect(result.errors.contains("title"), "\(result.errors)")
    }

    @Test func `a number that JSON does not have is told`() async throws {
        let place = try await filled()
        try await place.use {
            _ = try await Database.current.execute(Statement("UPDATE desk_entry SET rating = 9e999"))
        }
        let result = await place.manage("dumpdata")
        #expect(result.status == 1)
        #expect(!result.errors.isEmpty)
    }
}
