import CSQLite
public import MartletORM

/// How a SQLite file is opened.
public struct SQLiteConfiguration: Sendable {
    /// The file's path; it is made when it does not exist. `:memory:` is a database that is gone when it is closed, and
    /// has one connection for all.
    public var path: String
    /// Whether nothing may be written. The file must exist; it may lie where this process cannot write.
    public var isReadOnly = false
    /// Whether tables that are made refuse values of another storage class than their field's, such as a text among
    /// numbers: a `CHECK` in each column's definition, which Django's tables lack. What is bound by typed queries is of
    /// the right class in any case; this also keeps out what other programs and raw SQL write.
    public var checksStorage = false
    /// How many connections read at once.
    public var readers = 4
    /// How long a statement waits for another process that holds the file's lock.
    public var busyTimeout = Duration.seconds(5)
    /// How long a query waits for a connection of this process.
    public var poolTimeout = Duration.seconds(30)
    /// How long a lease may last before ``onLongLease`` is told; `nil` for as long as it likes.
    public var longLease: Duration?
    /// Told once of each lease that lasts longer than ``longLease``.
    public var onLongLease: (@Sendable (LongLease) -> Void)?
    /// How many prepared statements each connection keeps.
    public var cachedStatements = 128

    /// Makes a configuration with the usual settings.
    public init(path: String) {
        self.path = path
    }

    /// Reads a URL: `sqlite:///data/blog.sqlite3` for a path below the current folder, with four slashes for one from
    /// the root; `sqlite:///:memory:` for a database in memory; `?mode=ro` at the end for one that is only read. What has a
    /// meaning in a URL, such as `?`, `#`, `%` and a space, is percent-encoded in the path.
    ///
    /// - Returns: `nil` when it is not of this form.
    public init?(url: String) {
        let parts = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, SQLiteURL.problem(in: first) == nil, let path = SQLiteURL.path(in: first) else {
            return nil
        }
        self.init(path: path)
        guard parts.count == 2 else { return }
        switch parts[1] {
        case "mode=ro": isReadOnly = true
        case "mode=rwc": break
        default: return nil
        }
    }

    /// Whether there is no file.
    var isInMemory: Bool { path == ":memory:" }

    /// How SQLite opens it. The queue of each connection keeps threads apart, so SQLite's own mutexes would only cost.
    var flags: Int32 {
        (isReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX
    }

    func pool(limit: Int) -> PoolSettings {
        var settings = PoolSettings(name: path, limit: limit, timeout: poolTimeout)
        settings.longLease = longLease
        settings.onLongLease = onLongLease
        return settings
    }

    func pragmas(for access: DatabaseAccess) -> [String] {
        if isReadOnly { return ["PRAGMA query_only = ON"] }
        // The rows that are looked at when tables are counted: enough to plan by, and soon done.
        if isInMemory { return ["PRAGMA foreign_keys = ON", "PRAGMA analysis_limit = 400"] }
        var pragmas = ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA foreign_keys = ON"]
        if access == .write { pragmas.append("PRAGMA analysis_limit = 400") }
        // A statement that was thought to read and does not fails at once instead of fighting the writer.
        if access == .read { pragmas.append("PRAGMA query_only = ON") }
        return pragmas
    }
}
