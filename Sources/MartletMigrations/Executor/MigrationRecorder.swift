import FoundationEssentials
import MartletORM

/// The history of a database: the table `django_migrations`, a row for each applied migration, as Django keeps it.
///
/// Rows of apps that this project does not know are neither read into a decision nor changed.
struct MigrationRecorder: Sendable {
    let database: Database
    /// The table's name.
    let name: String

    private var layout: TableLayout {
        TableLayout(
            name: name,
            columns: [
                ColumnLayout("id", .auto, primaryKey: true),
                ColumnLayout("app", .char(maxLength: 255)),
                ColumnLayout("name", .char(maxLength: 255)),
                ColumnLayout("applied", .dateTime),
            ])
    }

    private var editor: any SchemaEditor { database.dialect.schemaEditor }

    private var table: String { database.dialect.quoted(name) }

    /// The applied migrations and when they were; none where the table does not exist.
    func applied() async throws -> [MigrationName: Date] {
        try checkName()
        guard try await editor.tableNames(in: database).contains(name) else { return [:] }
        return try await rows()
    }

    private func rows() async throws -> [MigrationName: Date] {
        let sql = #"SELECT "app", "name", "applied" FROM \#(table) ORDER BY "id""#
        let rows = try await database.rows(Statement(sql), access: .write) { row in
            (MigrationName(app: try row.text(at: 0), name: try row.text(at: 1)), try row.dateTime(at: 2))
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    private func checkName() throws(MigrationError) {
        guard !MigrationHistory.isTable(name) else { return }
        throw MigrationError(
            .history, "\(name.debugDescription) cannot be the name of the table of migrations.",
            "Use at most 63 letters, digits and underscores, such as '\(MigrationHistory.djangoTable)'.")
    }

    /// Makes the table where it does not exist.
    func ensureTable() async throws {
        guard try await !editor.tableNames(in: database).contains(name) else { return }
        let (database, layout) = (database, layout)
        try await editor.transaction(on: database, checking: []) {
            let editor = database.dialect.schemaEditor
            for step in editor.createTable(layout) { try await editor.run(step, on: database) }
        }
    }

    func record(_ migration: MigrationName) async throws {
        let sql = """
            INSERT INTO \(table) ("app", "name", "applied") VALUES (\(placeholder(1)), \(placeholder(2)), \(placeholder(3)))
            """
        try await database.execute(Statement(sql, [.text(migration.app), .text(migration.name), .dateTime(.now)]))
    }

    func forget(_ migration: MigrationName) async throws {
        let sql = #"DELETE FROM \#(table) WHERE "app" = \#(placeholder(1)) AND "name" = \#(placeholder(2))"#
        try await database.execute(Statement(sql, [.text(migration.app), .text(migration.name)]))
    }

    private func placeholder(_ position: Int) -> String { database.dialect.placeholder(position) }
}
