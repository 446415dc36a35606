import MartletMigrations
import MartletSite

/// Folds the operations of a migration.
///
/// Source: [Django, `optimizemigration`](https://docs.djangoproject.com/en/5.2/ref/django-admin/#optimizemigration).
struct OptimizeMigrationCommand: Command {
    let name = "optimizemigration"
    let summary = "Writes a migration anew with its operations folded."

    let usage = "optimizemigration APP MIGRATION [--check]"
    let flags: Set<String> = ["check"]

    func run(_ context: CommandContext) async throws {
        let words = context.arguments.words
        guard words.count == 2 else {
            throw CommandError("Name an app and a migration. Usage: manage \(usage)", exitCode: 2)
        }
        try context.site.requireListedMigrations()
        let graph = try context.site.migrationGraph
        let name = try graph.find(words[1], in: words[0])
        guard let draft = MigrationDraft(optimizing: name, in: graph), let old = graph.migration(name) else {
            return context.print("No optimizations possible.")
        }
        context.print(
            "Optimizing from \(old.operations.count) operations to \(draft.migration.operations.count) operations.")
        if context.arguments.has("check") { throw CommandError("\(name) can be optimized.") }
        context.print("Wrote \(try MigrationWriter().rewrite(draft, in: graph)), without the comments that were in it.")
    }
}
