import FoundationEssentials
import MartletSite

/// Writes the file that tells an operator which variables there are.
struct EnvExampleCommand: Command {
    let name = "env-example"
    let summary = "Writes .env.example: every variable, what it is for, and which services read it."
    let usage = "env-example [FILE | -] [--check]"
    let flags: Set<String> = ["check"]

    func run(_ context: CommandContext) async throws {
        try context.arguments.atMost(1)
        let text = EnvironmentExample(context.site).text
        let file = context.arguments.words.first ?? ".env.example"
        if file == "-" { return context.print(String(text.dropLast())) }
        let path = context.site.path(file)
        let old = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        guard old != text else { return context.print("\(path) is up to date.") }
        if context.arguments.has("check") {
            throw CommandError("\(path) does not tell what the settings are. Run `manage env-example`.")
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError("\(path) cannot be written: \(error)")
        }
        context.print("Wrote \(path).")
    }
}
