import MartletMigrations
import MartletORM
import MartletSite

extension Site {
    /// Refuses a site whose models no migration would ever make tables for: an app has models and no list of
    /// migrations, or lists a model that says it belongs to another app.
    func requireMigrations() throws(CommandError) {
        for app in apps {
            if app.migrations == nil, !app.models.isEmpty {
                throw CommandError(
                    "The app '\(app.label)' has models and no migrations. Write `let \(app.label)Migrations = "
                        + "Migrations(app: \"\(app.label)\", [])` in a file of the app, and hand it to its `App`.")
            }
            for model in app.models where model.appLabel != app.label {
                throw CommandError(
                    "\(model) is listed by the app '\(app.label)' and belongs to '\(model.appLabel)': a model's app is its "
                        + "module's name in snake_case. Call the app so, or write `static let appLabel = "
                        + "\"\(app.label)\"` in \(model).")
            }
        }
    }
}

/// Writes the migrations that are missing.
struct MakeMigrationsCommand: Command {
    let name = "makemigrations"
    let summary = "Writes migrations for what has changed in the models."
    let usage = "makemigrations [APP …] [--name NAME] [--dry-run] [--check] [--no-input]"
    let valueOptions: Set<String> = ["name"]
    let flags: Set<String> = ["dry-run", "check", "no-input"]

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        try context.site.requireMigrations()
        let graph = try context.site.migrationGraph
        let apps = arguments.words.isEmpty ? nil : arguments.words
        let detector = MigrationAutodetector(graph, models: context.site.registry)
        let drafts = try await detector.changes(apps: apps, name: arguments.value("name"), asking: answer(context))
        guard !drafts.isEmpty else { return context.print("No changes detected.") }
        for draft in drafts {
            context.print("Migrations for '\(draft.app)': \(draft.migration.name)")
            for operation in draft.migration.operations { context.print("  - \(operation)") }
        }
        if arguments.has("check") {
            throw CommandError("Models and migrations differ. Run makemigrations and commit what it writes.")
        }
        let writer = MigrationWriter()
        if arguments.has("dry-run") {
            for file in try writer.files(for: drafts, in: graph) { context.print("\n// \(file.path)\n\(file.text)") }
            return
        }
        for path in try writer.write(drafts, in: graph) { context.print("Wrote \(path)") }
        context.print("Build again, then run migrate.")
    }

    /// Asks at a terminal until the answer fits; elsewhere every question is refused with the remedy.
    private func answer(_ context: CommandContext) -> DefaultQuestion.Answer {
        guard let ask = context.ask, !context.arguments.has("no-input") else { return DefaultQuestion.refuse }
        return { question in
            context.print(question.text)
            while let text = ask("Type \(question.hint):") {
                if let value = question.read(text) { return value }
                context.print("That does not fit the field.")
            }
            return try await DefaultQuestion.refuse(question)
        }
    }
}
