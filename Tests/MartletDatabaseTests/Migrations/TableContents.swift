import MartletORM

/// A table as the database itself describes it, and its rows.
struct TableContents: Sendable, Hashable {
    let name: String
    /// Columns, constraints and indexes, sorted: their order in the table does not matter.
    let definition: [String]
    /// The rows in the order of their first column, each with its values by the names of the columns.
    private let rows: [[String: String]]

    /// The name and the definition.
    var schema: [String] { [name] + definition }

    /// The rows without columns, or a table, whose values do not come back.
    func rows(but lost: Set<String>) -> [[String: String]] {
        if lost.contains(name) { return [] }
        return rows.map { row in row.filter { !lost.contains("\(name).\($0.key)") } }
    }

    /// All tables but the history, by their names.
    static func all() async throws -> [TableContents] {
        let database = try Database.current
        let isSQLite = database.dialect.name == "sqlite"
        var definitions: [String: [String]] = [:]
        for (table, text) in try await pairs(isSQLite ? sqlite : postgreSQL) {
            definitions[table, default: []] += isSQLite ? parts(of: text) : [withoutCasts(text)]
        }
        var tables: [TableContents] = []
        for (table, definition) in definitions.sorted(by: { $0.key < $1.key }) {
            let rows = try await database.rows(
                Statement("SELECT * FROM \(database.dialect.quoted(table)) ORDER BY id"), access: .write
            ) { row in
                Dictionary(
                    (0..<row.count).map { (row.columnName(at: $0), "\(row.value(at: $0))") },
                    uniquingKeysWith: { first, _ in first })
            }
            tables.append(TableContents(name: table, definition: definition.sorted(), rows: rows))
        }
        return tables
    }

    private static func pairs(_ sql: String) async throws -> [(String, String)] {
        try await Database.current.rows(Statement(sql), access: .write) { (try $0.text(at: 0), try $0.text(at: 1)) }
    }

    private static let sqlite = """
        SELECT tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
        AND tbl_name <> 'django_migrations'
        """

    /// Foreign and primary keys without their names: PostgreSQL keeps those that they were made with when the table is
    /// renamed, and so does Django.
    private static let postgreSQL = """
        SELECT c.relname::text, d.text FROM pg_class c JOIN ( \
        SELECT attrelid AS oid, attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' \
        || attidentity::text || attgenerated::text || coalesce(pg_get_expr(adbin, adrelid), '') AS text \
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
        WHERE attnum > 0 AND NOT attisdropped \
        UNION ALL SELECT conrelid, CASE WHEN contype IN ('f', 'p') THEN '' ELSE conname END || ' ' \
        || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint \
        UNION ALL SELECT indrelid, pg_get_indexdef(indexrelid) FROM pg_index WHERE NOT indisprimary \
        UNION ALL SELECT objoid, 'comment ' || objsubid || ' ' || description FROM pg_description \
        ) d ON d.oid = c.oid WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace \
        AND c.relname <> 'django_migrations'
        """

    /// A check as it was written: PostgreSQL adds casts when a column changes its type, and keeps them.
    private static func withoutCasts(_ text: String) -> String {
        guard text.contains(" CHECK (") else { return text }
        return text.replacing(/::[a-z]+(?: varying| precision)?/, with: "").filter { $0 != "(" && $0 != ")" }
    }

    /// The columns and constraints of a `CREATE TABLE`; an index as it is.
    private static func parts(of sql: String) -> [String] {
        guard sql.hasPrefix("CREATE TABLE"), let open = sql.firstIndex(of: "("), let close = sql.lastIndex(of: ")")
        else {
            return [sql]
        }
        var parts = [""]
        var depth = 0
        var quote: Character?
        for character in sql[sql.index(after: open)..<close] {
            if let current = quote {
                if character == current { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "(" || character == ")" {
                depth += character == "(" ? 1 : -1
            } else if character == ",", depth == 0 {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
        }
        return parts.map { String($0.drop(while: \.isWhitespace)) }
    }
}

/// The rows that are there before models change.
enum ChangedRows {
    static func fill() async throws {
        let database = try Database.current
        for sql in clearing + statements { try await database.execute(Statement(sql)) }
    }

    private static let clearing = [
        "DELETE FROM blog_note", "DELETE FROM blog_post_tags", "UPDATE blog_post SET parent_id = NULL",
        "DELETE FROM blog_post", "DELETE FROM blog_tag", "DELETE FROM accounts_user",
    ]

    private static let statements = [
        "INSERT INTO accounts_user (id, name, email) VALUES (1, 'Ann', 'ann@example.org'), (2, 'Bo''b \"x\"', 'b@example.org')",
        """
        INSERT INTO blog_tag (id, name) VALUES ('0190a5f8-0000-7000-8000-00000000000a', 'swift'), \
        ('0190a5f8-0000-7000-8000-00000000000b', 'it''s')
        """,
        """
        INSERT INTO blog_post (id, title, slug, body, note, views, author_id, parent_id) VALUES \
        (1, 'One', 'one', 'a; -- b', NULL, 0, 1, NULL), (2, 'Two %_\\', 'two', 'é🐦', 'noted', 7, 2, 1), \
        (3, 'Three', 'three', '', '', 1000000, 1, 2)
        """,
        """
        INSERT INTO blog_post_tags (id, post_id, tag_id) VALUES (1, 1, '0190a5f8-0000-7000-8000-00000000000a'), \
        (2, 3, '0190a5f8-0000-7000-8000-00000000000b')
        """,
        "INSERT INTO blog_note (id, post_id, text) VALUES (1, 1, 'first'), (2, 2, 'it''s')",
    ]
}
