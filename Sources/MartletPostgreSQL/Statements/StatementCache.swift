import CPostgreSQL

/// A statement that the server keeps for a connection.
final class PreparedStatement {
    let name: String
    /// The types PostgreSQL has inferred for the parameters.
    let parameterTypes: [Oid]
    /// Whether its results come in binary form.
    let isBinary: Bool
    fileprivate var lastUse: UInt64 = 0

    init(name: String, parameterTypes: [Oid], isBinary: Bool) {
        self.name = name
        self.parameterTypes = parameterTypes
        self.isBinary = isBinary
    }
}

/// Prepared statements by their text; the one that was not used for the longest goes first.
struct StatementCache {
    private var entries: [String: PreparedStatement] = [:]
    private var clock: UInt64 = 0
    private var names: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// A name that no statement of this connection has had.
    mutating func newName() -> String {
        names += 1
        return "martlet_\(names)"
    }

    mutating func find(_ sql: String) -> PreparedStatement? {
        guard let found = entries[sql] else { return nil }
        clock += 1
        found.lastUse = clock
        return found
    }

    /// - Returns: The statement that had to go.
    mutating func insert(_ statement: PreparedStatement, for sql: String) -> PreparedStatement? {
        var evicted: PreparedStatement?
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            evicted = oldest.value
            entries[oldest.key] = nil
        }
        clock += 1
        statement.lastUse = clock
        entries[sql] = statement
        return evicted
    }

    mutating func remove(_ sql: String) {
        entries[sql] = nil
    }
}
