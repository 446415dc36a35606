import MartletCommands
import Testing

private struct Paint: Command {
    let name = "paint"
    let summary = "Paints."
    let usage = "paint [WALL …] [--color COLOR] [--dry]"
    let valueOptions: Set<String> = ["color"]
    let flags: Set<String> = ["dry"]

    func run(_ context: CommandContext) async throws {
        context.print("painted \(try context.arguments.required("WALL"))")
    }
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
        let arguments = try Arguments(line, for: Paint())
        #expect(arguments.words == words)
        #expect(arguments.value("color") == color)
        #expect(arguments.has("dry") == isDry)
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

    @Test func `a word that is required is there or missing`() throws {
        #expect(try Arguments(["wall"], for: Paint()).required("WALL") == "wall")
        let error = #expect(throws: CommandError.self) { try Arguments([], for: Paint()).required("WALL") }
        #expect(error?.description == "WALL is missing. Usage: manage paint [WALL …] [--color COLOR] [--dry]")
        #expect(error?.exitCode == 2)
    }
}
