import FoundationEssentials
import MartletCommands
import MartletMiddleware
import MartletMigrations
import MartletORM
import MartletSite
import Testing

@Suite struct ManageTests {
    @Test func `a command that does not exist is told with its nearest neighbour`() async throws {
        let site = try CommandSite()
        let near = await site.manage("migrat")
        #expect(near.status == 2)
        #expect(
            near.errors == "manage: there is no command 'migrat'. Did you mean 'migrate'? manage help lists them.")
        let far = await site.manage("fry-an-egg")
        #expect(far.status == 2)
        #expect(far.errors == "manage: there is no command 'fry-an-egg'. manage help lists them.")
        let help = await site.manage("help", "migrat")
        #expect(help.status == 2)
        #expect(help.errors.contains("Did you mean 'migrate'?"))
    }

    @Test func `help lists the commands and tells about one`() async throws {
        let site = try CommandSite()
        for line in [[], ["help"], ["--help"], ["-h"]] {
            let result = line.isEmpty ? await site.manage() : await site.manage(line[0])
            #expect(result.status == 0)
            for name in [
                "check", "loaddata", "makemigrations", "migrate", "runserver", "showmigrations", "showurls",
                "sqlmigrate",
            ] { #expect(result.output.contains("\n  \(name) ")) }
        }
        #expect(await site.manage("help", "migrate").output.hasPrefix("Usage: manage migrate [APP"))
        #expect(await site.manage("migrate", "--help").output.hasPrefix("Usage: manage migrate [APP"))
    }

    @Test func `what a command does not understand ends with status 2`() async throws {
        let site = try CommandSite()
        for result in [
            await site.manage("check", "everything"), await site.manage("migrate", "--plans"),
            await site.manage("migrate", "a", "b", "c"), await site.manage("sqlmigrate", "desk"),
            await site.manage("loaddata"), await site.manage("runserver", "eighty"),
            await site.manage("runserver", "65536"), await site.manage("runserver", ":8000"),
            await site.manage("runserver", "8000", "unix:"),
        ] {
            #expect(result.status == 2, "\(result.errors)")
            let hints = ["Usage: manage", "Write PORT, HOST:PORT or unix:PATH."]
            #expect(hints.contains { result.errors.contains($0) })
        }
    }

    @Test(arguments: ["makemigrations", "check"])
    func `models that no migration would make tables for are found`(_ command: String) async throws {
        let desk = try CommandSite()
        var site = desk.site
        site.apps = [App("desk", models: [Author.self])]
        let bare = await desk.manage([command], of: site)
        #expect(bare.status == 1)
        #expect((bare.output + bare.errors).contains("Write `let deskMigrations = Migrations(app: \"desk\", [])`"))
        site.apps = [App("table", models: [Author.self], migrations: Migrations(app: "table", []))]
        let misnamed = await desk.manage([command], of: site)
        #expect(misnamed.status == 1)
        #expect(
            (misnamed.output + misnamed.errors).contains(
                "Author is listed by the app 'table' and belongs to 'desk': a model's app is its module's name"))
    }

    @Test func `the database is migrated there and back`() async throws {
        let site = try CommandSite()
        #expect(await site.manage("showmigrations").output == "desk\n [ ] 0001_initial")
        let forward = await site.manage("migrate")
        #expect(forward.status == 0)
        #expect(forward.output.hasSuffix("Migrated: 1 step."))
        #expect(await site.manage("showmigrations", "desk").output == "desk\n [X] 0001_initial")
        #expect(await site.manage("migrate").output == "Nothing to migrate.")
        #expect(await site.manage("migrate", "desk", "zero").status == 0)
        #expect(await site.manage("showmigrations").output == "desk\n [ ] 0001_initial")
        #expect(await site.manage("migrate", "desk", "0001").status == 0)
        #expect(await site.manage("check").output == "No problems found.")
        for result in [await site.manage("migrate", "dusk"), await site.manage("migrate", "desk", "0002")] {
            #expect(result.status == 1)
            #expect(result.errors.hasPrefix("manage migrate: "))
        }
    }

    @Test func `a wrong order of the middleware is found`() async throws {
        let desk = try CommandSite()
        var site = desk.site
        site.middleware = { _ in [CSRFProtection(), AllowedHosts(["a"]), AllowedHosts(["b"])] }
        let check = await desk.manage(["check"], of: site)
        #expect(check.status == 1)
        #expect(
            check.output.split(separator: "\n").map { $0.prefix(22) }
                == ["error middleware.E001:", "error middleware.E002:"])
        #expect(check.output.contains("AllowedHosts stands after CSRFProtection but must come first, because"))
        site.middleware = { _ in [try CORS(origins: ["example.com"])] }
        let broken = await desk.manage(["check"], of: site)
        #expect(
            broken.output.hasPrefix(
                "error middleware.E004: the middleware cannot be made: \"example.com\" is no origin"))
    }

    @Test func `missing migrations are shown, found and not written until asked`() async throws {
        let site = try CommandSite(isMigrated: false)
        let check = await site.manage("makemigrations", "--check")
        #expect(check.status == 1)
        #expect(check.output.contains("Migrations for 'desk': 0001_initial"))
        // Where the program runs the sources need not be; only who writes needs them.
        let folder = site.folder.appendingPathComponent("Migrations")
        let nowhere = await site.manage("makemigrations", "--dry-run")
        #expect(nowhere.status == 1)
        #expect(nowhere.errors.contains("'\(folder.path)/Migrations.swift' cannot be read"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let index = folder.appendingPathComponent("Migrations.swift")
        try Data("let deskMigrations = Migrations(\n    app: \"desk\",\n    [\n    ])\n".utf8).write(to: index)
        let dry = await site.manage("makemigrations", "--dry-run")
        #expect(dry.status == 0, "\(dry.errors)")
        #expect(dry.output.contains("CreateModel("))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["Migrations.swift"])
        #expect(await site.manage("check").status == 1)
        let migrated = try CommandSite()
        #expect(await migrated.manage("makemigrations", "--check").output == "No changes detected.")
    }

    @Test func `a database that cannot be opened fails with its path`() async throws {
        let site = try CommandSite()
        try FileManager.default.createDirectory(
            at: site.folder.appendingPathComponent("desk.sqlite3"), withIntermediateDirectories: true)
        let result = await site.manage("migrate")
        #expect(result.status == 1)
        #expect(result.errors.contains("desk.sqlite3: unable to open database file"))
    }
}
