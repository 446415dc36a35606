import MartletORM
import MartletSite

/// Deletes all rows.
struct FlushCommand: Command {
    let name = "flush"
    let summary = "Deletes all rows of the site's tables; the tables, and the history of migrations, stay."

    func run(_ context: CommandContext) async throws {
        try await context.withSite { running in
            let database = running.database
            try confirm(context, running)
            let statements = running.flushStatements
            guard !statements.isEmpty else { return context.note("The site has no tables.") }
            let editor = database.dialect.schemaEditor
            do {
                try await editor.transaction(on: database, checking: []) {
                    for sql in statements { try await database.execute(Statement(sql)) }
                }
            } catch let error as DatabaseError {
                throw CommandError(
                    "Nothing was deleted. Perhaps the tables are not there, or other tables refer to them: run migrate, "
                        + "or delete those rows first. \(error)")
            }
            context.note("Deleted all rows.")
        }
    }

    /// Asks at a terminal; elsewhere it must be said on the command line.
    private func confirm(_ context: CommandContext, _ running: RunningSite) throws {
        guard !context.arguments[CommonOptions.noInput] else { return }
        guard let ask = context.ask else {
            throw CommandError("This deletes all rows. Say --no-input where nobody can be asked.", exitCode: 2)
        }
        let place = running.settings.database.path ?? "the PostgreSQL database"
        let answer = ask("This deletes ALL ROWS of \(place), for good. Type 'yes' to go on, or 'no':")
        guard answer == "yes" else { throw CommandError("Nothing was deleted.") }
    }
}

/// Prints what `flush` would run.
struct SQLFlushCommand: Command {
    let name = "sqlflush"
    let summary = "Prints the SQL that deletes all rows, which is not run."

    func run(_ context: CommandContext) async throws {
        try await context.withSite { running in
            let lines = running.flushStatements.map { "\($0);" }
            (["BEGIN;"] + lines + ["COMMIT;"]).forEach(context.print)
        }
    }
}

extension RunningSite {
    /// The statements that delete all rows of the tables that migrations look after.
    fileprivate var flushStatements: [String] {
        let schemas = site.registry.schemas.filter { $0.isManaged && $0.proxied == nil }
        let tables = schemas.flatMap { schema in
            [schema.table]
                + schema.fields.compactMap { field in
                    guard case .manyToMany(let target) = field.kind else { return nil }
                    return ThroughTable(of: schema, field: field.name, to: target).name
                }
        }
        return tables.isEmpty ? [] : database.dialect.schemaEditor.deleteAllRows(of: Array(Set(tables)).sorted())
    }
}
