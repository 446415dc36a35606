import FoundationEssentials
import Glibc
import MartletLogging
import MartletMigrations
public import MartletSite

/// The commands every site has.
public let standardCommands: [any Command] = [
    BackupCommand(), CheckCommand(), ClearSessionsCommand(), CollectStaticCommand(), CompletionCommand(),
    CreateCacheTableCommand(), DBShellCommand(), DiagnoseCommand(), DumpDataCommand(), EnvExampleCommand(),
    FindStaticCommand(), FlushCommand(), GraphModelsCommand(), InspectDBCommand(), LoadDataCommand(),
    MakeMigrationsCommand(), MigrateCommand(), OptimizeMigrationCommand(), QueryCommand(), RunServerCommand(),
    SQLFlushCommand(), SQLMigrateCommand(), SendTestEmailCommand(), ServeCommand(), SettingsCommand(),
    ShowMigrationsCommand(), ShowURLsCommand(), SquashMigrationsCommand(), StartAppCommand(), TestCommand(),
    VersionCommand(),
]

/// Runs the command that the process's arguments name, and ends the process with its status.
///
/// ```swift
/// @main struct Manage {
///     static func main() async { await manage(site) }
/// }
/// ```
///
/// - Parameter commands: The site's own commands; one may take the place of an app's or a standard one of the same
///   name.
public func manage(_ site: Site, commands: [any Command] = []) async -> Never {
    let environment = Environment(
        ofProcess: ProcessInfo.processInfo.environment, dotEnv: site.dotEnvPath, folder: site.folder)
    let terminal = Terminal.standardOutput()
    // What goes wrong is read on another stream, which may be a file while the output is not.
    let errors = Terminal(
        isInteractive: false, hasColors: Terminal.hasColors(on: STDERR_FILENO, CommandLine.arguments))
    let output = StandardOutput(descriptor: STDOUT_FILENO)
    let report: @Sendable (String) -> Void = { StandardStreams.report(errors.styled($0, .red)) }
    let status = await Logger.with(LogSettings(of: site, environment)) {
        await run(
            Array(CommandLine.arguments.dropFirst()), site: site, commands: commands, environment: environment,
            print: output.print, report: report,
            ask: isatty(STDIN_FILENO) == 1 ? StandardStreams.ask : nil, terminal: terminal)
    }
    exit(output.status(of: status, report: report))
}

/// Runs a command line as `manage` does, without ending the process: what tests call.
///
/// - Parameters:
///   - line: The command's name and what follows it.
///   - print: Takes what the command says.
///   - report: Takes what went wrong.
///   - ask: Asks a person; `nil` where there is none.
///   - terminal: What reads the output.
/// - Returns: The exit status: 0 done, 1 failed, 2 not understood.
public func run(
    _ line: [String], site: Site, commands: [any Command] = [], environment: Environment,
    print: @escaping @Sendable (String) -> Void, report: @Sendable (String) -> Void,
    ask: (@Sendable (String) -> String?)? = nil, terminal: Terminal = .none
) async -> Int32 {
    do {
        let all = try CommandList(own: commands, apps: site.apps)
        guard let command = try all.command(of: line) else {
            print(try all.help(for: line))
            return 0
        }
        return await run(command, Array(line.dropFirst()), report: report) { arguments in
            CommandContext(
                site: site, environment: environment, arguments: arguments, role: command.role, print: print, ask: ask,
                terminal: terminal, commands: all.all)
        }
    } catch {
        report("manage: \(error)")
        return error.exitCode
    }
}

private func run(
    _ command: any Command, _ line: [String], report: @Sendable (String) -> Void,
    context: (Arguments) -> CommandContext
) async -> Int32 {
    do {
        try await command.run(context(Arguments(line, for: command)))
        return 0
    } catch let error as CommandError {
        if !error.description.isEmpty { report("manage \(command.name): \(error)") }
        return error.exitCode
    } catch {
        // A file that Foundation could not handle is told in the system's words.
        let path = (error as? CocoaError)?.filePath.map { "'\($0)': " } ?? ""
        report("manage \(command.name): " + (SystemRefusal(error).map { "\(path)\($0)." } ?? "\(error)"))
        return 1
    }
}

extension Site {
    /// The `.env` file of the site's folder.
    var dotEnvPath: String { path(".env") }
}

extension LogSettings {
    /// What the environment says, whatever else is wrong with it: the command itself reports that. Where the log cannot be
    /// opened, lines go to standard error.
    fileprivate init(of site: Site, _ environment: Environment) {
        let (_, settings) = site.readSettings(environment, role: .command)
        let sink = (try? settings.logging.makeSink()) ?? StreamSink.standardError()
        sink.flushWhenProcessEnds()
        self.init(levels: settings.logging.levels, sink: sink)
    }
}
