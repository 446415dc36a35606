import MartletSite

/// Serves the site while it is being made.
struct RunServerCommand: Command {
    let name = "runserver"
    let summary = "Serves the site until Ctrl-C or SIGTERM; SIGHUP lets a new process take over."
    let role = Role.web

    let addresses = CommandArgument<[String]>(
        "ADDRESS", help: "[HOST:]PORT or unix:PATH; HOST and PORT of the settings unless told.")

    func run(_ context: CommandContext) async throws {
        try await Serving(addresses: context.arguments[addresses]).run(context)
    }
}
