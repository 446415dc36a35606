import FoundationEssentials
import MartletSite

/// Prints what makes a shell complete commands, options and their values.
struct CompletionCommand: Command {
    let name = "completion"
    let summary = "Prints the lines that make bash or zsh complete the words of manage."
    let discussion = "For this shell: eval \"$(manage completion bash)\""

    let shell = CommandArgument<CompletionShell>("SHELL", help: "Whose lines.")
    let words = CommandArgument<[String]>("WORD", help: "The line so far, with --candidates.")
    let isAsking = CommandFlag("candidates", help: "Prints what fits for the last word: what those lines ask for.")

    func run(_ context: CommandContext) async throws {
        let shell = try context.arguments[shell]
        let words = try context.arguments[words]
        guard context.arguments[isAsking] else {
            if let word = words.first { throw CommandError("'\(word)' is one word too many.", exitCode: 2) }
            let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
            return context.print(shell.script(for: program))
        }
        let candidates = CompletionCandidates(commands: context.commands, site: context.site)
        for (word, about) in candidates.of(words) { context.print("\(word)\t\(about)") }
    }
}
