import MartletMigrations
import MartletORM
import MartletSite

/// Writes the migrations that are missing.
///
/// Source: [Django, `makemigrations`](https://docs.djangoproject.com/en/5.2/ref/django-admin/#makemigrations).
struct MakeMigrationsCommand: Command {
    let name = "makemigrations"
    let summary = "Writes migrations for what has changed in the models."

    let usage =
        "makemigrations [APP …] [--name NAME] [--rename OLD:NEW …] [--no-renames] [--default FIELD=VALUE …] [--empty] "
        + "[--merge] [--update] [--dry-run] [--check] [--no-input]"
    let valueOptions: Set<String> = ["name", "rename", "default"]
    let flags: Set<String> = ["no-renames", "empty", "merge", "update", "dry-run", "check", "no-input"]

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        try context.site.requireMigrations()
        try context.site.requireListedMigrations()
        let graph = try context.site.migrationGraph
        if arguments.has("merge") { return try merge(graph, context) }
        let drafts = try await drafts(graph, context)
        guard !drafts.isEmpty else { return context.print("No changes detected.") }
        for draft in drafts {
            context.print("Migrations for '\(draft.app)': \(draft.migration.name)")
            for operation in draft.migration.operations { context.print("  - \(operation)") }
        }
        if arguments.has("check") {
            throw CommandError("Models and migrations differ. Run makemigrations and commit what it writes.")
        }
        if arguments.has("update") { return try update(drafts, graph, context) }
        try write(drafts, graph, context)
    }

    private func drafts(_ graph: MigrationGraph, _ context: CommandContext) async throws -> [MigrationDraft] {
        let arguments = context.arguments
        let (apps, title) = (arguments.words, arguments.value("name"))
        let detector = MigrationAutodetector(graph, models: context.site.registry)
        if arguments.has("empty") {
            guard !apps.isEmpty else {
                throw CommandError("--empty needs the apps that get a migration. Usage: manage \(usage)", exitCode: 2)
            }
            return try detector.empty(apps: apps, name: title)
        }
        // Whether something differs does not depend on what rows get and what is renamed.
        let isQuestion = arguments.has("check")
        let questions = try MigrationQuestions(
            context, defaults: arguments.values("default"), nothingIsRenamed: arguments.has("no-renames") || isQuestion)
        let drafts = try await detector.changes(
            apps: apps.isEmpty ? nil : apps, name: title,
            renames: try arguments.values("rename").map { try RenameRequest($0) },
            asking: isQuestion ? DefaultQuestion.anyValue : questions.fill, renaming: questions.isRenamed)
        try questions.requireAllUsed()
        return drafts
    }

    /// Writes new files, or shows them.
    private func write(_ drafts: [MigrationDraft], _ graph: MigrationGraph, _ context: CommandContext) throws {
        let writer = MigrationWriter()
        guard context.arguments.has("dry-run") else {
            for path in try writer.write(drafts, in: graph) { context.print("Wrote \(path)") }
            return context.print("Build again, then run migrate.")
        }
        // What an index would become is worked out, so that one that cannot be read is known of now.
        _ = try writer.files(for: drafts, in: graph)
        for draft in drafts {
            context.print("\n// \(try writer.path(of: draft, in: graph))\n\(try writer.source(of: draft))")
            context.print("// \(try graph.app(draft.app).file) would list .\(draft.property)")
        }
    }

    /// Puts the changes of one app into its last migration.
    private func update(_ drafts: [MigrationDraft], _ graph: MigrationGraph, _ context: CommandContext) throws {
        guard drafts.count == 1, let last = graph.leaves(of: drafts[0].app).first, let old = graph.migration(last)
        else {
            throw CommandError(
                "--update puts changes into the last migration of one app, which must have one; name the app.")
        }
        let merged = drafts[0].joined(with: old, named: last)
        let writer = MigrationWriter()
        guard !context.arguments.has("dry-run") else {
            return context.print("\n// \(try writer.path(of: merged, in: graph))\n\(try writer.source(of: merged))")
        }
        context.print("Wrote \(try writer.rewrite(merged, in: graph))")
        context.print(
            "Build again, then run migrate. A database that has \(last) already must go back before it first.")
    }
}

// MARK: Branches

extension MakeMigrationsCommand {
    /// Joins the branches of each app, if it does not matter which of them goes first.
    private func merge(_ graph: MigrationGraph, _ context: CommandContext) throws {
        let apps = context.arguments.words
        let merges = try MigrationMerge.needed(in: graph, apps: apps.isEmpty ? nil : apps)
        guard !merges.isEmpty else { return context.print("No conflicts detected to merge.") }
        var drafts: [MigrationDraft] = []
        for merge in merges {
            context.print("Merging \(merge.app)")
            for branch in merge.branches {
                context.print("  Branch \(branch.leaf.name)")
                for operation in branch.operations { context.print("    - \(operation)") }
            }
            if let conflict = merge.conflict {
                throw CommandError(
                    "The branches of '\(merge.app)' cannot be joined as they are: \(conflict) Change one of them so that "
                        + "either may go first, or let it depend on the other.")
            }
            guard try isWanted(merge, context) else { continue }
            drafts.append(try merge.draft(name: context.arguments.value("name")))
        }
        if context.arguments.has("check") {
            throw CommandError("Migrations have branches. Run makemigrations --merge and commit what it writes.")
        }
        if !drafts.isEmpty { try write(drafts, graph, context) }
    }

    /// Only the authors of statements and code know whether their order matters.
    private func isWanted(_ merge: MigrationMerge, _ context: CommandContext) throws -> Bool {
        guard merge.runsOwnWork, let ask = context.ask, !context.arguments.has("no-input") else { return true }
        let question = "There are statements or code of their own among these. May the branches go in any order? [y/N]"
        return ["y", "yes"].contains(ask(question)?.lowercased())
    }
}
