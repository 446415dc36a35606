import Dispatch
import FoundationEssentials
import Glibc
import MartletIO
import MartletServer
import MartletSite

/// Serves the site while it is being made: builds and restarts it when a source changes.
struct RunServerCommand: Command {
    let name = "runserver"
    let summary = "Serves the site, and builds and restarts it when a source changes."
    let discussion = """
        The old version goes on while a build fails, and its pages show the compiler's errors. Without DEBUG, and where
        there is no Package.swift, it only serves, as serve does.
        """
    let role = Role.web

    let addresses = CommandArgument<[String]>(
        "ADDRESS", help: "[HOST:]PORT or unix:PATH; HOST and PORT of the settings unless told.")
    let isFixed = CommandFlag("no-reload", help: "Only serves.")
    let build = CommandOption<String?>(
        "build-command", placeholder: "LINE", help: "What builds the program; swift build unless told.")

    func run(_ context: CommandContext) async throws {
        let addresses = try context.arguments[addresses]
        let settings = try context.settings()
        let build = ProjectBuild(folder: context.site.folder, command: try context.arguments[build])
        guard settings.debug, !context.arguments[isFixed], !InheritedSockets.arePresent, let build else {
            return try await Serving(addresses: addresses, reports: Self.reports()).run(context)
        }
        // Waits on descriptors, so on a thread of its own.
        let status = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "martlet.development").async {
                continuation.resume(
                    with: Result {
                        try DevelopmentServer(
                            build, addresses: addresses, terminal: context.terminal, say: { context.note($0) }
                        ).run()
                    })
            }
        }
        // The server has said why.
        if status != 0 { throw CommandError("", exitCode: status) }
    }

    /// The reports of the process that builds, where there is one; with its end this process ends, too.
    private static func reports() -> BuildReports? {
        guard ProcessInfo.processInfo.environment[BuildReports.variable] == "1" else { return nil }
        let reports = BuildReports()
        reports.read(from: STDIN_FILENO) { kill(getpid(), SIGTERM) }
        return reports
    }
}
