import MartletSite

/// Serves the site until it is told to stop: what runs in production.
struct ServeCommand: Command {
    let name = "serve"
    let summary = "Serves the site until Ctrl-C or SIGTERM; SIGHUP lets a new process take over."
    let role = Role.web

    let addresses = CommandArgument<[String]>(
        "ADDRESS", help: "[HOST:]PORT or unix:PATH; HOST and PORT of the settings unless told.")

    func run(_ context: CommandContext) async throws {
        try await Serving(addresses: context.arguments[addresses]).run(context)
    }
}
