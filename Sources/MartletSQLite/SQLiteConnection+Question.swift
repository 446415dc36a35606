import CSQLite
import MartletORM

extension SQLiteConnection: QuestionedConnection {
    /// Runs a statement while SQLite asks, for each thing that it would do, whether that only reads.
    func answer<Value: Sendable>(
        _ question: Statement, decode: @escaping @Sendable (any Row) throws -> Value
    ) async throws -> [Value] {
        try await onQueue(question) { interruption in
            sqlite3_set_authorizer(
                self.handle,
                { _, action, first, second, _, _ in
                    ReadingOnly.verdict(action, first, second)
                }, nil)
            defer { sqlite3_set_authorizer(self.handle, nil, nil) }
            do {
                // Not from the statements that are kept: those were compiled when nobody was asked.
                return try self.runOnce(question, interruption, decode)
            } catch let error as DatabaseError where error.code == "\(SQLITE_AUTH)" {
                throw DatabaseError(
                    .readOnly, "This would do more than read the database, and is refused.", sql: question.sql,
                    code: error.code)
            }
        }
    }
}

/// What a statement may do that only reads.
///
/// Source: [SQLite, Authorizer Action Codes](https://www.sqlite.org/c3ref/c_alter_table.html).
private enum ReadingOnly {
    /// - Parameters:
    ///   - first: The pragma's name, where it is one.
    ///   - second: The pragma's value, or the function's name.
    static func verdict(
        _ action: Int32, _ first: UnsafePointer<CChar>?, _ second: UnsafePointer<CChar>?
    ) -> Int32 {
        let isAllowed =
            switch action {
            case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: true
            // So a table that a function makes, such as `json_each`, is declared to the connection. An order to change the
            // real one is refused by SQLite itself as long as `PRAGMA writable_schema` is, below.
            case SQLITE_UPDATE: name(first) == "sqlite_master"
            case SQLITE_FUNCTION: !refusedFunctions.contains(name(second))
            case SQLITE_PRAGMA: second == nil ? shown.contains(name(first)) : described.contains(name(first))
            default: false
            }
        return isAllowed ? SQLITE_OK : SQLITE_DENY
    }

    private static func name(_ text: UnsafePointer<CChar>?) -> String {
        text.map { String(cString: $0).lowercased() } ?? ""
    }

    /// They bring machine code into the process.
    private static let refusedFunctions: Set<String> = ["load_extension", "fts3_tokenizer"]

    /// Pragmas whose value names what they tell of.
    private static let described: Set<String> = [
        "foreign_key_check", "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check",
        "quick_check", "table_info", "table_list", "table_xinfo",
    ]

    /// Pragmas that tell something where they have no value.
    private static let shown = described.union([
        "application_id", "auto_vacuum", "busy_timeout", "cache_size", "collation_list", "compile_options",
        "data_version", "database_list", "encoding", "foreign_keys", "freelist_count", "function_list", "journal_mode",
        "module_list", "page_count", "page_size", "pragma_list", "query_only", "schema_version", "synchronous",
        "user_version",
    ])
}
