import MartletCache
import MartletORM
import MartletSite

/// Makes the table of a cache that is kept in the database.
struct CreateCacheTableCommand: Command {
    let name = "createcachetable"
    let summary = "Makes the table of a cache in the database, unless it is there."

    let tables = CommandArgument<[String]>("TABLE", help: "The tables; that of the site's cache unless told.")
    let isDryRun = CommandFlag("dry-run", help: "Prints the SQL, which is not run.")

    func run(_ context: CommandContext) async throws {
        try await context.withSite { running in
            var names = try context.arguments[tables]
            if names.isEmpty, let name = running.settings.cacheLocation?.cacheTable { names = [name] }
            guard !names.isEmpty else {
                throw CommandError(
                    "The site's cache is not in the database. Set KVDB_LOCATION=database:cache_table, or name a table.")
            }
            for name in names { try await create(CacheTable(name), context, running.database) }
        }
    }

    private func create(_ table: CacheTable, _ context: CommandContext, _ database: Database) async throws {
        let statements = table.creation(database.dialect)
        if context.arguments[isDryRun] {
            context.print(statements.map { $0.sql + ";" }.joined(separator: "\n"))
            return
        }
        guard try await !exists(table, database) else {
            context.note("Cache table '\(table.name)' already exists.")
            return
        }
        try await transaction {
            for statement in statements { try await database.execute(statement) }
        }
        context.note("Made the cache table '\(table.name)'.")
    }

    private func exists(_ table: CacheTable, _ database: Database) async throws -> Bool {
        do {
            _ = try await database.rows(table.probe(database.dialect)) { _ in true }
            return true
        } catch let error as DatabaseError where error.kind == .statement {
            return false
        }
    }
}
