import FoundationEssentials
import Glibc
public import MartletSite

/// The commands every site has.
public let standardCommands: [any Command] = [
    BackupCommand(), CheckCommand(), ClearSessionsCommand(), DiagnoseCommand(), EnvExampleCommand(), LoadDataCommand(),
    MakeMigrationsCommand(), MigrateCommand(), RunServerCommand(), SettingsCommand(), ShowMigrationsCommand(),
    ShowURLsCommand(), SQLMigrateCommand(),
]

/// Runs the command that the process's arguments name, and ends the process with its status.
///
/// ```swift
/// @main struct Manage {
///     static func main() async { await manage(site) }
/// }
/// ```
///
/// - Parameter commands: The site's own commands; one may take the place of a standard one of the same name.
public func manage(_ site: Site, commands: [any Command] = []) async -> Never {
    let environment = Environment(
        ofProcess: ProcessInfo.processInfo.environment, dotEnv: site.dotEnvPath, folder: site.folder)
    let status = await run(
        Array(CommandLine.arguments.dropFirst()), site: site, commands: commands, environment: environment,
        print: { Terminal.write($0 + "\n", to: STDOUT_FILENO) }, report: { Terminal.report($0) },
        ask: isatty(STDIN_FILENO) == 1 ? Terminal.ask : nil)
    exit(status)
}

/// Runs a command line as `manage` does, without ending the process: what tests call.
///
/// - Parameters:
///   - line: The command's name and what follows it.
///   - print: Takes what the command says.
///   - report: Takes what went wrong.
/// - Returns: The exit status: 0 done, 1 failed, 2 not understood.
public func run(
    _ line: [String], site: Site, commands: [any Command] = [], environment: Environment,
    print: @escaping @Sendable (String) -> Void, report: @Sendable (String) -> Void,
    ask: (@Sendable (String) -> String?)? = nil
) async -> Int32 {
    let own = Set(commands.map(\.name))
    let all = (commands + standardCommands.filter { !own.contains($0.name) }).sorted { $0.name < $1.name }
    guard let name = line.first, !["help", "--help", "-h"].contains(name) else {
        if let about = line.dropFirst().first, !all.contains(where: { $0.name == about }) {
            report(unknown(about, among: all.map(\.name)))
            return 2
        }
        print(help(all, about: line.dropFirst().first))
        return 0
    }
    guard let command = all.first(where: { $0.name == name }) else {
        report(unknown(name, among: all.map(\.name)))
        return 2
    }
    if line.contains("--help") {
        print(help(all, about: name))
        return 0
    }
    do {
        let arguments = try Arguments(Array(line.dropFirst()), for: command)
        let context = CommandContext(
            site: site, environment: environment, arguments: arguments, role: command.role, print: print, ask: ask)
        try await command.run(context)
        return 0
    } catch let error as CommandError {
        report("manage \(name): \(error)")
        return error.exitCode
    } catch {
        report("manage \(name): \(error)")
        return 1
    }
}

private func help(_ commands: [any Command], about name: String?) -> String {
    if let command = commands.first(where: { $0.name == name }) {
        return "Usage: manage \(command.usage)\n\n\(command.summary)"
    }
    let width = commands.map(\.name.count).max() ?? 0
    let lines = commands.map { command in
        "  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)"
    }
    return "Usage: manage COMMAND …\n\n" + lines.joined(separator: "\n") + "\n\nmanage help COMMAND tells more."
}

private func unknown(_ name: String, among names: [String]) -> String {
    let near = names.min { Spelling.distance($0, name) < Spelling.distance($1, name) }
    let hint = near.flatMap { Spelling.distance($0, name) <= 3 ? " Did you mean '\($0)'?" : nil } ?? ""
    return "manage: there is no command '\(name)'.\(hint) manage help lists them."
}

enum Terminal {
    /// Writes a line to standard error.
    static func report(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes at once, past the buffers of C, which have one owner only where there is one thread.
    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// Prints a question and reads the answer; `nil` at the end of input.
    @Sendable static func ask(_ question: String) -> String? {
        write(question + " ", to: STDOUT_FILENO)
        return readLine(strippingNewline: true)
    }
}

extension Site {
    /// The `.env` file of the site's folder.
    var dotEnvPath: String { path(".env") }
}
