import MartletJSON
import MartletSite
import MartletValues

/// Prints every setting with its value and where that came from.
struct SettingsCommand: Command {
    let name = "settings"
    let summary = "Prints every setting, secrets hidden, with the place that its value came from."
    let role = Role.web

    let names = CommandArgument<[String]>("NAME", help: "Only these settings: SECRET_KEY.")
    let asRole = CommandOption<String?>("role", help: "As a process of this role has them: worker; web unless told.")
    let isJSON = CommandFlag("json", help: "Prints JSON, for programs.")

    func run(_ context: CommandContext) async throws {
        let names = try context.arguments[names]
        let role = try context.role(named: try context.arguments[asRole])
        let (reader, _) = context.site.readSettings(context.environment, role: role)
        let chosen = try Self.chosen(reader.declared, names)
        if context.arguments[isJSON] {
            let json = try JSON.encode(chosen.map { Entry($0, isNeeded: $0.roles.contains(role)) })
            context.print(String(decoding: json, as: UTF8.self))
        } else {
            for line in Self.lines(chosen) { context.print(line) }
            if names.isEmpty { notes(context, reader).forEach(context.print) }
        }
        guard reader.problems.isEmpty else { throw CommandError("\(SettingsProblems(reader))") }
    }

    private static func chosen(_ all: [DeclaredSetting], _ names: [String]) throws(CommandError) -> [DeclaredSetting] {
        var chosen: [DeclaredSetting] = []
        for name in names {
            guard let setting = all.first(where: { $0.name == name }) else {
                let near = Suggestion.text(for: name, among: all.map(\.name))
                throw CommandError("There is no setting '\(name)'.\(near)")
            }
            chosen.append(setting)
        }
        return names.isEmpty ? all : chosen
    }

    /// Columns, below the headings of the sections.
    private static func lines(_ settings: [DeclaredSetting]) -> [String] {
        // A long value pushes its own origin away and nobody else's.
        let width = min(56, settings.map { $0.name.count + 3 + $0.value.count }.max() ?? 0)
        var lines: [String] = []
        var section = ""
        for setting in settings {
            if setting.section != section {
                section = setting.section
                lines += (lines.isEmpty ? [] : [""]) + ["# \(section)"]
            }
            let text = "\(setting.name) = \(setting.value)"
            lines.append(text + String(repeating: " ", count: max(0, width - text.count)) + "  \(setting.origin)")
        }
        return lines
    }

    /// What is worth a look: how `.env` was read, values that look odd, names that nobody reads.
    private func notes(_ context: CommandContext, _ reader: SettingsReader) -> [String] {
        let notes =
            context.environment.notes + reader.oddities + context.site.strayVariables(context.environment, reader)
        return notes.isEmpty ? [] : ["", "# Worth a look"] + notes.map { "- \($0)" }
    }

    /// A setting for programs.
    private struct Entry: Encodable {
        let name: String
        let value: String
        let origin: String
        let roles: String
        let isNeeded: Bool
        let isSecret: Bool

        init(_ setting: DeclaredSetting, isNeeded: Bool) {
            name = setting.name
            value = setting.value
            origin = setting.origin
            roles = "\(setting.roles)"
            isSecret = setting.isSecret
            self.isNeeded = isNeeded
        }
    }
}

/// Settings that are not complete, as the start of a process would say it.
private struct SettingsProblems: CustomStringConvertible {
    let description: String

    init(_ reader: SettingsReader) {
        do throws(SettingsError) {
            try reader.finish()
            description = ""
        } catch {
            description = "\(error)"
        }
    }
}

extension Site {
    /// Variables of a `.env` file that nothing reads, and what may have been meant.
    func strayVariables(_ environment: Environment, _ reader: SettingsReader) -> [String] {
        let known = Set(reader.declared.flatMap { $0.isSecret ? [$0.name, "\($0.name)_FILE"] : [$0.name] })
            .union(services.flatMap { $0.variables.map(\.name) }).union(["ENV_FILE"])
        return environment.namesInFile.filter { !known.contains($0.name) }.map { name, origin in
            let near = Suggestion.nearest(to: name, among: known.sorted()).map { " Did you mean \($0)?" } ?? ""
            return "\(name) (\(origin)) is read by nothing.\(near)"
        }
    }
}
