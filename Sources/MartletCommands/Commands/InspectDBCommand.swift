import MartletMigrations
import MartletORM
import MartletSite

/// Writes models for the tables of a database.
struct InspectDBCommand: Command {
    let name = "inspectdb"
    let summary = "Writes Swift models for the tables that are in the database."
    let usage = "inspectdb [TABLE …] [--app LABEL] [--include-views]"
    let flags: Set<String> = ["include-views"]
    let valueOptions: Set<String> = ["app"]

    func run(_ context: CommandContext) async throws {
        let app = context.arguments.value("app") ?? "legacy"
        guard ModelInspection.isLabel(app) else {
            throw CommandError(
                "'\(app)' is no label of an app: use small letters, digits and underscores.", exitCode: 2)
        }
        let wanted = Set(context.arguments.words)
        try await context.withSite { running in
            let database = running.database
            var tables = try await database.dialect.schemaEditor.inspectedTables(in: database)
            let missing = wanted.subtracting(tables.map(\.name)).sorted()
            guard missing.isEmpty else {
                throw CommandError("There is no table '\(missing.joined(separator: "', '"))' in the database.")
            }
            let includesViews = context.arguments.has("include-views")
            tables = tables.filter { wanted.isEmpty ? !$0.isView || includesViews : wanted.contains($0.name) }
            let inspection = ModelInspection(app: app, isSQLite: database.dialect.name == "sqlite")
            context.print(inspection.source(of: tables))
        }
    }
}
