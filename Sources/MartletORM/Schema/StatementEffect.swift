/// What a statement does to the tables that others read and write meanwhile.
public struct StatementEffect: Sendable, Hashable {
    /// What is done with the rows of a table while its lock is held.
    public enum Work: Int, Sendable, Hashable, Comparable {
        /// Nothing: it takes moments however large the table is.
        case none
        /// All rows are read, to check them or to build an index.
        case scan
        /// All rows, and all indexes, are written anew.
        case rewrite

        /// In the order of the time it takes.
        public static func < (left: Work, right: Work) -> Bool { left.rawValue < right.rawValue }
    }

    /// The lock on one table.
    public struct Lock: Sendable, Hashable {
        /// The table's name.
        public var table: String
        /// How strong the lock is.
        public var mode: LockMode
        /// What is done with the table's rows meanwhile.
        public var work: Work

        /// Makes a lock.
        public init(_ table: String, _ mode: LockMode, _ work: Work = .none) {
            self.table = table
            self.mode = mode
            self.work = work
        }
    }

    /// The locks on tables that were there before; the strongest of each.
    public var locks: [Lock]

    /// Whether the statement is one whose effect is known.
    public var isKnown: Bool

    /// How the same is done without keeping others waiting; `nil` where there is nothing to gain.
    public var saferWay: String?

    /// Makes an effect.
    public init(_ locks: [Lock], isKnown: Bool = true, saferWay: String? = nil) {
        self.locks = locks
        self.isKnown = isKnown
        self.saferWay = saferWay
    }
}

/// PostgreSQL's locks on tables, from the weakest to the strongest.
///
/// Source: [PostgreSQL, Table-Level Locks](https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES).
public enum LockMode: Int, Sendable, Hashable, Comparable, CaseIterable, CustomStringConvertible {
    /// What reading takes.
    case accessShare = 1
    /// What `SELECT … FOR UPDATE` takes.
    case rowShare
    /// What writing takes.
    case rowExclusive
    /// Others go on reading and writing; only another such statement waits.
    case shareUpdateExclusive
    /// Writers wait.
    case share
    /// Writers wait.
    case shareRowExclusive
    /// Writers wait, and whoever locks rows.
    case exclusive
    /// Everybody waits, readers too.
    case accessExclusive

    /// Whether others cannot write while it is held.
    public var blocksWriters: Bool { self >= .share }

    /// Whether others cannot even read while it is held.
    public var blocksReaders: Bool { self == .accessExclusive }

    /// `ACCESS EXCLUSIVE`.
    public var description: String {
        switch self {
        case .accessShare: "ACCESS SHARE"
        case .rowShare: "ROW SHARE"
        case .rowExclusive: "ROW EXCLUSIVE"
        case .shareUpdateExclusive: "SHARE UPDATE EXCLUSIVE"
        case .share: "SHARE"
        case .shareRowExclusive: "SHARE ROW EXCLUSIVE"
        case .exclusive: "EXCLUSIVE"
        case .accessExclusive: "ACCESS EXCLUSIVE"
        }
    }

    /// In the order of their strength.
    public static func < (left: LockMode, right: LockMode) -> Bool { left.rawValue < right.rawValue }
}
