import MartletORM
import MartletSQLite
import Testing

/// How many rows a statement says that it has changed.
@Suite struct ChangeCountTests {
    private func open() async throws -> Database {
        let database = Database(SQLiteBackend(path: ":memory:"))
        for sql in [
            "CREATE TABLE t (a INTEGER PRIMARY KEY, b)",
            "CREATE TABLE child (t_id REFERENCES t (a) ON DELETE CASCADE ON UPDATE CASCADE)",
            "CREATE TABLE audit (a)",
            "CREATE TRIGGER noted AFTER UPDATE ON t BEGIN INSERT INTO audit VALUES (1), (2); END",
            "INSERT INTO t VALUES (1, 0), (2, 0), (3, 0)", "INSERT INTO child VALUES (1), (1), (1), (2)",
        ] { try await database.execute(Statement(sql)) }
        return database
    }

    private func changes(_ sql: String, _ database: Database) async throws -> Int {
        try await database.execute(Statement(sql)).changedRows
    }

    @Test func `what triggers and foreign keys change besides is not counted`() async throws {
        let database = try await open()
        #expect(try await changes("UPDATE t SET b = 1 WHERE a < 3", database) == 2)
        #expect(try await changes("UPDATE t SET a = 9 WHERE a = 2", database) == 1)
        #expect(try await changes("DELETE FROM t WHERE a = 1", database) == 1)
        #expect(try await changes("INSERT INTO t VALUES (7, 0) ON CONFLICT DO NOTHING", database) == 1)
        let left = Statement("SELECT count(*) FROM child UNION ALL SELECT count(*) FROM audit")
        #expect(try await database.rows(left) { try $0.integer(at: 0) } == [1, 6])
        await database.backend.close()
    }

    @Test func `a statement that changes nothing does not repeat the number before it`() async throws {
        let database = try await open()
        for sql in [
            "UPDATE t SET b = 1 WHERE a = 77", "DELETE FROM t WHERE a = 77", "PRAGMA user_version = 3",
            "INSERT INTO t VALUES (1, 0) ON CONFLICT DO NOTHING", "CREATE TABLE u (a)",
            "SELECT * FROM t",
        ] {
            #expect(try await changes("UPDATE t SET b = b + 1", database) == 3)
            #expect(try await changes(sql, database) == 0, "\(sql)")
        }
        #expect(try await changes("DELETE FROM t", database) == 3)
        await database.backend.close()
    }
}
