import MartletHTTP
import MartletMigrations
import MartletORM
import MartletRouting
import MartletSite
import MartletTemplates

/// Looks for mistakes that the compiler cannot see.
struct CheckCommand: Command {
    let name = "check"
    let summary = "Looks for mistakes in models, migrations, routes, middleware and templates."
    let usage = "check [--database]"
    let flags: Set<String> = ["database"]

    func run(_ context: CommandContext) async throws {
        try context.arguments.atMost(0)
        var problems: [String] = []
        for model in context.site.registry.models { problems += model.tableProblems }
        problems += try await migrationProblems(context)
        problems += RouteTable.problems(in: context.site.urls).map { "\($0)" }
        problems += middlewareProblems(context)
        problems += templateProblems(context)
        var warnings: [String] = []
        // Settings that are not complete are told when the site starts.
        if let settings = try? context.settings() {
            do {
                warnings = try context.site.sessionWarnings(settings)
            } catch {
                problems.append("middleware.E001: \(error)")
            }
        }
        if context.arguments.has("database") {
            problems += try await databaseProblems(context)
            warnings += try await context.withSite { try await $0.migrationExecutor().warnings() }.map { "\($0)" }
        }
        for line in problems + warnings { context.print(line) }
        guard problems.isEmpty else {
            throw CommandError("\(problems.count) problem\(problems.count == 1 ? "" : "s") found.")
        }
        context.print("No problems found.")
    }

    /// Looks through the database itself, which takes as long as reading all of it.
    private func databaseProblems(_ context: CommandContext) async throws -> [String] {
        try await context.withSite { running in
            let backend = running.database.backend as? any DatabaseInspecting
            return try await backend?.problems(of: running.database.models).map { "database.E001: \($0)" } ?? []
        }
    }

    private func migrationProblems(_ context: CommandContext) async throws -> [String] {
        do {
            try context.site.requireMigrations()
            let detector = MigrationAutodetector(try context.site.migrationGraph, models: context.site.registry)
            // What rows would get does not matter here: only whether there is a difference.
            let drafts = try await detector.changes(asking: DefaultQuestion.anyValue)
            return try context.site.migrationSourceProblems.map { "migrations.E003: \($0)" }
                + drafts.map {
                    "migrations.W001: '\($0.app)' has changes that are in no migration. Run makemigrations."
                }
        } catch let error as MigrationError {
            return ["migrations.E001: \(error)"]
        } catch let error as CommandError {
            return ["migrations.E002: \(error)"]
        }
    }

    /// The layers are made from settings. Where those are not complete, as on a machine that only builds, the ones of
    /// development stand in for them.
    private func middlewareProblems(_ context: CommandContext) -> [String] {
        do {
            let settings = try (try? context.settings()) ?? Settings(Environment(["DEBUG": "true"]))
            _ = try context.site.checkedMiddleware(settings)
            return []
        } catch let error as MiddlewareOrderError {
            return error.problems.map { "\($0)" }
        } catch {
            return ["middleware.E004: the middleware cannot be made: \(error)"]
        }
    }

    private func templateProblems(_ context: CommandContext) -> [String] {
        let site = context.site
        let engine = TemplateEngine(loaders: site.templates.map { .directory(site.path($0)) }, library: site.library)
        let report: TemplateCheck
        do {
            report = try engine.check()
        } catch {
            return ["templates.E001: \(error)"]
        }
        var problems = report.errors.map { "templates.E001: \($0)" }
        guard let routes = try? RouteTable(site.urls) else { return problems }
        problems += report.urls.compactMap { Self.problem(of: $0, in: routes) }
        return problems
    }

    /// What is wrong with the name or the number of arguments of a `{% url %}`.
    private static func problem(of use: TemplateCheck.URLUse, in routes: RouteTable) -> String? {
        guard !use.isOptional,
            let error = routes.problem(reversing: use.name, positional: use.positional, keywords: use.keywords)
        else { return nil }
        let place = "\(use.template), line \(use.line)"
        switch error.reason {
        case .unknownName(let similar):
            let hint = similar.isEmpty ? "" : " Did you mean \(similar.map { "'\($0)'" }.joined(separator: " or "))?"
            return "templates.E002: \(place): no route is named '\(use.name)'.\(hint) "
                + "Correct the name, or name the route so."
        default:
            return
                "templates.E003: \(place): \(error) Give one argument for each parameter, all by name or all in order."
        }
    }
}
