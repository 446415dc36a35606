import MartletMigrations
import MartletORM
import MartletSite

/// Brings the database to a migration.
struct MigrateCommand: Command {
    let name = "migrate"
    let summary = "Applies migrations, or undoes them back to the one named."
    let usage =
        "migrate [APP [MIGRATION|zero]] [--plan [--explain [--large-table MB]]] [--check] [--fake] [--fake-initial] "
        + "[--prune] [--database NAME]"
    let flags: Set<String> = ["plan", "explain", "check", "fake", "fake-initial", "prune"]
    let valueOptions: Set<String> = ["database", "large-table"]

    func run(_ context: CommandContext) async throws {
        let words = context.arguments.words
        guard words.count <= 2 else {
            throw CommandError("At most an app and a migration. Usage: manage \(usage)", exitCode: 2)
        }
        let target = MigrationTarget(app: words.first, name: words.dropFirst().first)
        try await context.withSite { running in
            let executor = try running.migrationExecutor(on: context.arguments.value("database"))
            if context.arguments.has("prune") { return try await prune(context, executor) }
            let onlyShows = ["plan", "explain", "check"].contains(where: context.arguments.has)
            try await onlyShows ? show(target, context, executor) : migrate(to: target, context, executor)
        }
    }

    private func migrate(
        to target: MigrationTarget, _ context: CommandContext, _ executor: MigrationExecutor
    ) async throws {
        let options = MigrationOptions(
            fake: context.arguments.has("fake"), fakeInitial: context.arguments.has("fake-initial"))
        let done = try await executor.migrate(to: target, options: options) { event in
            Self.lines(for: event, isDetailed: context.verbosity > 1).forEach(context.print)
        }
        context.print(
            done.isEmpty ? "Nothing to migrate." : "Migrated: \(done.count) step\(done.count == 1 ? "" : "s").")
    }

    /// What is printed of an event.
    private static func lines(for event: MigrationEvent, isDetailed: Bool) -> [String] {
        switch event {
        case .waiting: ["  Another process migrates this database; waiting for it…"]
        case .began(let step): ["  \(step)…"]
        case .ended(_, .faked): ["    faked: only the history was written"]
        case .ended(_, .done(let duration)):
            isDetailed ? ["    done after \(Int(duration / .milliseconds(1))) ms"] : []
        }
    }

    private func show(
        _ target: MigrationTarget, _ context: CommandContext, _ executor: MigrationExecutor
    ) async throws {
        let limit = try Self.limit(context)
        let plan = try await executor.describedPlan(to: target)
        guard !plan.isEmpty else { return context.print("Nothing to migrate.") }
        if context.arguments.has("explain") {
            let lines = MigrationExplanation.lines(
                try await executor.explain(to: target),
                warnings: try await executor.warnings(to: target, largerThan: limit))
            lines.forEach(context.print)
        } else if context.arguments.has("plan") {
            context.print("Planned operations:")
            for migration in plan {
                context.print("\(migration.step.name)")
                for operation in migration.operations {
                    context.print("    \(migration.step.direction == .backwards ? "Undo " : "")\(operation)")
                }
            }
        }
        if context.arguments.has("check") { throw CommandError("\(plan.count) migrations are not applied.") }
    }

    /// The bytes of rows from which on a table is large.
    private static func limit(_ context: CommandContext) throws(CommandError) -> Int {
        guard let text = context.arguments.value("large-table") else { return MigrationWarning.usualLimit }
        guard let megabytes = Int(text), (0...1_000_000).contains(megabytes) else {
            throw CommandError("'\(text)' is no size: write whole megabytes, such as --large-table 16.", exitCode: 2)
        }
        return megabytes << 20
    }

    private func prune(_ context: CommandContext, _ executor: MigrationExecutor) async throws {
        let app = try context.arguments.required("The app whose history is to be pruned")
        try context.arguments.atMost(1)
        let gone = try await executor.prune(app)
        for name in gone { context.print("  Pruning \(name) OK") }
        if gone.isEmpty { context.print("No migrations to prune.") }
    }
}
