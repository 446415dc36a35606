import FoundationEssentials
import MartletSite

/// Copies the static files to one folder for the web server, under names that change with their content.
struct CollectStaticCommand: Command {
    let name = "collectstatic"
    let summary = "Copies static files to one folder, with hashed names, a manifest and compressed forms."
    let discussion = """
        A style sheet's references follow. Templates use the hashed names as soon as the manifest is there, outside of
        debug mode. Nothing is removed without --clear.
        """

    let ignored = CommandOption<[String]>("ignore", short: "i", placeholder: "PATTERN", help: "Leaves files out.")
    let isAll = CommandFlag("no-default-ignore", help: "Takes CVS, .* and *~, too.")
    let isPlain = CommandFlag("no-post-process", help: "Only copies: no hashed names, manifest and compressed forms.")
    let isCleared = CommandFlag("clear", short: "c", help: "Removes what is in the folder first.")
    let isDry = CommandFlag("dry-run", short: "n", help: "Writes nothing.")

    func run(_ context: CommandContext) async throws {
        let arguments = context.arguments
        let folder = context.site.path(context.site.collectedFiles)
        var patterns = try arguments[ignored]
        if !arguments[isAll] { patterns += ["CVS", ".*", "*~"] }
        let settings = try context.settings()
        let folders = context.site.staticFiles.map { context.site.path($0) }
        var collection = StaticCollection(folders: folders, ignored: patterns, staticURL: settings.staticURL)
        let files = try collection.collected(isPlain: arguments[isPlain])
        try clear(folder, context)
        let progress = context.progress(arguments[isDry] ? "Comparing" : "Copying", total: files.count)
        var copied = 0
        for file in files {
            if try write(file.content, to: "\(folder)/\(file.name)", isDry: arguments[isDry]) { copied += 1 }
            context.note("  \(file.name)", verbosity: 2)
            progress.advance()
        }
        progress.finish()
        let verb = arguments[isDry] ? "would be written" : "written"
        context.note(
            "\(collection.sources.count) static files: \(copied) files \(verb) to '\(folder)', "
                + "\(files.count - copied) unmodified.")
    }

    private func clear(_ folder: String, _ context: CommandContext) throws {
        guard context.arguments[isCleared], FileManager.default.fileExists(atPath: folder) else { return }
        let answer = context.ask.map { ask in ask("Remove everything in '\(folder)'? [y/N]") ?? "n" } ?? "y"
        guard answer.lowercased() == "y" else { throw CommandError("Nothing was removed and nothing copied.") }
        if !context.arguments[isDry] { try FileManager.default.removeItem(atPath: folder) }
    }

    /// - Returns: Whether the file was another one before.
    private func write(_ content: [UInt8], to path: String, isDry: Bool) throws -> Bool {
        if let old = FileManager.default.contents(atPath: path), old.elementsEqual(content) { return false }
        guard !isDry else { return true }
        let place = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: place, options: .atomic)
        return true
    }
}
