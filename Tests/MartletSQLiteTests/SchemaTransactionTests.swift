import FoundationEssentials
import MartletORM
import MartletSQLite
import Testing

@Suite struct SchemaTransactionTests {
    @Test func `foreign keys are checked again after a change of tables that is cancelled at its commit`() async throws
    {
        try await withFolder { folder in
            let database = Database(
                SQLiteBackend(path: folder.appendingPathComponent("db.sqlite3").path),
                observers: [{ event in if event.sql == "COMMIT" { withUnsafeCurrentTask { $0?.cancel() } } }])
            let change = Task {
                try await database.schemaTransaction(
                    before: [Statement("PRAGMA foreign_keys = OFF")], after: [Statement("PRAGMA foreign_keys = ON")]
                ) { _ = try await database.execute(Statement("CREATE TABLE t (a)")) }
            }
            try await change.value
            let isOn = Statement("PRAGMA foreign_keys")
            #expect(try await database.rows(isOn, access: .write) { try $0.integer(at: 0) } == [1])
            #expect(try await database.rows(Statement("SELECT * FROM t")) { _ in true }.isEmpty)
            await database.backend.close()
        }
    }
}
