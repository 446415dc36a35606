import FoundationEssentials
import MartletORM

/// The history of a database: the table `django_migrations`, a row for each applied migration, as Django keeps it.
///
/// Rows of apps that this project does not know are neither read into a decision nor changed.
struct MigrationRecorder: Sendable {
    static let table = TableLayout(
        name: "django_migrations",
        columns: [
            ColumnLayout("id", .auto, primaryKey: true),
            ColumnLayout("app", .char(maxLength: 255)),
            ColumnLayout("name", .char(maxLength: 255)),
            ColumnLayout("applied", .dateTime),
        ])

    let database: Database

    private var editor: any SchemaEditor { database.dialect.schemaEditor }

    /// The applied migrations and when they were; none where the table does not exist.
    func applied() async throws -> [MigrationName: Date] {
        guard try await editor.tableNames(in: database).contains(Self.table.name) else { return [:] }
        return try await rows()
    }

    private func rows() async throws -> [MigrationName: Date] {
        let sql = #"SELECT "app", "name", "applied" FROM "django_migrations" ORDER BY "id""#
        let rows = try await database.rows(Statement(sql), access: .write) { row in
            (MigrationName(app: try row.text(at: 0), name: try row.text(at: 1)), try row.dateTime(at: 2))
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }

    /// Makes the table where it does not exist.
    func ensureTable() async throws {
        guard try await !editor.tableNames(in: database).contains(Self.table.name) else { return }
        let database = database
        try await editor.transaction(on: database, checking: []) {
            // Another process may have made it since.
            let editor = database.dialect.schemaEditor
            guard try await !editor.tableNames(in: database).contains(Self.table.name) else { return }
            for step in editor.createTable(Self.table) { try await editor.run(step, on: database) }
        }
    }

    func contains(_ name: MigrationName) async throws -> Bool {
        let sql = #"SELECT 1 FROM "django_migrations" WHERE "app" = \#(placeholder(1)) AND "name" = \#(placeholder(2))"#
        return try await !database.rows(Statement(sql, [.text(name.app), .text(name.name)])) { _ in true }.isEmpty
    }

    func record(_ name: MigrationName) async throws {
        let sql = """
            INSERT INTO "django_migrations" ("app", "name", "applied") \
            VALUES (\(placeholder(1)), \(placeholder(2)), \(placeholder(3)))
            """
        try await database.execute(Statement(sql, [.text(name.app), .text(name.name), .dateTime(.now)]))
    }

    func forget(_ name: MigrationName) async throws {
        let sql = #"DELETE FROM "django_migrations" WHERE "app" = \#(placeholder(1)) AND "name" = \#(placeholder(2))"#
        try await database.execute(Statement(sql, [.text(name.app), .text(name.name)]))
    }

    private func placeholder(_ position: Int) -> String { database.dialect.placeholder(position) }
}
