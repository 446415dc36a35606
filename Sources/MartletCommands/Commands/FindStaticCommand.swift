import MartletSite

/// Tells which file a name of the `static` tag means.
struct FindStaticCommand: Command {
    let name = "findstatic"
    let summary = "Tells which file a static file's name means, and which others it hides."

    let names = CommandArgument<[String]>("NAME", isRequired: true, help: "As the static tag has it: blog/blog.css.")
    let isFirst = CommandFlag("first", help: "Prints only the file that is served.")

    func run(_ context: CommandContext) async throws {
        let folders = context.site.staticFiles.map(context.site.path)
        for name in try context.arguments[names] {
            guard StaticName.isSafe(name) else {
                throw CommandError(
                    "'\(name)' leads out of the folders: write it as the static tag has it.", exitCode: 2)
            }
            let found = folders.map { "\($0)/\(name)" }.filter(StaticName.isFile)
            guard let first = found.first else {
                let places =
                    folders.isEmpty ? "the site has no folders of static files" : folders.joined(separator: ", ")
                throw CommandError("No file '\(name)' was found: \(places).")
            }
            if context.arguments[isFirst] {
                context.print(first)
            } else {
                context.print("Found '\(name)' here:")
                for path in found { context.print("  \(path)") }
            }
        }
    }
}
