import MartletMigrations
import MartletORM
import MartletSite

/// Looks for mistakes that the compiler cannot see.
struct CheckCommand: Command {
    let name = "check"
    let summary =
        "Looks for mistakes in models, migrations, routes, templates and settings; --deploy also for a public site's."
    let usage = "check [APP …] [--deploy] [--tag TAG,…] [--list-tags] [--fail-level LEVEL] [--database]"
    let flags: Set<String> = ["database", "deploy", "list-tags"]
    let valueOptions: Set<String> = ["tag", "fail-level"]
    let role = Role.web

    func run(_ context: CommandContext) async throws {
        let site = context.site
        let labels = context.arguments.words
        for label in labels where !site.apps.contains(where: { $0.label == label }) {
            let near = Suggestion.text(for: label, among: site.apps.map(\.label))
            throw CommandError("The site has no app '\(label)'.\(near) Usage: manage \(usage)", exitCode: 2)
        }
        let checks = try chosen(context)
        if context.arguments.has("list-tags") {
            let tags = Set(checks.flatMap(\.tags).map(\.description))
            return tags.sorted().forEach(context.print)
        }
        let failLevel = try failLevel(context)
        let looked = CheckContext(site, context.environment, labels: labels)
        var messages: [CheckMessage] = []
        for check in checks { messages += await check.run(looked) }
        if context.arguments.has("database") { messages += try await databaseProblems(context) }
        try tell(messages, of: site, failLevel, context)
    }

    /// The checks that the options ask for.
    private func chosen(_ context: CommandContext) throws(CommandError) -> [Check] {
        let all = standardChecks + context.site.apps.flatMap(\.checks)
        let isDeploying = context.arguments.has("deploy")
        let able = all.filter { isDeploying || !$0.isForDeployment }
        guard let words = context.arguments.value("tag") else { return able }
        let tags = words.split(separator: ",").map { CheckTag(String($0)) }
        for tag in tags where !able.contains(where: { $0.tags.contains(tag) }) {
            let hint = all.contains { $0.tags.contains(tag) } ? " with --deploy" : ""
            throw CommandError("There is no check with the tag '\(tag)'. --list-tags\(hint) lists them.", exitCode: 2)
        }
        return able.filter { check in tags.contains { check.tags.contains($0) } }
    }

    private func failLevel(_ context: CommandContext) throws(CommandError) -> CheckLevel {
        guard let word = context.arguments.value("fail-level") else { return .error }
        guard let level = CheckLevel.allCases.first(where: { "\($0)" == word.lowercased() }) else {
            let known = CheckLevel.allCases.map(\.description).joined(separator: ", ")
            throw CommandError("'\(word)' is no level. --fail-level is one of \(known).", exitCode: 2)
        }
        return level
    }

    /// Looks through the database itself, which takes as long as reading all of it.
    private func databaseProblems(_ context: CommandContext) async throws -> [CheckMessage] {
        try await context.withSite { running in
            let backend = running.database.backend as? any DatabaseInspecting
            let problems = try await backend?.problems(of: running.database.models) ?? []
            return problems.map { .error("database.E001", $0) }
                + (try await running.migrationExecutor().warnings().map { .warning("migrations.W002", "\($0)") })
        }
    }

    private func tell(
        _ all: [CheckMessage], of site: Site, _ failLevel: CheckLevel, _ context: CommandContext
    ) throws(CommandError) {
        let messages = all.filter { site.silenced[$0.id] == nil }
        // The gravest first, and otherwise in the order of the checks.
        for level in CheckLevel.allCases.reversed() {
            for message in messages where message.level == level { context.print("\(message)") }
        }
        let silenced = all.count - messages.count
        let aside = silenced == 0 ? "" : " (\(silenced) silenced)"
        guard !messages.isEmpty else { return context.print("No problems found\(aside).") }
        let summary = "\(messages.count) problem\(messages.count == 1 ? "" : "s") found\(aside)."
        guard messages.contains(where: { $0.level >= failLevel }) else { return context.print(summary) }
        throw CommandError(summary)
    }
}
