import MartletMigrations
import MartletSite

/// Lists the migrations and which are applied.
struct ShowMigrationsCommand: Command {
    let name = "showmigrations"
    let summary = "Lists the migrations; those with an X are applied."
    let usage = "showmigrations [APP …]"

    func run(_ context: CommandContext) async throws {
        let wanted = context.arguments.words
        try await context.withSite { running in
            let graph = try context.site.migrationGraph
            for app in wanted { _ = try graph.app(app) }
            for (app, migrations) in try await MigrationExecutor(running.database, graph).status() {
                guard wanted.isEmpty || wanted.contains(app) else { continue }
                context.print(app)
                for migration in migrations {
                    context.print(" [\(migration.applied == nil ? " " : "X")] \(migration.name.name)")
                }
                if migrations.isEmpty { context.print(" (no migrations)") }
            }
        }
    }
}
