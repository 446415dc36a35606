import FoundationEssentials
import MartletORM
import Testing

@Suite struct LoadDataTests {
    private let author = #"{"model": "desk.author", "pk": 1, "fields": {"name": "Ann"}}"#

    private func entry(_ fields: String, key: String = "\"0198c0de-0000-7000-8000-000000000001\"") -> String {
        #"{"model": "desk.entry", "pk": \#(key), "fields": {\#(fields)}}"#
    }

    private func migrated(_ database: CommandDatabase) async throws -> CommandSite {
        let site = try await database.makeSite()
        #expect(await site.manage("migrate").status == 0)
        return site
    }

    @Test(arguments: CommandDatabase.allCases)
    func `rows may refer forward, and what is left out has a new row's value`(_ database: CommandDatabase) async throws
    {
        let site = try await migrated(database)
        let fields = #""title": "Birds", "author": 1, "readers": [1, 2], "written_at": "2026-01-31T09:05:00+01:00""#
        let other = #"{"model": "Desk.Author", "pk": 2, "fields": {"name": "Bob", "nickname": null}}"#
        let result = try await site.load("[\(entry(fields)), \(author), \(other)]")
        #expect(result.errors == "")
        #expect(result.output == "Installed 3 objects from 1 fixture.")
        let stored = try await site.use { try await Entry.objects.selectRelated { $0.author }.get() }
        #expect(stored.title == "Birds")
        #expect(stored.state == .draft)
        #expect(stored.isOpen)
        #expect(stored.writtenAt == Date(timeIntervalSince1970: 1_769_846_700))
        #expect(try stored.author.loaded.motto == "none")
        #expect(try await site.use { try await stored.related(\.readers).count() } == 2)
        #expect(try await site.load("[\(entry(fields.replacing("Birds", with: "Trains"))), \(author)]").status == 0)
        #expect(try await site.use { try await Entry.objects.all().map(\.title) } == ["Trains"])
    }

    static let malformed: [(String, Int?, String)] = [
        ("{}", nil, "A fixture is a list of objects"), ("[", nil, ""), ("", nil, ""), ("[] []", nil, ""),
        ("[1]", 1, "It has no \"model\"."), ("[null]", 1, "It has no \"model\"."),
        (#"[{"model": 5}]"#, 1, "It has no \"model\"."),
        (
            #"[{"model": "desk.nobody", "pk": 1, "fields": {}}]"#, 1,
            "There is no model 'desk.nobody'; there are desk.a"
        ),
        (#"[{"model": "desk.author", "pk": 1}]"#, 1, "It has no object \"fields\"."),
        (#"[{"model": "desk.author", "pk": 1, "fields": []}]"#, 1, "It has no object \"fields\"."),
        (#"[{"model": "desk.author", "fields": {"name": "Ann"}}]"#, 1, "It has no \"pk\"."),
        (
            #"[{"model": "desk.author", "pk": "one", "fields": {}}]"#, 1,
            "'id' is \"one\"; it must be a whole number."
        ),
        (
            #"[{"model": "desk.author", "pk": 1, "fields": {"nam": "x"}}]"#, 1,
            "desk.Author has no field 'nam'; it has"
        ),
        (
            #"[{"model": "desk.author", "pk": 1, "fields": {"id": 2}}]"#, 1,
            "desk.Author has no field 'id'; it has name"
        ),
        (#"[{"model": "desk.author", "pk": 1, "fields": {"name": null}}]"#, 1, "'name' may not be null."),
        (
            #"[{"model": "desk.author", "pk": 1, "fields": {"name": "a name too long"}}]"#, 1,
            "'name' is \"a name too long\"; it must be text of at most 10 characters."
        ),
        (#"[AUTHOR, {"model": "desk.author", "pk": 1, "fields": {"name": "B"}}]"#, 2, "Object 1 is the same row."),
        (
            #"[AUTHOR, {"model": "desk.author", "pk": 2, "fields": {"name": "Ann"}}]"#, 2,
            "Another row has the same desk_author.name."
        ),
        ("[AUTHOR, ENTRY<>]", 2, "'author' is missing and may not be null."),
        (#"[ENTRY<"author": 7>]"#, 1, "'author' refers to a desk.Author that does not exist: 7."),
        (
            #"[AUTHOR, ENTRY<"author": 1, "readers": [1, 9]>]"#, 2,
            "'readers' refers to a desk.Author that does not exist"
        ),
        (#"[AUTHOR, ENTRY<"author": "Ann">]"#, 2, "'id' is \"Ann\"; it must be a whole number."),
        (#"[AUTHOR, ENTRY<"author": 1, "readers": 1>]"#, 2, "'readers' must be a list of keys."),
        (
            #"[AUTHOR, ENTRY<"author": 1, "state": "lost">]"#, 2,
            "'state' is \"lost\"; it must be one of 'draft', 'pub"
        ),
        (
            #"[AUTHOR, ENTRY<"author": 1, "weight": 2147483648>]"#, 2,
            "'weight' is 2147483648; it must be a whole number"
        ),
        (
            #"[AUTHOR, ENTRY<"author": 1, "weight": 1.5>]"#, 2,
            "'weight' is 1.5; it must be a whole number of 32 bits."
        ),
        (#"[AUTHOR, ENTRY<"author": 1, "views": -1>]"#, 2, "'views' is -1; it must be a whole number from 0"),
        (#"[AUTHOR, ENTRY<"author": 1, "rating": "good">]"#, 2, "'rating' is \"good\"; it must be a number."),
        (#"[AUTHOR, ENTRY<"author": 1, "is_open": 1>]"#, 2, "'is_open' is 1; it must be true or false."),
        (
            #"[AUTHOR, ENTRY<"author": 1, "written_at": "2026-02-30">]"#, 2,
            "'written_at' is \"2026-02-30\"; it must be a"
        ),
    ]

    @Test(arguments: CommandDatabase.allCases)
    func `a malformed fixture says file, object and remedy, and changes nothing`(
        _ database: CommandDatabase
    ) async throws {
        let site = try await migrated(database)
        for (text, object, problem) in Self.malformed {
            var text = text.replacing("AUTHOR", with: author)
            if let start = text.firstRange(of: "ENTRY<"), let end = text.lastIndex(of: ">") {
                text.replaceSubrange(start.lowerBound...end, with: entry(String(text[start.upperBound..<end])))
            }
            let result = try await site.load(text)
            #expect(result.status == 1, "\(text)")
            let place = "manage loaddata: \(site.folder.path)/rows.json" + (object.map { ", object \($0): " } ?? ": ")
            #expect(result.errors.hasPrefix(place + problem), "\(text): \(result.errors)")
            #expect(result.errors.hasSuffix(" Nothing was loaded."), "\(text)")
            #expect(try await site.use { try await Author.objects.count() + Entry.objects.count() } == 0, "\(text)")
        }
    }

    @Test(arguments: CommandDatabase.allCases)
    func `of several files all are loaded or none`(_ database: CommandDatabase) async throws {
        let site = try await migrated(database)
        try Data("[\(author)]".utf8).write(to: site.folder.appendingPathComponent("good.json"))
        let missing = await site.manage("loaddata", "good.json", "bad.json")
        #expect(missing.status == 1)
        #expect(missing.errors.hasSuffix("bad.json'. Nothing was loaded."))
        #expect(try await site.use { try await Author.objects.count() } == 0)
        #expect(await site.manage("loaddata", "good.json").status == 0)
        #expect(try await site.use { try await Author.objects.count() } == 1)
    }
}
