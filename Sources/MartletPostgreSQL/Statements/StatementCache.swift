import CPostgreSQL

/// A statement that the server keeps for a connection.
final class PreparedStatement {
    let name: String
    /// The types PostgreSQL has inferred for the parameters.
    let parameterTypes: [Oid]
    /// Whether its results come in binary form.
    let isBinary: Bool
    private let effect: NeighbourEffect
    /// How long it took lately, in nanoseconds; `nil` before it was run.
    private(set) var time: UInt64?
    fileprivate var lastUse: UInt64 = 0

    init(name: String, parameterTypes: [Oid], isBinary: Bool, effect: NeighbourEffect) {
        self.name = name
        self.effect = effect
        self.parameterTypes = parameterTypes
        self.isBinary = isBinary
    }

    /// Takes note of how long it took; one slow time out of many does not count for much.
    func note(nanoseconds: UInt64) {
        time = time.map { ($0 / 4) &* 3 &+ nanoseconds / 4 } ?? nanoseconds
    }

    /// What it does to others on its connection; `other` while it is not known to be short.
    func effect(short: UInt64) -> NeighbourEffect {
        guard let time, time <= short else { return .other }
        return effect
    }
}

/// Prepared statements by their text; the one that was not used for the longest goes first.
struct StatementCache {
    private var entries: [String: PreparedStatement] = [:]
    /// What was found last: mostly asked for twice in a row, by the pool and by the statement itself.
    private var latest: (sql: String, statement: PreparedStatement)?
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
        // The same text is mostly the same memory, which is seen without a look at the text.
        if let latest, latest.sql == sql { return used(latest.statement) }
        guard let found = entries[sql] else { return nil }
        latest = (sql, found)
        return used(found)
    }

    private mutating func used(_ statement: PreparedStatement) -> PreparedStatement {
        clock += 1
        statement.lastUse = clock
        return statement
    }

    /// - Returns: The statement that has to go: the oldest, or this one when another task has prepared it meanwhile.
    mutating func insert(_ statement: PreparedStatement, for sql: String) -> PreparedStatement? {
        guard entries[sql] == nil else { return statement }
        var evicted: PreparedStatement?
        if entries.count >= limit, let oldest {
            evicted = oldest.value
            entries[oldest.key] = nil
        }
        latest = nil
        entries[sql] = used(statement)
        return evicted
    }

    private var oldest: Dictionary<String, PreparedStatement>.Element? {
        entries.min { $0.value.lastUse < $1.value.lastUse }
    }

    /// What separates the statements that were used so far from those that will be.
    var mark: UInt64 { clock }

    /// Whether a statement can only be kept in place of one that was used since a mark.
    func isFull(for sql: String, since mark: UInt64) -> Bool {
        guard entries.count >= limit, entries[sql] == nil, let oldest else { return false }
        return oldest.value.lastUse > mark
    }

    mutating func remove(_ sql: String) {
        latest = nil
        entries[sql] = nil
    }

    /// Removes a statement, and not the one that another task has prepared in its place.
    mutating func remove(_ statement: PreparedStatement, for sql: String) {
        if entries[sql] === statement { remove(sql) }
    }
}
