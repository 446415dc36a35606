import MartletSite

/// Hands the terminal to the database's own program.
struct DBShellCommand: Command {
    let name = "dbshell"
    let summary = "Opens the database's own program: psql or sqlite3."
    let discussion = "What stands behind -- goes to that program: manage dbshell -- -c 'SELECT 1'"

    let rest = CommandArgument<[String]>("OPTION", help: "Goes to the program as it is.")

    func run(_ context: CommandContext) async throws {
        let database = try context.settings().database
        let call = DatabaseShell(database, folder: context.site.folder)
        try call.replaceProcess(with: try context.arguments[rest])
    }
}
