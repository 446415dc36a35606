import FoundationEssentials
import MartletCommands
import MartletSite
import Testing

/// What holds for every standard command.
@Suite struct StandardCommandsTests {
    @Test(arguments: standardCommands.map(\.name))
    func `every parameter is explained in the help and shown in the usage`(_ name: String) async throws {
        let command = try #require(standardCommands.first { $0.name == name })
        #expect(!command.summary.isEmpty)
        let help = try await CommandSite().manage(name, "--help").output
        #expect(help.hasPrefix("Usage: manage \(command.usage)\n"))
        for specification in command.parameters.map(\.specification) {
            let label = specification.label
            #expect(specification.help.hasSuffix("."), "\(name) \(label) has no sentence")
            #expect(command.usage.contains(label), "\(name) \(label) is not in the usage")
            let lines = help.split(separator: "\n").filter { $0.hasPrefix("  ") && $0.contains(label) }
            #expect(lines.contains { $0.contains(specification.help) }, "\(name) \(label) is not in the help")
        }
        // A word or an option in a usage that is written by hand would be told nowhere else.
        let told = command.usage.split(separator: " ").filter { $0.contains("--") }
        let known = command.parameters.map { $0.specification.label }
        for word in told { #expect(known.contains { word.contains($0) }, "\(name): \(word)") }
    }

    @Test(arguments: [
        ("backup", ["copy.sqlite3"]), ("clearsessions", []), ("collectstatic", []), ("createcachetable", ["cache"]),
        ("env-example", ["example.env"]), ("flush", ["--no-input"]), ("loaddata", ["rows.json"]), ("migrate", []),
        ("migrate", ["desk", "zero"]), ("migrate", ["desk", "--prune"]), ("makemigrations", []),
    ])
    func `nothing is told with verbosity 0 where nothing was asked`(_ name: String, _ line: [String]) async throws {
        let desk = try CommandSite()
        if name != "migrate" || !line.isEmpty { #expect(await desk.manage("migrate").status == 0) }
        let row = #"[{"model": "desk.author", "pk": 1, "fields": {"name": "Ann"}}]"#
        try Data(row.utf8).write(to: desk.folder.appendingPathComponent("rows.json"))
        var site = desk.site
        site.staticFiles = ["Static"]
        let sheet = desk.folder.appendingPathComponent("Static/site.css")
        try FileManager.default.createDirectory(
            at: sheet.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("a { color: red }".utf8).write(to: sheet)
        let quiet = await desk.manage([name] + line + ["--verbosity", "0"], of: site)
        #expect(quiet.status == 0, "\(quiet.errors)")
        #expect(quiet.output == "")
    }

    @Test func `verbosity 0 leaves the answer`() async throws {
        let desk = try CommandSite()
        #expect(await desk.manage("showmigrations", "-v0").output == "desk\n [ ] 0001_initial")
        #expect(await desk.manage("migrate", "--plan", "-v0").output.hasPrefix("Planned operations:"))
        #expect(await desk.manage("check", "-v0").output == "No problems found.")
        #expect(await desk.manage("dumpdata", "-v0").status == 1, "there are no tables yet")
        #expect(await desk.manage("migrate", "-v0").output == "")
        #expect(await desk.manage("dumpdata", "-v0").output == "[\n]")
        #expect(await desk.manage("createcachetable", "cache", "--dry-run", "-v0").output.hasPrefix("CREATE TABLE"))
    }

    @Test func `a long fixture tells how far it has come, both ways`() async throws {
        let desk = try CommandSite()
        _ = await desk.manage("migrate")
        let rows = (1...1000).map { #"{"model": "desk.author", "pk": \#($0), "fields": {"name": "n\#($0)"}}"# }
        let text = "[\(rows.joined(separator: ","))]"
        let loaded = try await desk.load(text)
        #expect(loaded.status == 0, "\(loaded.errors)")
        let lines = loaded.output.split(separator: "\n")
        #expect(lines.first == "Loading rows.json: 100 of 1000")
        #expect(lines.suffix(2) == ["Loading rows.json: 1000 of 1000", "Installed 1000 objects from 1 fixture."])
        let dumped = await desk.manage("dumpdata", "--output", "out.json")
        #expect(dumped.output.hasPrefix("Writing out.json: 100 of 1000\n"))
        #expect(dumped.output.hasSuffix("Writing out.json: 1000 of 1000"))
        #expect(await desk.manage("dumpdata", "--output", "out.json", "-v0").output == "")
        // What goes to the output itself is the answer, and nothing stands between its lines.
        #expect(await desk.manage("dumpdata").output.hasPrefix("[\n{"))
    }

    @Test func `a short fixture does without`() async throws {
        let desk = try CommandSite()
        _ = await desk.manage("migrate")
        let loaded = try await desk.load(#"[{"model": "desk.author", "pk": 1, "fields": {"name": "Ann"}}]"#)
        #expect(loaded.output == "Installed 1 object from 1 fixture.")
        #expect(await desk.manage("dumpdata", "--output", "out.json").output == "")
    }

    @Test func `a fixture that begins with a byte order mark is told so`() async throws {
        let desk = try CommandSite()
        _ = await desk.manage("migrate")
        let loaded = try await desk.load("\u{FEFF}[]")
        #expect(loaded.status == 1)
        #expect(loaded.errors.contains("begins with a byte order mark (EF BB BF)"))
        #expect(loaded.errors.contains("Save it as UTF-8 without one."))
    }

    @Test func `a dry run copies nothing and does not say so`() async throws {
        let desk = try CommandSite()
        var site = desk.site
        site.staticFiles = ["Static"]
        let sheet = desk.folder.appendingPathComponent("Static/site.css")
        try FileManager.default.createDirectory(
            at: sheet.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("a { color: red }".utf8).write(to: sheet)
        let dry = await desk.manage(["collectstatic", "--dry-run"], of: site)
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("would be written") && !dry.output.contains("Copying"))
        #expect(dry.output.contains("Comparing: "))
        #expect(!FileManager.default.fileExists(atPath: desk.folder.appendingPathComponent("Collected").path))
    }
}
