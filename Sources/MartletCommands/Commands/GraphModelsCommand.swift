import MartletORM
import MartletSite
import MartletValues

/// Draws the models and how they refer to each other.
struct GraphModelsCommand: Command {
    let name = "graphmodels"
    let summary = "Draws the models and their relations, for Mermaid or Graphviz."
    let discussion = "manage graphmodels --format dot | dot -Tsvg > models.svg"

    let apps = CommandArgument<[String]>("APP", completion: .apps, help: "Only these apps; all unless told.")
    let format = CommandOption("format", short: "f", default: ModelGraph.Format.mermaid, help: "The language.")

    func run(_ context: CommandContext) async throws {
        let wanted = try context.arguments[apps]
        let labels = context.site.apps.map(\.label)
        for app in wanted where !labels.contains(app) {
            throw CommandError("There is no app '\(app)'.\(Suggestion.text(for: app, among: labels))", exitCode: 2)
        }
        let models = context.site.apps.filter { wanted.isEmpty || wanted.contains($0.label) }.flatMap(\.models)
        let graph = ModelGraph(models: models.map { $0.anyTable.schema })
        context.print(graph.text(as: try context.arguments[format]))
    }
}
