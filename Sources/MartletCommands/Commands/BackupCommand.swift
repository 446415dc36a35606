import MartletORM
import MartletSite

/// Copies the database to a file while the site goes on.
struct BackupCommand: Command {
    let name = "backup"
    let summary = "Copies the database to a new file, while the site goes on reading and writing."

    let file = CommandArgument<String>("FILE", completion: .files, help: "The file to write, which must not be there.")

    func run(_ context: CommandContext) async throws {
        let path = try context.arguments[file]
        try await context.withSite { running in
            guard let backend = running.database.backend as? any DatabaseBackingUp else {
                throw CommandError(
                    "This database is backed up by its own program: for PostgreSQL, "
                        + "`pg_dump --format=custom --file=\(path) \"$DATABASE_URL\"`.")
            }
            try await backend.backup(to: context.site.path(path))
            context.note("Copied the database to \(path).")
        }
    }
}
