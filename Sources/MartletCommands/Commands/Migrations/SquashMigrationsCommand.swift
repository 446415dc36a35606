import MartletMigrations
import MartletSite

/// Makes one migration of several.
///
/// Source: [Django, `squashmigrations`](https://docs.djangoproject.com/en/5.2/ref/django-admin/#squashmigrations).
struct SquashMigrationsCommand: Command {
    let name = "squashmigrations"
    let summary = "Makes one migration of several, for databases that have none of them."

    let app = CommandArgument<String>("APP", completion: .apps, help: "The app.")
    let words = CommandArgument<[String]>(
        "MIGRATION", isRequired: true, completion: .migrations,
        help: "The first one, if not the app's first, and the last one.")
    let title = CommandOption<String?>(
        "squashed-name", help: "The name behind the number; squashed_ and the last one's unless given.")
    let noOptimize = CommandFlag("no-optimize", help: "Operations are not folded.")

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        let (app, words) = (try arguments[app], try arguments[words])
        guard words.count <= 2 else {
            throw CommandError("'\(words[2])' is one word too many. Usage: manage \(usage)", exitCode: 2)
        }
        try context.site.requireListedMigrations()
        let graph = try context.site.migrationGraph
        let squash = try MigrationSquash(
            graph, from: words.count == 2 ? try graph.find(words[0], in: app) : nil,
            to: try graph.find(words[words.count - 1], in: app), name: try arguments[title],
            optimized: !arguments[noOptimize])
        context.note("Will squash the following migrations:")
        for part in squash.replaced { context.note("  - \(part.name)") }
        if !arguments[CommonOptions.noInput] {
            let ask = try context.requireAsking("A migration that stands for others is written when somebody agrees.")
            guard ["y", "yes"].contains(ask("Do you wish to proceed? [y/N]")?.lowercased()) else {
                return context.note("Nothing was written.")
            }
        }
        let count = squash.draft.migration.operations.count
        context.note(
            count == squash.operationCount
                ? "No optimizations possible." : "Optimized from \(squash.operationCount) operations to \(count).")
        for path in try MigrationWriter().write([squash.draft], in: graph) { context.note("Wrote \(path)") }
        for lender in squash.lenders {
            context.note("Move the code of \(lender) into the new migration before you delete the old file.")
        }
        context.note(
            "Build again, and commit. When every database has gone through the old ones, delete their files and lines "
                + "in the index, and `replaces:` in the new one.")
    }
}
