import MartletMigrations
import MartletORM
import MartletSite

/// Writes models for the tables of a database.
struct InspectDBCommand: Command {
    let name = "inspectdb"
    let summary = "Writes Swift models for the tables that are in the database."

    let tables = CommandArgument<[String]>("TABLE", help: "Only these tables and views.")
    let app = CommandOption("app", placeholder: "LABEL", default: "legacy", help: "The label of the models' app.")
    let includesViews = CommandFlag("include-views", help: "Writes models for views, too.")

    func run(_ context: CommandContext) async throws {
        let app = try context.arguments[app]
        guard ModelInspection.isLabel(app) else {
            throw CommandError(
                "'\(app)' is no label of an app: use small letters, digits and underscores.", exitCode: 2)
        }
        let wanted = Set(try context.arguments[tables])
        try await context.withSite { running in
            let database = running.database
            var tables = try await database.dialect.schemaEditor.inspectedTables(in: database)
            let missing = wanted.subtracting(tables.map(\.name)).sorted()
            guard missing.isEmpty else {
                throw CommandError("There is no table '\(missing.joined(separator: "', '"))' in the database.")
            }
            let hasViews = context.arguments[includesViews]
            tables = tables.filter { wanted.isEmpty ? !$0.isView || hasViews : wanted.contains($0.name) }
            let inspection = ModelInspection(app: app, isSQLite: database.dialect.name == "sqlite")
            context.print(inspection.source(of: tables))
        }
    }
}
