/// The commands of a site, by name.
struct CommandList: Sendable {
    let all: [any Command]

    /// The standard commands and the site's own; one of these may take the place of a standard one.
    init(own: [any Command]) {
        var seen: Set<String> = []
        all = (own + standardCommands).filter { seen.insert($0.name).inserted }.sorted { $0.name < $1.name }
    }

    /// The command that a line calls; `nil` when it asks for help.
    func command(of line: [String]) throws(CommandError) -> (any Command)? {
        guard let name = line.first, !["help", "--help", "-h"].contains(name) else { return nil }
        if name == "--version" { return try named("version") }
        let command = try named(name)
        // What follows `--` is a word, whatever it looks like.
        let options = line.prefix { $0 != "--" }
        return options.contains("--help") || options.contains("-h") ? nil : command
    }

    /// The text that a line asks for: about one command, or the list.
    func help(for line: [String]) throws(CommandError) -> String {
        let about = line.first { !["help", "--help", "-h"].contains($0) }
        guard let about else { return CommandHelp.list(all) }
        return CommandHelp.text(of: try named(about))
    }

    func named(_ name: String) throws(CommandError) -> any Command {
        if let command = all.first(where: { $0.name == name }) { return command }
        let hint = Suggestion.text(for: name, among: all.map(\.name))
        throw CommandError("there is no command '\(name)'.\(hint) manage help lists them.", exitCode: 2)
    }
}
