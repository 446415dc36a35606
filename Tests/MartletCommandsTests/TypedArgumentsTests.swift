import MartletCommands
import MartletSite
import MartletValues
import Testing

private enum Shade: String, CaseIterable, ArgumentValue { case light, dark, pitchBlack = "pitch-black" }

private struct Greet: Command {
    let name = "greet"
    let summary = "Greets somebody."

    let whom = CommandArgument<String>("NAME", help: "Who is greeted.")
    let place = CommandArgument<Int?>("PLACE", help: "In which place.")
    let others = CommandArgument<[String]>("OTHER", help: "Who else is greeted.")
    let times = CommandOption("times", short: "t", default: 1, help: "How often.")
    let weight = CommandOption("weight", default: 1.5, help: "How much.")
    let shade = CommandOption("shade", short: "s", default: Shade.light, help: "How dark.")
    let limit = CommandOption<Int?>("limit", help: "At most so many.")
    let tags = CommandOption<[String]>("tag", short: "g", choices: ["red", "green"], help: "What it is about.")
    let isLoud = CommandFlag("loud", short: "l", help: "In capitals.")
    let isQuiet = CommandFlag("quiet", short: "q", help: "Whispers.")

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        var text = "\(try arguments[whom]) \(try arguments[place] ?? -1) \(try arguments[others])"
        text += " \(try arguments[times]) \(try arguments[weight]) \(try arguments[shade])"
        text += " \(try arguments[limit] ?? -1) \(try arguments[tags]) \(arguments[isLoud]) \(arguments[isQuiet])"
        context.print(text)
    }
}

/// Reads what it does not declare.
private struct Forgetful: Command {
    let name = "forgetful"
    let summary = "Forgets."

    func run(_ context: CommandContext) async throws {
        context.print(try context.arguments[CommandOption("times", default: 1, help: "How often.")].description)
    }
}

/// Talks as much as it is told to.
private struct Talk: Command {
    let name = "talk"
    let summary = "Talks."

    func run(_ context: CommandContext) async throws {
        context.print("answer")
        context.note("note")
        context.note("detail", verbosity: 2)
        context.note("trace", verbosity: 3)
        context.print(context.ask?("Sure?") ?? "nobody")
        context.print(context.terminal.styled("red", .red, .bold))
    }
}

@Suite struct TypedArgumentsTests {
    private func manage(
        _ line: [String], terminal: Terminal = .none, ask: (@Sendable (String) -> String?)? = nil
    ) async throws -> CommandResult {
        let desk = try CommandSite()
        return await desk.manage(
            line, of: desk.site, commands: [Greet(), Forgetful(), Talk()], terminal: terminal, ask: ask)
    }

    @Test(
        arguments: [
            (["Ann"], "Ann -1 [] 1 1.5 light -1 [] false false"),
            (["Ann", "7", "Bob", "-"], #"Ann 7 ["Bob", "-"] 1 1.5 light -1 [] false false"#),
            (["Ann", "-7"], "Ann -7 [] 1 1.5 light -1 [] false false"),
            (["-t", "3", "Ann", "--times=4"], "Ann -1 [] 4 1.5 light -1 [] false false"),
            (["-t3", "Ann", "-lq"], "Ann -1 [] 3 1.5 light -1 [] true true"),
            (["-lt=3", "Ann"], "Ann -1 [] 3 1.5 light -1 [] true false"),
            (["Ann", "--shade", "pitch-black"], "Ann -1 [] 1 1.5 pitchBlack -1 [] false false"),
            (["Ann", "-sdark", "--weight", "-2"], "Ann -1 [] 1 -2.0 dark -1 [] false false"),
            (
                ["Ann", "--tag", "red", "-g", "green", "--tag=red"],
                #"Ann -1 [] 1 1.5 light -1 ["red", "green", "red"] false false"#
            ),
            (["--limit=0", "--", "--loud"], "--loud -1 [] 1 1.5 light 0 [] false false"),
            (["'\"; DROP TABLE x; -- 😀\\%_"], "'\"; DROP TABLE x; -- 😀\\%_ -1 [] 1 1.5 light -1 [] false false"),
            ([""], " -1 [] 1 1.5 light -1 [] false false"),
        ] as [([String], String)])
    func `parameters are read with their types`(_ line: [String], _ output: String) async throws {
        let result = try await manage(["greet"] + line)
        #expect(result.output == output, "\(result.errors)")
        #expect(result.status == 0)
    }

    @Test(arguments: [
        ([], "NAME is missing."),
        (["Ann", "seven"], "PLACE is 'seven'; expected is a whole number."),
        (["Ann", "--times", "often"], "--times is 'often'; expected is a whole number."),
        (["Ann", "--times="], "--times is ''; expected is a whole number."),
        (["Ann", "--times", "99999999999999999999"], "--times is '99999999999999999999'; expected is a whole number."),
        (["Ann", "--weight", "nan"], "--weight is 'nan'; expected is a number."),
        (
            ["Ann", "-s", "darc"],
            "--shade is 'darc'; expected is one of light, dark, pitch-black. Did you mean 'dark'?"
        ),
        (["Ann", "--tag", "blue"], "--tag is 'blue'; expected is one of red, green."),
        (["Ann", "--lout"], "'greet' has no option '--lout'. Did you mean '--loud'?"),
        (["Ann", "-lx"], "'greet' has no option '-x'."),
        (["Ann", "-t"], "--times needs a value."),
        (["Ann", "--verbosity", "4"], "--verbosity is '4'; expected is one of 0, 1, 2, 3."),
    ])
    func `what does not fit is refused with what would`(_ line: [String], _ problem: String) async throws {
        let result = try await manage(["greet"] + line)
        #expect(result.errors == "manage greet: \(problem) Usage: manage \(Greet().usage)")
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
    }

    @Test func `a word too many is refused by a command without words`() async throws {
        let result = try await manage(["version", "please"])
        #expect(result.errors == "manage version: 'please' is one word too many. Usage: manage version")
        #expect(result.status == 2)
        #expect(try await manage(["version"]).output == martletVersion)
        #expect(try await manage(["--version"]).output == martletVersion)
    }

    @Test func `an undeclared parameter is the command's mistake, and told`() async throws {
        let result = try await manage(["forgetful"])
        #expect(result.errors.hasPrefix("manage forgetful: The command 'forgetful' reads --times, which is not among"))
        #expect(result.status == 1)
    }

    @Test func `the usage and the help are made from the parameters`() async throws {
        #expect(
            Greet().usage
                == "greet NAME [PLACE] [OTHER …] [--times TIMES] [--weight WEIGHT] [--shade SHADE] [--limit LIMIT] "
                + "[--tag TAG] … [--loud] [--quiet]")
        let help = try await manage(["greet", "-h"])
        #expect(help.status == 0)
        #expect(try await manage(["help", "greet"]).output == help.output)
        for line in [
            "Greets somebody.", "  NAME   Who is greeted.", "  OTHER  Who else is greeted. (may be repeated)",
            "  -t, --times TIMES  How often. (default: 1)",
            "  -s, --shade SHADE  How dark. (light, dark, pitch-black; default: light)",
            "  -g, --tag TAG      What it is about. (red, green; may be repeated)",
            "  --no-input                 Never asks; fails where it would have to.",
        ] { #expect(help.output.split(separator: "\n").contains { $0 == line }, "\(line)\n\(help.output)") }
        // After `--` it is a word like another.
        #expect(try await manage(["greet", "--", "--help"]).output.hasPrefix("--help -1"))
    }

    @Test(
        arguments: [
            (["--verbosity=0"], "answer\nyes\nred"), ([], "answer\nnote\nyes\nred"),
            (["-v2"], "answer\nnote\ndetail\nyes\nred"), (["-v", "3"], "answer\nnote\ndetail\ntrace\nyes\nred"),
            (["-v0", "--no-input"], "answer\nnobody\nred"),
            (["-v0", "--force-color"], "answer\nyes\n\u{1B}[31;1mred\u{1B}[0m"),
        ] as [([String], String)])
    func `every command knows how much to tell, whom to ask and whether to color`(
        _ line: [String], _ output: String
    ) async throws {
        #expect(try await manage(["talk"] + line, ask: { _ in "yes" }).output == output)
    }

    @Test func `colors go to a terminal unless they are refused`() async throws {
        let terminal = Terminal(isInteractive: true, hasColors: true)
        let line = ["talk", "-v0", "--no-input"]
        #expect(try await manage(line, terminal: terminal).output == "answer\nnobody\n\u{1B}[31;1mred\u{1B}[0m")
        #expect(try await manage(line + ["--no-color"], terminal: terminal).output == "answer\nnobody\nred")
    }
}
