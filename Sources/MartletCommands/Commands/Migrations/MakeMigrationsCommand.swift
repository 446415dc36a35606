import MartletMigrations
import MartletORM
import MartletSite

/// Writes the migrations that are missing.
///
/// Source: [Django, `makemigrations`](https://docs.djangoproject.com/en/5.2/ref/django-admin/#makemigrations).
struct MakeMigrationsCommand: Command {
    let name = "makemigrations"
    let summary = "Writes migrations for what has changed in the models."

    let apps = CommandArgument<[String]>("APP", completion: .apps, help: "Only these apps, and what they depend on.")
    let title = CommandOption<String?>(
        "name", short: "n", help: "The name behind the number; told by the changes unless given.")
    let renames = CommandOption<[String]>(
        "rename", placeholder: "OLD:NEW",
        help: "What goes on under another name: blog.Post:Article, blog.Post.body:text.")
    let noRenames = CommandFlag("no-renames", help: "Nothing was renamed: what goes goes with its values.")
    let defaults = CommandOption<[String]>(
        "default", placeholder: "FIELD=VALUE", help: "What existing rows get: blog.Post.rank=5, blog.Post.made=now.")
    let isEmpty = CommandFlag("empty", help: "A migration without operations for each APP, to be filled by hand.")
    let isMerge = CommandFlag("merge", help: "Joins the branches of apps that have several last migrations.")
    let isUpdate = CommandFlag(
        "update", help: "Puts the changes into the app's last migration, which nobody has applied yet.")
    let isDryRun = CommandFlag("dry-run", help: "Shows what would be written.")
    let isCheck = CommandFlag("check", help: "Fails when migrations are missing, and writes nothing.")

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        try context.site.requireMigrations()
        try context.site.requireListedMigrations()
        let graph = try context.site.migrationGraph
        if arguments[isMerge] { return try merge(graph, context) }
        let drafts = try await drafts(graph, context)
        guard !drafts.isEmpty else { return context.note("No changes detected.") }
        for draft in drafts {
            context.note("Migrations for '\(draft.app)': \(draft.migration.name)")
            for operation in draft.migration.operations { context.note("  - \(operation)") }
        }
        if arguments[isCheck] {
            throw CommandError("Models and migrations differ. Run makemigrations and commit what it writes.")
        }
        if arguments[isUpdate] { return try update(drafts, graph, context) }
        try write(drafts, graph, context)
    }

    private func drafts(_ graph: MigrationGraph, _ context: CommandContext) async throws -> [MigrationDraft] {
        let arguments = context.arguments
        let (apps, title) = (try arguments[apps], try arguments[title])
        let detector = MigrationAutodetector(graph, models: context.site.registry)
        if arguments[isEmpty] {
            guard !apps.isEmpty else {
                throw CommandError("--empty needs the apps that get a migration. Usage: manage \(usage)", exitCode: 2)
            }
            return try detector.empty(apps: apps, name: title)
        }
        // Whether something differs does not depend on what rows get and what is renamed.
        let isQuestion = arguments[isCheck]
        let questions = try MigrationQuestions(
            context, defaults: try arguments[defaults], nothingIsRenamed: arguments[noRenames] || isQuestion)
        let drafts = try await detector.changes(
            apps: apps.isEmpty ? nil : apps, name: title,
            renames: try arguments[renames].map { try RenameRequest($0) },
            asking: isQuestion ? DefaultQuestion.anyValue : questions.fill, renaming: questions.isRenamed)
        try questions.requireAllUsed()
        return drafts
    }

    /// Writes new files, or shows them.
    private func write(_ drafts: [MigrationDraft], _ graph: MigrationGraph, _ context: CommandContext) throws {
        let writer = MigrationWriter()
        guard context.arguments[isDryRun] else {
            for path in try writer.write(drafts, in: graph) { context.note("Wrote \(path)") }
            return context.note("Build again, then run migrate.")
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
        guard !context.arguments[isDryRun] else {
            return context.print("\n// \(try writer.path(of: merged, in: graph))\n\(try writer.source(of: merged))")
        }
        let path = try writer.rewrite(merged, in: graph)
        context.note("Wrote \(path)")
        context.note(
            "Build again, then run migrate. A database that has \(last) already must go back before it first.")
    }
}

// MARK: Branches

extension MakeMigrationsCommand {
    /// Joins the branches of each app, if it does not matter which of them goes first.
    private func merge(_ graph: MigrationGraph, _ context: CommandContext) throws {
        let apps = try context.arguments[apps]
        let merges = try MigrationMerge.needed(in: graph, apps: apps.isEmpty ? nil : apps)
        guard !merges.isEmpty else { return context.note("No conflicts detected to merge.") }
        var drafts: [MigrationDraft] = []
        for merge in merges {
            context.note("Merging \(merge.app)")
            for branch in merge.branches {
                context.note("  Branch \(branch.leaf.name)")
                for operation in branch.operations { context.note("    - \(operation)") }
            }
            if let conflict = merge.conflict {
                throw CommandError(
                    "The branches of '\(merge.app)' cannot be joined as they are: \(conflict) Change one of them so that "
                        + "either may go first, or let it depend on the other.")
            }
            guard try isWanted(merge, context) else { continue }
            drafts.append(try merge.draft(name: try context.arguments[title]))
        }
        if context.arguments[isCheck] {
            throw CommandError("Migrations have branches. Run makemigrations --merge and commit what it writes.")
        }
        if !drafts.isEmpty { try write(drafts, graph, context) }
    }

    /// Only the authors of statements and code know whether their order matters.
    private func isWanted(_ merge: MigrationMerge, _ context: CommandContext) throws -> Bool {
        guard merge.runsOwnWork, !context.arguments[CommonOptions.noInput] else { return true }
        let ask = try context.requireAsking("Whether statements and code may go in any order is asked.")
        let question = "There are statements or code of their own among these. May the branches go in any order? [y/N]"
        return ["y", "yes"].contains(ask(question)?.lowercased())
    }
}
