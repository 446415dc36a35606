import FoundationEssentials
import MartletJSON
import MartletORM
import TestPrograms
import Testing

/// Fixtures go around: Django writes, Martlet reads and writes, Django reads and writes the same as at first.
@Suite struct DjangoFixtureTests {
    private func parsed(_ path: URL) throws -> JSONValue {
        try JSON.parse([UInt8](try #require(FileManager.default.contents(atPath: path.path))))
    }

    @Test(arguments: [[], ["--natural-foreign"], ["--natural-foreign", "--natural-primary"]])
    func `Django reads what Martlet has made of Django's own fixture, and has the same rows`(
        _ options: [String]
    ) async throws {
        try await DjangoProject.with { project in
            let python = options.map { ", use_\($0.dropFirst(2).replacing("-", with: "_"))_keys=True" }.joined()
            func dump(_ name: String) -> String {
                "call_command('dumpdata', 'vault', output='\(name)'\(python))\n"
            }
            // The natural key of a user would need the model of users.
            let isPlain = options.isEmpty ? "" : "Record.objects.update(owner=None)\n"
            _ = try await project.run(DjangoProject.rows + isPlain + dump("django.json"))
            let place = try CommandSite()
            let site = try await place.vault()
            let file = project.folder.appendingPathComponent("django.json").path
            #expect(await place.manage(["migrate"], of: site).errors == "")
            let loaded = await place.manage(["loaddata", file], of: site)
            #expect(loaded.errors == "")
            #expect(loaded.output == "Installed 6 objects from 1 fixture.")
            let output = project.folder.appendingPathComponent("martlet.json").path
            let dumped = await place.manage(["dumpdata", "vault", "--output", output] + options, of: site)
            #expect(dumped.errors == "")
            // The fields of the two owners differ in name alone: `owner` here is a number.
            _ = try await project.run(
                """
                from vault.models import Keyword, Record
                Record.objects.all().delete()
                Keyword.objects.all().delete()
                call_command('loaddata', 'martlet.json', verbosity=0)

                """ + dump("again.json"))
            let first = try parsed(project.folder.appendingPathComponent("django.json"))
            let again = try parsed(project.folder.appendingPathComponent("again.json"))
            #expect(sorted(again, options) == sorted(first, options))
            #expect(sorted(try parsed(URL(fileURLWithPath: output)), options).count == 6)
        }
    }

    /// The objects in an order of their own; keys that Django has numbered anew are the same as before, or left out.
    private func sorted(_ json: JSONValue, _ options: [String]) -> [String] {
        guard case .array(let rows) = json else { return [] }
        return rows.map { "\($0)" }.sorted()
    }

    @Test func `a row without a key is found by its natural key, or made`() async throws {
        let place = try CommandSite()
        let site = try await place.vault()
        #expect(await place.manage(["migrate"], of: site).status == 0)
        func load(_ text: String) async throws -> CommandResult {
            try Data(text.utf8).write(to: place.folder.appendingPathComponent("words.json"))
            return await place.manage(["loaddata", "words.json"], of: site)
        }
        let words =
            #"[{"model": "vault.keyword", "fields": {"name": "a"}}, "#
            + #"{"model": "vault.keyword", "fields": {"name": "b"}}]"#
        for _ in 0..<2 { #expect(try await load(words).errors == "") }
        #expect(
            await place.manage(["dumpdata", "vault.keyword"], of: site).output == """
                [
                {"model":"vault.keyword","pk":1,"fields":{"name":"a"}},
                {"model":"vault.keyword","pk":2,"fields":{"name":"b"}}
                ]
                """)
        #expect(
            await place.manage(["dumpdata", "vault.keyword", "--natural-primary"], of: site).output.contains(
                #"{"model":"vault.keyword","fields":{"name":"a"}}"#))
    }

    @Test(
        arguments: [
            (#"["nobody"]"#, "'main_keyword' refers to a vault.Keyword that does not exist: [\"nobody\"]."),
            ("[]", "A natural key of vault.Keyword has more values: name."),
            (#"["a", "b"]"#, "'main_keyword' has 1 values more than a natural key of vault.Keyword."),
            (#"[null]"#, "'name' may not be null."),
            (#"[7]"#, "'name' is 7; it must be text of at most 50 characters."),
            (#"["'; DROP TABLE vault_keyword; --"]"#, "that does not exist"),
            ("[\"\\u0000\"]", "'main_keyword'"), (#"["\ud83d\udc26"]"#, "that does not exist"),
            (#"{"name": "a"}"#, "'id' is"),
        ])
    func `a natural key that leads nowhere is told`(_ key: String, _ problem: String) async throws {
        let place = try CommandSite()
        let site = try await place.vault()
        #expect(await place.manage(["migrate"], of: site).status == 0)
        let rows = """
            [{"model": "vault.record", "pk": "00000000-0000-0000-0000-000000000001",
              "fields": {"main_keyword": \(key)}},
            {"model": "vault.keyword", "pk": 1, "fields": {"name": "a"}}]
            """
        try Data(rows.utf8).write(to: place.folder.appendingPathComponent("rows.json"))
        let result = await place.manage(["loaddata", "rows.json"], of: site)
        #expect(result.status == 1)
        #expect(result.errors.contains(problem), "\(result.errors)")
        #expect(await place.manage(["dumpdata"], of: site).output == "[\n]")
    }

    @Test func `models and fields that are not there are passed over when that is asked for`() async throws {
        let place = try CommandSite()
        #expect(await place.manage("migrate").status == 0)
        let rows = """
            [{"model": "desk.nobody", "pk": 1, "fields": {}},
            {"model": "desk.author", "pk": 1, "fields": {"name": "Ann", "shoe_size": 40}}]
            """
        #expect(try await place.load(rows).status == 1)
        #expect(await place.manage("loaddata", "rows.json", "--ignore-nonexistent").status == 0)
        #expect(try await place.use { try await Author.objects.get().name } == "Ann")
    }
}
