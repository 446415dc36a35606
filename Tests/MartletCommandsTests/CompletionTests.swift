import MartletCommands
import MartletSite
import Testing

private enum Shade: String, CaseIterable, ArgumentValue { case light, dark }

private struct Paint: Command {
    let name = "paint"
    let summary = "Paints."
    let app = CommandArgument<String>("APP", completion: .apps, help: "Whose wall.")
    let files = CommandArgument<[String]>("FILE", completion: .files, help: "What is painted.")
    let shade = CommandOption("shade", short: "s", default: Shade.light, help: "How dark.")
    let isDry = CommandFlag("dry", help: "Only looks.")

    func run(_ context: CommandContext) async throws {}
}

@Suite struct CompletionTests {
    @Test(
        arguments: [
            (["pai"], ["paint"]), (["help", "pai"], ["paint"]), (["pain", ""], []), (["he"], ["help"]),
            (["paint", ""], ["desk"]), (["paint", "d"], ["desk"]), (["paint", "x"], []),
            (["paint", "desk", ""], [":files"]), (["paint", "desk", "a", "b"], [":files"]),
            (["paint", "--sh"], ["--shade"]), (["paint", "--shade", ""], ["light", "dark"]),
            (["paint", "-s", "d"], ["dark"]), (["paint", "--shade=d"], ["--shade=dark"]),
            (["migrate", "d"], ["desk"]), (["migrate", "desk", ""], ["0001_initial"]),
            (["migrate", "--fake", "desk", "0"], ["0001_initial"]), (["migrate", "nobody", ""], []),
            (["check", "--fail-level", ""], ["debug", "info", "warning", "error", "critical"]),
            (["check", "--fail-level", "w"], ["warning"]), (["check", ""], ["desk"]), (["loaddata", ""], [":files"]),
            (["loaddata", "a.json", "b"], [":files"]), (["dumpdata", "desk.A"], ["desk.Author"]),
            // Bash cuts a word at its sign.
            (["paint", "--shade", "="], ["light", "dark"]), (["paint", "--shade", "=", "d"], ["dark"]),
            (["paint", "--shade", "dark", ""], ["desk"]), (["paint", "--dry", "--d"], []),
            (["paint", "--verbosity", ""], ["0", "1", "2", "3"]), (["paint", "--", "--d"], []),
            (["paint", "'\"; DROP TABLE x; -- \\ % 😀"], []), ([], ["paint"]),
        ] as [([String], [String])])
    func `what fits is offered`(_ line: [String], _ expected: [String]) async throws {
        let desk = try CommandSite()
        let result = await desk.manage(
            ["completion", "bash", "--candidates", "--"] + line, of: desk.site, commands: [Paint()])
        #expect(result.status == 0, "\(result.errors)")
        let words = result.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
        if line.isEmpty {
            #expect(words.contains("migrate") && words.contains("paint") && words.contains("help"))
        } else {
            #expect(words == expected)
        }
    }

    @Test func `the lines name the program that knows`() async throws {
        let desk = try CommandSite()
        let bash = await desk.manage("completion", "bash")
        #expect(bash.output.contains("complete -F _martlet_manage manage"))
        #expect(bash.output.contains("' completion bash --candidates -- "))
        #expect(await desk.manage("completion", "zsh").output.hasPrefix("#compdef manage\n"))
        let fish = await desk.manage("completion", "fish")
        #expect(fish.status == 2)
        #expect(fish.errors.contains("SHELL is 'fish'; expected is one of bash, zsh."))
    }
}
