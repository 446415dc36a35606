import MartletMigrations
import MartletORM
import MartletSite
import MartletValues

/// Looks for mistakes that the compiler cannot see.
struct CheckCommand: Command {
    let name = "check"
    let summary =
        "Looks for mistakes in models, migrations, routes, templates and settings; --deploy also for a public site's."
    let discussion = "A finding that is passed over on purpose is silenced on the site, with the reason."

    let apps = CommandArgument<[String]>("APP", completion: .apps, help: "Only what is about these apps.")
    let isDeploying = CommandFlag("deploy", help: "Looks at what a public site needs, too.")
    let tags = CommandOption<[String]>(
        "tag", short: "t", help: "Only checks with this tag; several with commas between.")
    let listsTags = CommandFlag("list-tags", help: "Prints the tags that there are.")
    let failLevel = CommandOption(
        "fail-level", placeholder: "LEVEL", default: CheckLevel.error, help: "From where on it fails.")
    let isDatabase = CommandFlag("database", help: "Reads through the whole database, too.")
    let largeTable = CommandOption(
        "large-table", placeholder: "MB", default: MigrationWarning.usualLimit >> 20,
        help: "With --database: from how many megabytes on a table is large.")
    let role = Role.web

    func run(_ context: CommandContext) async throws {
        let site = context.site
        let labels = try context.arguments[apps]
        for label in labels where !site.apps.contains(where: { $0.label == label }) {
            let near = Suggestion.text(for: label, among: site.apps.map(\.label))
            throw CommandError("The site has no app '\(label)'.\(near) Usage: manage \(usage)", exitCode: 2)
        }
        let checks = try chosen(context)
        if context.arguments[listsTags] {
            let tags = Set(checks.flatMap(\.tags).map(\.description))
            return tags.sorted().forEach(context.print)
        }
        let failLevel = try context.arguments[failLevel]
        let looked = CheckContext(site, context.environment, labels: labels)
        var messages: [CheckMessage] = []
        for check in checks { messages += await check.run(looked) }
        if context.arguments[isDatabase] { messages += try await databaseProblems(context) }
        try tell(messages, of: site, failLevel, context)
    }

    /// The checks that the options ask for.
    private func chosen(_ context: CommandContext) throws(CommandError) -> [Check] {
        let all = standardChecks + context.site.apps.flatMap(\.checks)
        let isPublic = context.arguments[isDeploying]
        let able = all.filter { isPublic || !$0.isForDeployment }
        let tags = try context.arguments[tags].flatMap { $0.split(separator: ",") }.map { CheckTag(String($0)) }
        guard !tags.isEmpty else { return able }
        for tag in tags where !able.contains(where: { $0.tags.contains(tag) }) {
            let hint = all.contains { $0.tags.contains(tag) } ? " with --deploy" : ""
            throw CommandError("There is no check with the tag '\(tag)'. --list-tags\(hint) lists them.", exitCode: 2)
        }
        return able.filter { check in tags.contains { check.tags.contains($0) } }
    }

    /// Looks through the database itself, which takes as long as reading all of it.
    private func databaseProblems(_ context: CommandContext) async throws -> [CheckMessage] {
        // The database needs nothing that a server needs besides.
        try await context.withSite(role: .command) { running in
            let backend = running.database.backend as? any DatabaseInspecting
            let problems = try await backend?.problems(of: running.database.models) ?? []
            let limit = try MigrateCommand.limit(try context.arguments[largeTable])
            return problems.map { .error("database.E001", $0) }
                + (try await running.migrationExecutor().warnings(largerThan: limit).map {
                    .warning($0.id, $0.sentence)
                })
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
