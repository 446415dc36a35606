import MartletCommands
import MartletMigrations
import MartletSite
import Testing

/// A command as an app adds it.
private struct Publish: Command {
    let name: String
    let summary = "Publishes entries."
    let says: String

    let titles = CommandArgument<[String]>("TITLE", isRequired: true, help: "Which entries.")
    let isQuiet = CommandFlag("quiet", help: "Tells nobody.")

    init(_ name: String = "publish", says: String = "published") {
        self.name = name
        self.says = says
    }

    func run(_ context: CommandContext) async throws {
        context.print("\(says) \(try context.arguments[titles].joined(separator: ", "))")
    }
}

@Suite struct AppCommandsTests {
    private func manage(
        _ line: [String], own: [any Command] = [], apps: [App]
    ) async throws -> CommandResult {
        let desk = try CommandSite()
        var site = desk.site
        site.apps += apps
        return await desk.manage(line, of: site, commands: own)
    }

    private let press = App("press", commands: [Publish()])

    @Test func `a command of an app is listed, explained, completed and run`() async throws {
        #expect(try await manage(["help"], apps: [press]).output.contains("\n  publish  "))
        let help = try await manage(["publish", "--help"], apps: [press]).output
        #expect(help.hasPrefix("Usage: manage publish TITLE … [--quiet]\n\nPublishes entries."))
        #expect(help.contains("--quiet  Tells nobody."))
        let candidates = ["completion", "bash", "--candidates", "--"]
        #expect(try await manage(candidates + ["publ"], apps: [press]).output == "publish\tPublishes entries.")
        #expect(try await manage(candidates + ["publish", "--q"], apps: [press]).output == "--quiet\tTells nobody.")
        let done = try await manage(["publish", "a", "'; DROP TABLE x; --"], apps: [press])
        #expect(done.status == 0)
        #expect(done.output == "published a, '; DROP TABLE x; --")
        let wrong = try await manage(["publish"], apps: [press])
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("TITLE is missing."))
        #expect(try await manage(["publsh"], apps: [press]).errors.contains("Did you mean 'publish'?"))
    }

    @Test func `a site without the app has no such command`() async throws {
        #expect(try await manage(["publish", "a"], apps: []).status == 2)
    }

    @Test func `a name that two apps use is refused with both`() async throws {
        let apps = [press, App("news", commands: [Publish()])]
        for line in [["publish", "a"], ["help"], ["version"]] {
            let result = try await manage(line, apps: apps)
            #expect(result.status == 1)
            #expect(result.output == "")
            #expect(
                result.errors == """
                    manage: The apps 'press' and 'news' both have a command 'publish'. Rename one of them, or hand the one \
                    that is meant to manage(site, commands:).
                    """)
        }
        let settled = try await manage(["publish", "a"], own: [Publish(says: "settled")], apps: apps)
        #expect(settled.output == "settled a")
    }

    @Test func `two commands of one name in one place are refused`() async throws {
        let app = try await manage(["help"], apps: [App("press", commands: [Publish(), Publish()])])
        #expect(app.errors.contains("The app 'press' has two commands 'publish'."))
        let own = try await manage(["help"], own: [Publish(), Publish()], apps: [])
        #expect(own.errors.contains("manage(site, commands:) has two commands 'publish'."))
    }

    /// Django: an app's command takes the place of a core one.
    @Test func `an app's command takes the place of a standard one, and the site's own that of both`() async throws {
        let apps = [App("press", commands: [Publish("version", says: "app")])]
        #expect(try await manage(["version", "a"], apps: apps).output == "app a")
        let own = [Publish("version", says: "site")]
        #expect(try await manage(["version", "a"], own: own, apps: apps).output == "site a")
    }
}
