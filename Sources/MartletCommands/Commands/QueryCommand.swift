import MartletORM
import MartletSite

/// A prompt that reads the database: SQL, or a model with Django's lookups.
struct QueryCommand: Command {
    let name = "query"
    let summary = "Asks the database, in SQL or by a model's fields; nothing can be changed."
    let discussion = """
        manage query "SELECT count(*) FROM blog_post"
        manage query "blog.Post title__icontains=swift author__name=Ann -status=draft order=-created_at limit=5"

        Without words it asks at a terminal until the end of input. Each question has a transaction of its own in which
        the database refuses to be written to.
        """

    let words = CommandArgument<[String]>("QUESTION", help: "SQL, or APP.MODEL with lookups.")
    let limit = CommandOption("limit", short: "n", default: 100, help: "The most rows that are shown.")

    func run(_ context: CommandContext) async throws {
        let question = try context.arguments[words].joined(separator: " ")
        let limit = max(1, try context.arguments[limit])
        try await context.withSite { running in
            let prompt = QueryPrompt(database: running.database, apps: context.site.apps, limit: limit)
            guard question.isEmpty else { return context.print(try await prompt.answer(question)) }
            guard let ask = context.ask else {
                throw CommandError("Nobody can be asked here: write the question behind the command.", exitCode: 2)
            }
            while let line = ask("query>") {
                let line = line.split(separator: " ").joined(separator: " ")
                if ["exit", "quit"].contains(line) { return }
                guard !line.isEmpty else { continue }
                do {
                    context.print(try await prompt.answer(line))
                } catch {
                    // The next question may be a better one.
                    context.print("\(error)")
                }
            }
        }
    }
}
