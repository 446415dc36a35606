import MartletSite

/// The texts of `manage help`.
enum CommandHelp {
    /// All commands, one a line.
    static func list(_ commands: [any Command]) -> String {
        let rows = commands.map { ($0.name, $0.summary) }
        return "Usage: manage COMMAND …\n\n" + columns(rows) + "\n\nmanage help COMMAND tells more."
    }

    /// One command: its usage, what it does, and what may follow it.
    static func text(of command: any Command) -> String {
        var parts = ["Usage: manage \(command.usage)", command.summary]
        if !command.discussion.isEmpty { parts.append(command.discussion) }
        let own = command.parameters.map(\.specification)
        let arguments = own.filter { $0.kind == .word }
        if !arguments.isEmpty { parts.append("Arguments:\n" + columns(arguments.map(row))) }
        let options = own.filter { $0.kind != .word }
        if !options.isEmpty { parts.append("Options:\n" + columns(options.map(row))) }
        let common = CommonOptions.all.filter { common in !own.contains { $0.label == common.label } }
        parts.append("Options of every command:\n" + columns(common.map(row)))
        return parts.joined(separator: "\n\n")
    }

    private static func row(_ specification: ParameterSpecification) -> (String, String) {
        var name = specification.label
        if let short = specification.short { name = "-\(short), \(name)" }
        if specification.kind == .option { name += " \(specification.placeholder)" }
        var notes: [String] = []
        if !specification.choices.isEmpty { notes.append(specification.choices.joined(separator: ", ")) }
        if let text = specification.defaultText, !text.isEmpty { notes.append("default: \(text)") }
        if specification.isRepeated { notes.append("may be repeated") }
        return (name, specification.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"))
    }

    private static func columns(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, text in
            "  \(name)\(String(repeating: " ", count: width - name.count))  \(text)"
        }.joined(separator: "\n")
    }
}
