import FoundationEssentials
import MartletORM
import MartletSite

/// Loads rows from fixtures.
struct LoadDataCommand: Command {
    let name = "loaddata"
    let summary = "Loads rows from JSON fixtures, as Django's dumpdata writes them."

    let files = CommandArgument<[String]>(
        "FILE", isRequired: true, completion: .files, help: "The fixtures; all are loaded or none.")
    let ignoresUnknown = CommandFlag(
        "ignore-nonexistent", short: "i", help: "Passes over models and fields that are not there.")

    func run(_ context: CommandContext) async throws {
        let files = try context.arguments[files]
        try await context.withSite { running in
            var count = 0
            let loader = FixtureLoader(
                running.database, ignoresUnknown: context.arguments[ignoresUnknown])
            // All files or none, as in Django.
            try await transaction {
                for file in files {
                    let path = context.site.path(file)
                    guard let data = FileManager.default.contents(atPath: path) else {
                        throw CommandError("There is no readable file '\(path)'. Nothing was loaded.")
                    }
                    count += try await loader.load([UInt8](data), file: path) { total in
                        context.progress("Loading \(file)", ofMany: total)
                    }
                }
            }
            context.note(
                "Installed \(count) object\(count == 1 ? "" : "s") from \(files.count) fixture\(files.count == 1 ? "" : "s")."
            )
        }
    }
}
