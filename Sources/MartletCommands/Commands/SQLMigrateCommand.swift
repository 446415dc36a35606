import MartletMigrations
import MartletSite

/// Prints the SQL of a migration.
struct SQLMigrateCommand: Command {
    let name = "sqlmigrate"
    let summary = "Prints the SQL of a migration, which is not run."
    let usage = "sqlmigrate APP MIGRATION [--backwards] [--database NAME]"
    let valueOptions: Set<String> = ["database"]
    let flags: Set<String> = ["backwards"]

    func run(_ context: CommandContext) async throws {
        let words = context.arguments.words
        guard words.count == 2 else {
            throw CommandError("Name an app and a migration. Usage: manage \(usage)", exitCode: 2)
        }
        try await context.withSite { running in
            let graph = try context.site.migrationGraph
            let name = try graph.find(words[1], in: words[0])
            let executor = try running.migrationExecutor(on: context.arguments.value("database"))
            context.print(try executor.sql(for: name, backwards: context.arguments.has("backwards")))
        }
    }
}
