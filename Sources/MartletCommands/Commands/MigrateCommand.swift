import MartletMigrations
import MartletSite

/// Brings the database to a migration.
struct MigrateCommand: Command {
    let name = "migrate"
    let summary = "Applies migrations, or undoes them back to the one named."
    let usage = "migrate [APP [MIGRATION|zero]] [--plan] [--fake]"
    let flags: Set<String> = ["plan", "fake"]

    func run(_ context: CommandContext) async throws {
        let words = context.arguments.words
        guard words.count <= 2 else {
            throw CommandError("At most an app and a migration. Usage: manage \(usage)", exitCode: 2)
        }
        let target = MigrationTarget(app: words.first, name: words.dropFirst().first)
        try await context.withSite { running in
            let executor = MigrationExecutor(running.database, try context.site.migrationGraph)
            if context.arguments.has("plan") {
                let plan = try await executor.plan(to: target)
                for step in plan { context.print("\(step)") }
                if plan.isEmpty { context.print("Nothing to migrate.") }
                return
            }
            let done = try await executor.migrate(to: target, fake: context.arguments.has("fake")) { step in
                context.print("  \(step)…")
            }
            context.print(
                done.isEmpty ? "Nothing to migrate." : "Migrated: \(done.count) step\(done.count == 1 ? "" : "s").")
        }
    }
}
