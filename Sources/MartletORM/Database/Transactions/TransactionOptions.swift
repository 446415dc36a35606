/// How much a transaction sees of others that run at the same time.
///
/// SQLite has one writer, so each of its transactions is serializable whatever is asked for.
///
/// Source: [PostgreSQL, Transaction Isolation](https://www.postgresql.org/docs/current/transaction-iso.html).
public struct IsolationLevel: Sendable, Hashable {
    /// The words of SQL.
    let sql: String

    /// As ``readCommitted`` on PostgreSQL, which shows no row that is not committed.
    public static let readUncommitted = IsolationLevel(sql: "READ UNCOMMITTED")
    /// Each statement sees what was committed before it began; PostgreSQL's own level.
    public static let readCommitted = IsolationLevel(sql: "READ COMMITTED")
    /// All statements see what was committed before the first began.
    public static let repeatableRead = IsolationLevel(sql: "REPEATABLE READ")
    /// As if transactions ran one after the other; one that cannot is ended with `serializationFailure`.
    public static let serializable = IsolationLevel(sql: "SERIALIZABLE")
}

/// How a transaction begins; see ``transaction(on:retrying:isolation:readOnly:deferrable:durable:savepoint:file:line:caller:_:)``.
public struct TransactionOptions: Sendable, Hashable {
    /// What it sees of others; `nil` for the database's own level.
    public var isolation: IsolationLevel?
    /// Whether the database refuses to be written to.
    public var readOnly = false
    /// Whether it waits at its beginning for a moment after which it can neither fail nor make others fail.
    public var deferrable = false

    /// The options as `BEGIN` of standard SQL takes them, with a space before each.
    public var sql: String {
        (isolation.map { " ISOLATION LEVEL " + $0.sql } ?? "") + (readOnly ? " READ ONLY" : "")
            + (deferrable ? " DEFERRABLE" : "")
    }

    /// Whether nothing but the usual is asked for.
    var isUsual: Bool { self == TransactionOptions() }

    /// Refuses what a database would ignore in silence.
    func validate() throws(ORMError) {
        guard !deferrable || readOnly && isolation == .serializable else {
            throw .invalidQuery(
                "`deferrable: true` has an effect only with `isolation: .serializable, readOnly: true`. "
                    + "Add both, or leave it out.")
        }
    }
}
