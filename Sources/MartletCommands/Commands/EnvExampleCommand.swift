import FoundationEssentials
import MartletSite

/// Writes the file that tells an operator which variables there are.
struct EnvExampleCommand: Command {
    let name = "env-example"
    let summary = "Writes .env.example: every variable, what it is for, and which services read it."

    let file = CommandArgument(
        "FILE", default: ".env.example", completion: .files, help: "Where it is written; - prints it.")
    let isCheck = CommandFlag("check", help: "Fails when the file tells something else, and writes nothing.")

    func run(_ context: CommandContext) async throws {
        let text = EnvironmentExample(context.site).text
        let file = try context.arguments[file]
        if file == "-" { return context.print(String(text.dropLast())) }
        let path = context.site.path(file)
        let old = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        guard old != text else { return context.note("\(path) is up to date.") }
        if context.arguments[isCheck] {
            throw CommandError("\(path) does not tell what the settings are. Run `manage env-example`.")
        }
        try NamedFile.write(text, to: path)
        context.note("Wrote \(path).")
    }
}
