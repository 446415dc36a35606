import MartletMigrations
import MartletSite

/// Makes one migration of several.
///
/// Source: [Django, `squashmigrations`](https://docs.djangoproject.com/en/5.2/ref/django-admin/#squashmigrations).
struct SquashMigrationsCommand: Command {
    let name = "squashmigrations"
    let summary = "Makes one migration of several, for databases that have none of them."

    let usage = "squashmigrations APP [FIRST] LAST [--squashed-name NAME] [--no-optimize] [--no-input]"
    let valueOptions: Set<String> = ["squashed-name"]
    let flags: Set<String> = ["no-optimize", "no-input"]

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        try arguments.atMost(3)
        let app = try arguments.required("An app")
        let words = arguments.words.dropFirst()
        guard let last = words.last else {
            throw CommandError("The last migration is missing. Usage: manage \(usage)", exitCode: 2)
        }
        try context.site.requireListedMigrations()
        let graph = try context.site.migrationGraph
        let squash = try MigrationSquash(
            graph, from: words.count == 2 ? try graph.find(words[1], in: app) : nil,
            to: try graph.find(last, in: app), name: arguments.value("squashed-name"),
            optimized: !arguments.has("no-optimize"))
        context.print("Will squash the following migrations:")
        for part in squash.replaced { context.print("  - \(part.name)") }
        if let ask = context.ask, !arguments.has("no-input") {
            guard ["y", "yes"].contains(ask("Do you wish to proceed? [y/N]")?.lowercased()) else {
                return context.print("Nothing was written.")
            }
        }
        let count = squash.draft.migration.operations.count
        context.print(
            count == squash.operationCount
                ? "No optimizations possible." : "Optimized from \(squash.operationCount) operations to \(count).")
        for path in try MigrationWriter().write([squash.draft], in: graph) { context.print("Wrote \(path)") }
        for lender in squash.lenders {
            context.print("Move the code of \(lender) into the new migration before you delete the old file.")
        }
        context.print(
            "Build again, and commit. When every database has gone through the old ones, delete their files and lines "
                + "in the index, and `replaces:` in the new one.")
    }
}
