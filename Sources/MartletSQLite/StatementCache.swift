import CSQLite

/// A statement that is prepared, and what is known of it.
final class PreparedStatement {
    let pointer: OpaquePointer
    /// Whether it will be used again.
    private let isKept: Bool
    /// Whether it only reads rows; `BEGIN` and some pragmas would count as reading too.
    let isQuery: Bool
    /// Whether it was short when it ran last.
    var isShort = false
    fileprivate var lastUse: UInt64 = 0

    init(_ pointer: OpaquePointer, sql: String, isKept: Bool) {
        self.pointer = pointer
        self.isKept = isKept
        isQuery = sqlite3_stmt_readonly(pointer) != 0 && sql.utf8.starts(with: "SELECT ".utf8)
    }

    /// How many steps of SQLite's machine the run has taken; counts anew from here.
    var steps: Int32 { sqlite3_stmt_status(pointer, SQLITE_STMTSTATUS_VM_STEP, 1) }

    /// Ends a run: the statement is ready for the next one, or given back where there will be none.
    func end() {
        if isKept {
            sqlite3_reset(pointer)
            sqlite3_clear_bindings(pointer)
        } else {
            sqlite3_finalize(pointer)
        }
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
