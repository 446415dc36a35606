import MartletSite
import MartletValues

/// The commands of a site, by name.
struct CommandList: Sendable {
    let all: [any Command]

    /// The standard commands, the apps' and the site's own.
    ///
    /// A command of an app takes the place of a standard one of the same name, and one of the site's own that of both.
    ///
    /// - Throws: ``CommandError`` when two apps, or the site itself, have two of one name: which would be meant?
    init(own: [any Command], apps: [App]) throws(CommandError) {
        var chosen: [String: any Command] = [:]
        for command in own where chosen.updateValue(command, forKey: command.name) != nil {
            throw CommandError("manage(site, commands:) has two commands '\(command.name)'. Rename one of them.")
        }
        let settled = Set(chosen.keys)
        var owners: [String: String] = [:]
        for app in apps {
            for command in app.commands where !settled.contains(command.name) {
                if let other = owners.updateValue(app.label, forKey: command.name) {
                    throw Self.twice(command.name, in: other, and: app.label)
                }
                chosen[command.name] = command
            }
        }
        for command in standardCommands where chosen[command.name] == nil { chosen[command.name] = command }
        all = chosen.values.sorted { $0.name < $1.name }
    }

    private static func twice(_ name: String, in first: String, and second: String) -> CommandError {
        let owners =
            first == second
            ? "The app '\(first)' has two commands" : "The apps '\(first)' and '\(second)' both have a command"
        return CommandError(
            "\(owners) '\(name)'. Rename one of them, or hand the one that is meant to manage(site, commands:).")
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
