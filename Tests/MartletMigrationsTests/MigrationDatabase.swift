import FoundationEssentials
import MartletMigrations
import MartletORM
import MartletSQLite

/// A database file of a test's own, in a folder that goes away with it.
struct MigrationDatabase {
    let folder: URL
    let database: Database

    /// Runs a test with an empty database.
    static func with(_ body: (MigrationDatabase) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let backend = SQLiteBackend(path: folder.appendingPathComponent("test.sqlite3").path)
        try await body(MigrationDatabase(folder: folder, database: Database(backend)))
        await backend.close()
    }

    func execute(_ statements: String...) async throws {
        for sql in statements { try await database.execute(Statement(sql)) }
    }

    func executor(_ apps: Migrations...) throws -> MigrationExecutor {
        MigrationExecutor(database, try MigrationGraph(apps))
    }

    /// Each table and index with the text that SQLite keeps of it.
    func schema() async throws -> [String] {
        let sql = """
            SELECT "name" || ': ' || coalesce("sql", '') FROM "sqlite_schema" \
            WHERE "name" NOT LIKE 'sqlite_%' AND "name" <> 'django_migrations' ORDER BY "name"
            """
        return try await database.rows(Statement(sql), access: .write) { try $0.text(at: 0) }
    }

    /// The rows of a query, each as text.
    func rows(_ sql: String) async throws -> [String] {
        try await database.rows(Statement(sql), access: .write) { row in
            (0..<row.count).map { "\(row.value(at: $0).brief)" }.joined(separator: "|")
        }
    }
}

extension SQLValue {
    fileprivate var brief: String {
        switch self {
        case .null: "null"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): text
        default: "\(self)"
        }
    }
}
