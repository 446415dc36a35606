import MartletScaffold
import MartletSite

/// Adds an app to the project.
struct StartAppCommand: Command {
    let name = "startapp"
    let summary = "Adds an app: a model, its migration, pages and JSON of its rows, and their tests."
    let discussion = "Package.swift and Sources/Config/Site.swift list it afterwards. Build again, then run migrate."

    let app = CommandArgument<String>("NAME", help: "The app's name, such as blog.")
    let model = CommandOption("model", default: "Item", help: "The name of its first model, such as Post.")
    let isAPI = CommandFlag("api", help: "JSON only, as for a site without templates.")

    func run(_ context: CommandContext) async throws {
        let hasPages = !context.arguments[isAPI] && !context.site.templates.isEmpty
        do {
            let scaffold = try AppScaffold(
                try context.arguments[app], model: try context.arguments[model], hasPages: hasPages)
            for path in try scaffold.write(to: context.site.folder) { context.note("Wrote \(path)") }
        } catch let error as ScaffoldError {
            throw CommandError(error.description)
        }
        context.note("Build again, then run migrate.")
    }
}
