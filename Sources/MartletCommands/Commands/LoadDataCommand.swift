import FoundationEssentials
import MartletORM
import MartletSite

/// Loads rows from fixtures.
struct LoadDataCommand: Command {
    let name = "loaddata"
    let summary = "Loads rows from JSON fixtures, as Django's dumpdata writes them."
    let usage = "loaddata FILE … [--ignore-nonexistent]"
    let flags: Set<String> = ["ignore-nonexistent"]

    func run(_ context: CommandContext) async throws {
        let files = context.arguments.words
        guard !files.isEmpty else { throw CommandError("Name at least one file. Usage: manage \(usage)", exitCode: 2) }
        try await context.withSite { running in
            var count = 0
            let loader = FixtureLoader(
                running.database, ignoresUnknown: context.arguments.has("ignore-nonexistent"))
            // All files or none, as in Django.
            try await transaction {
                for file in files {
                    let path = context.site.path(file)
                    guard let data = FileManager.default.contents(atPath: path) else {
                        throw CommandError("There is no readable file '\(path)'. Nothing was loaded.")
                    }
                    count += try await loader.load([UInt8](data), file: path)
                }
            }
            context.print(
                "Installed \(count) object\(count == 1 ? "" : "s") from \(files.count) fixture\(files.count == 1 ? "" : "s")."
            )
        }
    }
}
