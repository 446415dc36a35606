import MartletMigrations
import MartletSite

/// Prints the SQL of a migration.
struct SQLMigrateCommand: Command {
    let name = "sqlmigrate"
    let summary = "Prints the SQL of a migration, which is not run."

    let app = CommandArgument<String>("APP", completion: .apps, help: "The app.")
    let migration = CommandArgument<String>(
        "MIGRATION", completion: .migrations, help: "Its name, or the beginning of it.")
    let isBackwards = CommandFlag("backwards", help: "The SQL that undoes it.")
    let database = CommandOption.database

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        try await context.withSite { running in
            let graph = try context.site.migrationGraph
            let name = try graph.find(arguments[migration], in: arguments[app])
            let executor = try running.migrationExecutor(on: arguments[database])
            context.print(try executor.sql(for: name, backwards: arguments[isBackwards]))
        }
    }
}
