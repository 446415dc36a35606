import MartletCommands
import MartletSite
import Testing

private struct Paint: Command {
    let name = "paint"
    let summary = "Paints."
    let walls = CommandArgument<[String]>("WALL", help: "What is painted.")
    let color = CommandOption<String?>("color", help: "In which color.")
    let isDry = CommandFlag("dry", help: "Only looks.")

    func run(_ context: CommandContext) async throws {}
}

@Suite struct ArgumentsTests {
    @Test(
        arguments: [
            (["a", "b"], ["a", "b"], nil, false), (["--dry", "a"], ["a"], nil, true),
            (["--color", "red", "a"], ["a"], "red", false), (["--color=red=dark"], [], "red=dark", false),
            (["--color="], [], "", false), (["--color", "--dry"], [], "--dry", false),
            (["--", "--dry", "--"], ["--dry", "--"], nil, false), (["-", "-5", ""], ["-", "-5", ""], nil, false),
            (["--color=red", "--color", "blue"], [], "blue", false),
        ] as [([String], [String], String?, Bool)])
    func `words and options are told apart`(
        _ line: [String], _ words: [String], _ color: String?, _ isDry: Bool
    ) throws {
        let paint = Paint()
        let arguments = try Arguments(line, for: paint)
        #expect(try arguments[paint.walls] == words)
        #expect(try arguments[paint.color] == color)
        #expect(arguments[paint.isDry] == isDry)
    }

    @Test(arguments: [
        (["--wet"], "'paint' has no option '--wet'."), (["--dry=yes"], "--dry takes no value."),
        (["--color"], "--color needs a value."), (["--=x"], "'paint' has no option '--=x'."),
        (["--colour", "x"], "'paint' has no option '--colour'. Did you mean '--color'?"),
        (["--verbositi=2"], "'paint' has no option '--verbositi=2'. Did you mean '--verbosity'?"),
        (["-x"], "'paint' has no option '-x'."), (["--no-input=1"], "--no-input takes no value."),
    ])
    func `an option that the command does not have is refused`(_ line: [String], _ problem: String) {
        let error = #expect(throws: CommandError.self) { try Arguments(line, for: Paint()) }
        #expect(error?.description == "\(problem) Usage: manage paint [WALL …] [--color COLOR] [--dry]")
        #expect(error?.exitCode == 2)
    }
}
