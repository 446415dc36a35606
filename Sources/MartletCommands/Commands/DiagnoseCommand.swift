package import MartletSite
package import MartletTiming

/// Tries whatever the site depends on, for people and for Nagios.
package struct DiagnoseCommand: Command {
    package let name = "diagnose"
    package let summary =
        "Tries database, cache, mail, disk and what apps add; ends with the status of a Nagios plugin."
    package let role = Role.web

    let names = CommandArgument<[String]>("NAME", help: "Only these: database, cache, mail, disk, or what apps add.")
    let asRole = CommandOption<String?>(
        "role", help: "What a process of this role depends on: worker; web unless told.")

    private let time: TimeSource

    /// Makes the command; tests give it a time that they move.
    package init(time: TimeSource = .system) { self.time = time }

    package func run(_ context: CommandContext) async throws {
        let role = try role(context)
        let running = try Self.running(context, role)
        let diagnosis: Diagnosis
        do {
            let chosen = try Self.chosen(context.site.dependencies(running.settings), context.arguments[names])
            diagnosis = await Diagnosis.of(running, chosen, time: time)
        } catch {
            await running.close()
            throw error
        }
        await running.close()
        for line in diagnosis.lines { context.print(line.text) }
        let bad = diagnosis.lines.count { $0.finding.state != .ok }
        guard bad > 0 else { return }
        throw CommandError(
            "\(diagnosis.worst.word): \(bad) of \(diagnosis.lines.count) need attention.",
            exitCode: diagnosis.worst.rawValue)
    }

    /// What cannot even be tried is unknown to Nagios.
    private static func running(_ context: CommandContext, _ role: Role) throws(CommandError) -> RunningSite {
        do {
            return try RunningSite(context.site, settings: context.site.settings(context.environment, role: role))
        } catch {
            // Nagios reads the output, and a line each; what stands among the errors it does not see.
            for line in "\(error)".split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
                context.print("UNKNOWN settings: \(line.drop { $0.isWhitespace })")
            }
            throw CommandError(
                "UNKNOWN: the settings are not complete.", exitCode: Finding.State.unknown.rawValue)
        }
    }

    /// To Nagios 2 is the status of what is critical, and a wrong word is not.
    private func role(_ context: CommandContext) throws(CommandError) -> Role {
        do throws(CommandError) {
            return try context.role(named: try context.arguments[asRole])
        } catch {
            throw CommandError("UNKNOWN: \(error)", exitCode: Finding.State.unknown.rawValue)
        }
    }

    private static func chosen(_ all: [Dependency], _ names: [String]) throws(CommandError) -> [Dependency] {
        for name in names where !all.contains(where: { $0.name == name }) {
            let known = all.map(\.name).joined(separator: ", ")
            throw CommandError(
                "UNKNOWN: there is no dependency '\(name)'; there are \(known).",
                exitCode: Finding.State.unknown.rawValue)
        }
        return names.isEmpty ? all : all.filter { names.contains($0.name) }
    }
}
