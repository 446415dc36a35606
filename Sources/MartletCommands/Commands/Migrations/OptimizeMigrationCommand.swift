import MartletMigrations
import MartletSite

/// Folds the operations of a migration.
///
/// Source: [Django, `optimizemigration`](https://docs.djangoproject.com/en/5.2/ref/django-admin/#optimizemigration).
struct OptimizeMigrationCommand: Command {
    let name = "optimizemigration"
    let summary = "Writes a migration anew with its operations folded."

    let app = CommandArgument<String>("APP", completion: .apps, help: "The app.")
    let migration = CommandArgument<String>(
        "MIGRATION", completion: .migrations, help: "Its name, or the beginning of it.")
    let isCheck = CommandFlag("check", help: "Fails when it could be folded, and writes nothing.")

    func run(_ context: CommandContext) async throws {
        let (app, prefix) = (try context.arguments[app], try context.arguments[migration])
        try context.site.requireListedMigrations()
        let graph = try context.site.migrationGraph
        let name = try graph.find(prefix, in: app)
        guard let draft = MigrationDraft(optimizing: name, in: graph), let old = graph.migration(name) else {
            return context.note("No optimizations possible.")
        }
        context.note(
            "Optimizing from \(old.operations.count) operations to \(draft.migration.operations.count) operations.")
        if context.arguments[isCheck] { throw CommandError("\(name) can be optimized.") }
        let path = try MigrationWriter().rewrite(draft, in: graph)
        context.note("Wrote \(path), without the comments that were in it.")
    }
}
