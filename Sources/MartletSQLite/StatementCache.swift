import CSQLite

/// A statement that is prepared, and what is known of it.
final class PreparedStatement {
    let pointer: OpaquePointer
    /// Whether it only reads rows; `BEGIN` and some pragmas would count as reading too.
    let isQuery: Bool
    /// Whether it was short when it ran last.
    var isShort = false
    fileprivate var lastUse: UInt64 = 0

    init(_ pointer: OpaquePointer, sql: String) {
        self.pointer = pointer
        isQuery = sqlite3_stmt_readonly(pointer) != 0 && sql.utf8.starts(with: "SELECT ".utf8)
    }
}

/// Prepared statements by their text; the one that was not used for the longest goes first.
struct StatementCache {
    private var entries: [String: PreparedStatement] = [:]
    private var clock: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    mutating func find(_ sql: String) -> PreparedStatement? {
        guard let entry = entries[sql] else { return nil }
        clock += 1
        entry.lastUse = clock
        return entry
    }

    mutating func insert(_ statement: PreparedStatement, for sql: String) {
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            sqlite3_finalize(oldest.value.pointer)
            entries[oldest.key] = nil
        }
        clock += 1
        statement.lastUse = clock
        entries[sql] = statement
    }

    mutating func finalizeAll() {
        for entry in entries.values { sqlite3_finalize(entry.pointer) }
        entries = [:]
    }
}
