import Glibc
import MartletSite

/// Runs the project's tests.
struct TestCommand: Command {
    let name = "test"
    let summary = "Builds and runs the project's tests, or those whose name matches."
    let discussion = "The same as swift test; what stands behind -- goes to it as it is."

    let filters = CommandArgument<[String]>(
        "FILTER", help: "Regular expressions of names: BlogTests, BlogTests.PageTests.")

    func run(_ context: CommandContext) async throws {
        let words = try context.arguments[filters].flatMap { $0.hasPrefix("-") ? [$0] : ["--filter", $0] }
        if chdir(context.site.folder) != 0 {
            throw CommandError("The site's folder '\(context.site.folder)' cannot be entered.")
        }
        let problem = ProcessImage.replace("swift", ["test"] + words)
        throw CommandError("'swift' cannot be started: \(problem). Tests are built where Swift is installed.")
    }
}
