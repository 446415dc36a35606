import MartletMigrations
import MartletORM
import MartletSite

/// Lists the migrations and which are applied.
struct ShowMigrationsCommand: Command {
    let name = "showmigrations"
    let summary = "Lists the migrations; those with an X are applied."

    let apps = CommandArgument<[String]>("APP", completion: .apps, help: "Only the migrations of these apps.")
    let isList = CommandFlag("list", help: "By app, which is what is done anyway.")
    let isPlan = CommandFlag("plan", help: "In the order in which they are applied, with what each depends on.")
    let hasDates = CommandFlag("dates", help: "With the time at which each was applied.")
    let database = CommandOption.database

    func run(_ context: CommandContext) async throws {
        let wanted = try context.arguments[apps]
        guard !context.arguments[isList] || !context.arguments[isPlan] else {
            throw CommandError("--list and --plan exclude each other. Usage: manage \(usage)", exitCode: 2)
        }
        try await context.withSite { running in
            let graph = try context.site.migrationGraph
            for app in wanted { _ = try graph.app(app) }
            let executor = try running.migrationExecutor(on: context.arguments[database])
            let status = try await executor.status()
            context.arguments[isPlan]
                ? showPlan(graph, status, wanted, context) : showList(status, wanted, context)
        }
    }

    private typealias Status = [(app: String, migrations: [MigrationExecutor.Status])]

    private func showList(_ status: Status, _ wanted: [String], _ context: CommandContext) {
        for (app, migrations) in status where wanted.isEmpty || wanted.contains(app) {
            context.print(app)
            for migration in migrations {
                context.print(
                    " [\(migration.applied == nil ? " " : "X")] \(migration.name.name)\(date(migration, context))")
            }
            if migrations.isEmpty { context.print(" (no migrations)") }
        }
    }

    /// All migrations in the order in which they are applied; of some apps only theirs and what they depend on.
    private func showPlan(_ graph: MigrationGraph, _ status: Status, _ wanted: [String], _ context: CommandContext) {
        let all = status.flatMap(\.migrations)
        let applied = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let names = graph.order(toReach: wanted)
        for migration in names.compactMap({ applied[$0] }) {
            let dependencies = graph.migration(migration.name)?.dependencies.map(\.description).sorted() ?? []
            let mark = migration.applied == nil ? " " : "X"
            let suffix = dependencies.isEmpty ? "" : " ... (\(dependencies.joined(separator: ", ")))"
            context.print("[\(mark)]  \(migration.name)\(suffix)\(date(migration, context))")
        }
        if names.isEmpty { context.print("(no migrations)") }
    }

    private func date(_ migration: MigrationExecutor.Status, _ context: CommandContext) -> String {
        guard context.arguments[hasDates], let applied = migration.applied else { return "" }
        return " (applied at \(DateTimeText.string(from: applied)))"
    }
}
