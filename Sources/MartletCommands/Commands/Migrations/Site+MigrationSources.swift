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

extension Site {
    /// Refuses a project in which a file has a migration that the program does not know.
    ///
    /// What is written next would have the same number, or miss what that one does.
    func requireListedMigrations() throws {
        for app in apps {
            guard let migrations = app.migrations, let problem = try MigrationSources(migrations).unlisted.first else {
                continue
            }
            throw CommandError("\(problem)")
        }
    }

    /// What is wrong in the files of migrations: one that the program does not know, and one that names the type of a
    /// model, each with file and line.
    var migrationSourceProblems: [MigrationSources.Problem] {
        get throws {
            let models = Set(apps.flatMap(\.models).map { "\($0)" })
            var problems: [MigrationSources.Problem] = []
            for migrations in apps.compactMap(\.migrations) {
                let sources = try MigrationSources(migrations)
                problems += sources.unlisted + sources.liveModels(models)
            }
            return problems
        }
    }
}
