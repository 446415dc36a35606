import CSQLite

/// Prepared statements by their text; the one that was not used for the longest goes first.
struct StatementCache {
    private var entries: [String: (statement: OpaquePointer, lastUse: UInt64)] = [:]
    private var clock: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    mutating func find(_ sql: String) -> OpaquePointer? {
        guard let index = entries.index(forKey: sql) else { return nil }
        clock += 1
        entries.values[index].lastUse = clock
        return entries.values[index].statement
    }

    mutating func insert(_ statement: OpaquePointer, for sql: String) {
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            sqlite3_finalize(oldest.value.statement)
            entries[oldest.key] = nil
        }
        clock += 1
        entries[sql] = (statement, clock)
    }

    mutating func finalizeAll() {
        for entry in entries.values { sqlite3_finalize(entry.statement) }
        entries = [:]
    }
}
