import MartletDebugging
import Testing

@Suite struct StatementShapeTests {
    static let shapes: [(String, String?)] = [
        ("SELECT a FROM t WHERE id = $1", "SELECT a FROM t WHERE id = ?"),
        ("SELECT a FROM t WHERE id = ?", "SELECT a FROM t WHERE id = ?"),
        ("SELECT a FROM t WHERE id = ?12", "SELECT a FROM t WHERE id = ?"),
        ("select a FROM t WHERE id IN ($1, $2, $3)", "select a FROM t WHERE id IN (?)"),
        ("SELECT a FROM t WHERE id IN (?,?,?)", "SELECT a FROM t WHERE id IN (?)"),
        ("UPDATE t SET a = $1, b = $2 WHERE id = $3", "UPDATE t SET a = ?, b = ? WHERE id = ?"),
        ("INSERT INTO t VALUES ($1, $2)", "INSERT INTO t VALUES (?)"), ("DELETE FROM t", "DELETE FROM t"),
        ("WITH x AS (SELECT $10) SELECT 1", "WITH x AS (SELECT ?) SELECT 1"),
        ("SELECT '$1, $2', \"?, ?\" FROM t", "SELECT '$1, $2', \"?, ?\" FROM t"),
        ("SELECT 'it''s $1', $2", "SELECT 'it''s $1', ?"), ("SELECT 'open $1", "SELECT 'open $1"),
        ("SELECT $$", "SELECT $$"), ("SELECT 😀é\0 $1", "SELECT 😀é\0 ?"),
        ("BEGIN", nil), ("SAVEPOINT s1", nil), ("RELEASE SAVEPOINT s1", nil), ("COMMIT", nil), ("", nil), ("😀", nil),
        ("SELECTED $1", nil), ("COPY t FROM STDIN", nil),
    ]

    @Test(arguments: shapes)
    func `statements that differ in their values alone have one shape`(_ sql: String, _ shape: String?) {
        #expect(StatementShape.of(sql) == shape)
    }
}
