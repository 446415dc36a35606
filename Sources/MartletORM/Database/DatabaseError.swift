/// An error that a database has reported, by kind, the same on every database.
public struct DatabaseError: Error, Sendable, CustomStringConvertible {
    /// What kind of error it is. A struct with static members: kinds may be added.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        /// The kind's name.
        public let description: String

        /// Two rows would have the same value.
        public static let uniqueViolation = Kind(description: "unique violation")
        /// A reference to a row that does not exist, or a row that is still referred to.
        public static let foreignKeyViolation = Kind(description: "foreign key violation")
        /// Null in a column that may not be null.
        public static let notNullViolation = Kind(description: "not null violation")
        /// A check constraint does not hold.
        public static let checkViolation = Kind(description: "check violation")
        /// Two rows exclude each other by an exclusion constraint, which only PostgreSQL has.
        public static let exclusionViolation = Kind(description: "exclusion violation")
        /// Another connection holds a lock.
        public static let busy = Kind(description: "busy")
        /// The statement, or the wait for a connection, took longer than the task's time limit.
        public static let timeout = Kind(description: "timeout")
        /// The statement was cancelled.
        public static let cancelled = Kind(description: "cancelled")
        /// Two transactions waited for each other, and this one was ended; it may be tried again.
        public static let deadlock = Kind(description: "deadlock")
        /// Transactions at once had no order in which they could have been one after the other; try again.
        public static let serializationFailure = Kind(description: "serialization failure")
        /// A value that the column's type cannot hold.
        public static let invalidValue = Kind(description: "invalid value")
        /// The database cannot be reached or opened.
        public static let connection = Kind(description: "connection")
        /// The database has as many connections as it takes.
        public static let tooManyConnections = Kind(description: "too many connections")
        /// The database refuses to be written to.
        public static let readOnly = Kind(description: "read only")
        /// The disk is full.
        public static let diskFull = Kind(description: "disk full")
        /// A table, column or function does not exist, or the SQL is not SQL.
        public static let statement = Kind(description: "statement")
        /// Anything else.
        public static let other = Kind(description: "other")
    }

    /// The kind.
    public let kind: Kind

    /// The database's own words.
    public let message: String

    /// The columns of the violated constraint as the database names them, such as `blog_post.slug`.
    public let columns: [String]

    /// The name of the violated constraint, where the database tells it.
    public let constraint: String?

    /// The fields of the violated constraint, in snake_case, where the models tell them.
    public let fields: [String]

    /// The SQL text, without its values.
    public let sql: String?

    /// The database's own code: PostgreSQL's SQLSTATE such as `23505`, SQLite's extended result code such as `2067`.
    public let code: String?

    /// Makes an error.
    public init(
        _ kind: Kind, _ message: String, columns: [String] = [], constraint: String? = nil, fields: [String] = [],
        sql: String? = nil, code: String? = nil
    ) {
        self.kind = kind
        self.message = message
        self.columns = columns
        self.constraint = constraint
        self.fields = fields
        self.sql = sql
        self.code = code
    }

    /// The code of text with a null character, which PostgreSQL cannot keep: its `character_not_in_repertoire`.
    package static let nullCharacter = "22021"

    /// The error of a statement that was not run, because one before it has failed.
    package static func notRun(_ statement: Statement) -> DatabaseError {
        DatabaseError(
            .statement, "It was not run: a statement before it in the same transaction has failed.", sql: statement.sql)
    }

    /// The kind, the database's words, and the SQL.
    public var description: String {
        "Database error (\(kind)): \(message)" + (sql.map { " — in: \($0)" } ?? "")
    }
}
