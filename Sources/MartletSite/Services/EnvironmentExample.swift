/// The text of `.env.example`: every variable with what it is for and who reads it.
package struct EnvironmentExample {
    private let settings: [DeclaredSetting]
    private let services: [Service]

    /// Makes the text of what a site asks for in production.
    package init(_ site: Site) {
        settings = site.readSettings(Environment([:])).0.declared
        services = site.services
    }

    /// The text.
    package var text: String {
        var parts = [Self.heading]
        var section = ""
        for setting in settings {
            if setting.section != section {
                section = setting.section
                parts.append("# \(Self.rule(section))")
            }
            parts.append(entry(setting))
        }
        let others = serviceVariables
        if !others.isEmpty {
            parts.append("# \(Self.rule("The other services"))")
            parts += others
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private static let heading = """
        # Written by `manage env-example`. Copy it to .env and fill in what is required. What stands behind a # is the
        # default, or an example where there is none. A secret may stand in a file instead: SECRET_KEY_FILE=/run/secrets/key.
        """

    /// `---- The database ----…`, as wide as the text.
    private static func rule(_ title: String) -> String {
        let start = "---- \(title) "
        return start + String(repeating: "-", count: max(4, 98 - start.count))
    }

    private func entry(_ setting: DeclaredSetting) -> String {
        let value = setting.example ?? (setting.isSecret ? nil : setting.defaultText) ?? ""
        let isRequired = setting.isRequired || services.contains { $0.requires(setting.name) }
        let isWritten = isRequired || setting.isSetInExample
        let shown = isRequired && !setting.isSetInExample ? "" : Self.quoted(value)
        return Self.comment(setting.about, readBy: readers(of: setting), isRequired: isRequired)
            + "\(isWritten ? "" : "# ")\(setting.name)=\(shown)"
    }

    /// Variables of services that are no settings, each once, in the order of the services.
    private var serviceVariables: [String] {
        var seen = Set(settings.map(\.name))
        return services.flatMap(\.variables).compactMap { variable in
            guard seen.insert(variable.name).inserted else { return nil }
            let names = names(reading: variable.name).joined(separator: ", ")
            return Self.comment(variable.about, readBy: names, isRequired: variable.isRequired)
                + "\(variable.name)=\(Self.quoted(variable.value ?? ""))"
        }
    }

    /// The services that read a variable beside the settings of their process.
    private func names(reading variable: String) -> [String] {
        services.filter { $0.variables.contains { $0.name == variable } }.map(\.name)
    }

    /// The services whose process needs the setting, or else the roles; then those that read it otherwise.
    private func readers(of setting: DeclaredSetting) -> String {
        let running = services.filter { $0.role != nil }
        let others = names(reading: setting.name)
        let roles = setting.roles == .all && running.isEmpty ? "every process" : "\(setting.roles)"
        let names = running.filter { $0.role.map(setting.roles.contains) == true }.map(\.name)
        return ((names.isEmpty ? [roles] : names) + others).joined(separator: ", ")
    }

    /// The comment, wrapped; shell and compose both end lines where they end.
    private static func comment(_ about: String, readBy: String, isRequired: Bool) -> String {
        var about = about.filter { $0 != "`" }
        if let last = about.last, !".?!".contains(last) { about += "." }
        var lines: [String] = []
        var line = "#"
        for word in about.split(separator: " ") {
            if line.count + 1 + word.count > 100, line != "#" {
                lines.append(line)
                line = "#"
            }
            line += " \(word)"
        }
        lines += [line, "# \(isRequired ? "Required. " : "")Read by: \(readBy)."]
        return lines.map { "\($0)\n" }.joined()
    }

    /// The value as shells, Docker and Martlet read it alike.
    private static func quoted(_ value: String) -> String {
        let special: Set<Character> = [
            " ", "\t", "#", "'", "\"", "$", "\\", "\n", "\r", "`", ";", "&", "|", "<", ">", "(", ")",
        ]
        guard value.contains(where: { special.contains($0) }) else { return value }
        guard value.contains("'") || value.contains("\n") else { return "'\(value)'" }
        let escaped = value.reduce(into: "") { text, character in
            switch character {
            case "\\", "\"", "$": text += "\\\(character)"
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return "\"\(escaped)\""
    }
}

extension Service {
    fileprivate func requires(_ variable: String) -> Bool {
        variables.contains { $0.name == variable && $0.isRequired }
    }
}
