import MartletMigrations
import MartletORM
import MartletSite

/// Brings the database to a migration.
struct MigrateCommand: Command {
    let name = "migrate"
    let summary = "Applies migrations, or undoes them back to the one named."

    let app = CommandArgument<String?>("APP", completion: .apps, help: "Only this app, and what it depends on.")
    let migration = CommandArgument<String?>(
        "MIGRATION", completion: .migrations, help: "The last one to be applied, or the beginning of it; zero for none."
    )
    let isPlan = CommandFlag("plan", help: "Shows what would be done, and does nothing.")
    let isExplained = CommandFlag("explain", help: "Shows each statement, whom it locks out and what it rewrites.")
    let largeTable = CommandOption(
        "large-table", placeholder: "MB", default: MigrationWarning.usualLimit >> 20,
        help: "With --explain: from how many megabytes on a table is large.")
    let isCheck = CommandFlag("check", help: "Fails when something is not applied, and does nothing.")
    let isFake = CommandFlag("fake", help: "Only writes the history, as if it had been done.")
    let isFakeInitial = CommandFlag(
        "fake-initial", help: "Does so for first migrations whose tables and columns are there.")
    let isPrune = CommandFlag("prune", help: "Forgets migrations of APP that the project no longer has.")
    let database = CommandOption.database

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        let target = MigrationTarget(app: try arguments[app], name: try arguments[migration])
        let onlyShows = [isPlan, isExplained, isCheck].contains { arguments[$0] }
        try await context.withSite { running in
            let executor = try running.migrationExecutor(on: arguments[database])
            if arguments[isPrune] { return try await prune(context, executor) }
            try await onlyShows ? show(target, context, executor) : migrate(to: target, context, executor)
        }
    }

    private func migrate(
        to target: MigrationTarget, _ context: CommandContext, _ executor: MigrationExecutor
    ) async throws {
        let options = MigrationOptions(
            fake: context.arguments[isFake], fakeInitial: context.arguments[isFakeInitial])
        let rows = RowProgress(context)
        defer { rows.finish() }
        let done = try await executor.migrate(to: target, options: options) { event in
            if case .working(_, let model, let done, let total) = event { return rows.show(model, done, of: total) }
            rows.finish()
            for line in Self.lines(for: event, isDetailed: context.verbosity > 1) { context.note(line) }
        }
        context.note(
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
        // A bar shows it.
        case .working: []
        }
    }

    private func show(
        _ target: MigrationTarget, _ context: CommandContext, _ executor: MigrationExecutor
    ) async throws {
        let limit = try Self.limit(try context.arguments[largeTable])
        let plan = try await executor.describedPlan(to: target)
        guard !plan.isEmpty else { return context.print("Nothing to migrate.") }
        if context.arguments[isExplained] {
            let lines = MigrationExplanation.lines(
                try await executor.explain(to: target),
                warnings: try await executor.warnings(to: target, largerThan: limit))
            lines.forEach(context.print)
        } else if context.arguments[isPlan] {
            context.print("Planned operations:")
            for migration in plan {
                context.print("\(migration.step.name)")
                for operation in migration.operations {
                    context.print("    \(migration.step.direction == .backwards ? "Undo " : "")\(operation)")
                }
            }
        }
        if context.arguments[isCheck] { throw CommandError("\(plan.count) migrations are not applied.") }
    }

    /// The bytes of rows from which on a table is large.
    static func limit(_ megabytes: Int) throws(CommandError) -> Int {
        guard (0...1_000_000).contains(megabytes) else {
            throw CommandError(
                "'\(megabytes)' is no size: write whole megabytes, such as --large-table 16.", exitCode: 2)
        }
        return megabytes << 20
    }

    private func prune(_ context: CommandContext, _ executor: MigrationExecutor) async throws {
        guard let app = try context.arguments[app], try context.arguments[migration] == nil else {
            throw CommandError("--prune needs the app, and nothing else. Usage: manage \(usage)", exitCode: 2)
        }
        let gone = try await executor.prune(app)
        for name in gone { context.note("  Pruning \(name) OK") }
        if gone.isEmpty { context.note("No migrations to prune.") }
    }
}
