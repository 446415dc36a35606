import MartletHTTP
import MartletMigrations
import MartletORM
import MartletRouting
import MartletSite
import MartletTemplates

// Whether what the author has described fits together.

extension Check {
    /// Tables that no query can use.
    static let models = Check(.models) { context in
        context.models.flatMap { model in
            model.tableProblems.map { text in
                .error("models.E001", text.hasPrefix("models.E001: ") ? String(text.dropFirst(13)) : text)
            }
        }
    }

    /// Migrations that do not fit together, or not the models.
    static let migrations = Check(.migrations) { context in
        do {
            try context.site.requireMigrations()
            let detector = MigrationAutodetector(try context.site.migrationGraph, models: context.site.registry)
            // What rows would get does not matter here: only whether there is a difference.
            let drafts = try await detector.changes(asking: DefaultQuestion.anyValue)
            let changed = drafts.map(\.app).filter { app in context.apps.contains { $0.label == app } }
            return try context.site.migrationSourceProblems.map { .error("migrations.E004", "\($0)") }
                + changed.map { app in
                    .error(
                        "migrations.E003", "'\(app)' has changes that are in no migration.", hint: "Run makemigrations."
                    )
                }
        } catch let error as MigrationError {
            return [.error("migrations.E001", "\(error)")]
        } catch let error as CommandError {
            return [.error("migrations.E002", "\(error)")]
        }
    }

    /// Routes that cannot be reached or reversed.
    static let urls = Check(.urls) { context in
        RouteTable.problems(in: context.site.urls).map { problem in
            CheckMessage(
                problem.isWarning ? .warning : .error, problem.id, problem.message, hint: problem.remedy,
                place: "\(problem.file):\(problem.line)")
        }
    }

    /// The layers are made from settings. Where those are not complete, as on a machine that only builds, the ones of
    /// development stand in for them.
    static let middleware = Check(.middleware) { context in
        do {
            let settings = try context.settings ?? context.site.settings(Environment(["DEBUG": "true"]))
            _ = try context.site.checkedMiddleware(settings)
            return []
        } catch let error as MiddlewareOrderError {
            return error.problems.map { problem in
                let words = "\(problem)".split(separator: ": ", maxSplits: 1).map { String($0) }
                return .error(words[0], words.last ?? "")
            }
        } catch {
            return [.error("middleware.E004", "the middleware cannot be made: \(error)")]
        }
    }

    /// Sessions that are kept in a table which is not there.
    static let sessions = Check(.sessions) { context in
        guard let settings = context.settings, let warnings = try? context.site.sessionWarnings(settings) else {
            return []
        }
        return warnings.map { text in
            let words = text.split(separator: ": ", maxSplits: 1).map { String($0) }
            return .warning(words[0], words.last ?? "")
        }
    }

    /// Templates that do not parse, and addresses in them that no route has.
    static let templates = Check(.templates) { context in
        let site = context.site
        let engine = TemplateEngine(loaders: site.templates.map { .directory(site.path($0)) }, library: site.library)
        let report: TemplateCheck
        do {
            report = try engine.check()
        } catch {
            return [.error("templates.E001", "\(error)")]
        }
        var problems = report.errors.map { CheckMessage.error("templates.E001", "\($0)") }
        guard let routes = try? RouteTable(site.urls) else { return problems }
        problems += report.urls.compactMap { problem(of: $0, in: routes) }
        return problems
    }

    /// What is wrong with the name or the number of arguments of a `{% url %}`.
    private static func problem(of use: TemplateCheck.URLUse, in routes: RouteTable) -> CheckMessage? {
        guard !use.isOptional,
            let error = routes.problem(reversing: use.name, positional: use.positional, keywords: use.keywords)
        else { return nil }
        let place = "\(use.template), line \(use.line)"
        switch error.reason {
        case .unknownName(let similar):
            let hint = similar.isEmpty ? "" : "Did you mean \(similar.map { "'\($0)'" }.joined(separator: " or "))? "
            return .error(
                "templates.E002", "no route is named '\(use.name)'.",
                hint: hint + "Correct the name, or name the route so.", place: place)
        default:
            return .error(
                "templates.E003", "\(error)",
                hint: "Give one argument for each parameter, all by name or all in order.", place: place)
        }
    }
}
