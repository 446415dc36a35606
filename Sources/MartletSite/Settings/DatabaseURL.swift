public import MartletLogging
import MartletPostgreSQL

/// Where a database is: `sqlite:///data/blog.sqlite3`, with three slashes for a path below the site's folder and four
/// for one from the root, or `postgresql://user:password@host:5432/database`.
///
/// A URL of PostgreSQL is libpq's, with its parameters: `?sslmode=verify-full&application_name=blog`, or
/// `postgresql:///blog?host=/run/postgresql` for a Unix socket.
///
/// Source: [libpq, Connection URIs](https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS).
public struct DatabaseURL: Sendable, Hashable {
    /// The SQLite file's path; `nil` for another database.
    public let path: String?

    /// The URL of a PostgreSQL database, which may hold a password; `nil` for another database.
    public let postgreSQL: Secret<String>?

    /// Reads a URL.
    ///
    /// - Returns: `nil` when it is not of this form.
    public init?(_ text: String) {
        self.init(text, problem: { _ in })
    }

    /// Reads a URL, and says what is wrong with one that is nearly right.
    init?(_ text: String, problem: (String) -> Void) {
        if Self.isPostgreSQL(text) {
            if let found = PostgreSQLConfiguration.problem(inURL: text) {
                problem(found)
                return nil
            }
            (path, postgreSQL) = (nil, Secret(text))
            return
        }
        let prefix = "sqlite:///"
        guard text.hasPrefix(prefix), text.count > prefix.count else { return nil }
        (path, postgreSQL) = (String(text.dropFirst(prefix.count)), nil)
    }

    fileprivate init(path: String) {
        (self.path, postgreSQL) = (path, nil)
    }

    private static func isPostgreSQL(_ text: String) -> Bool {
        text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
    }
}

extension SettingsReader {
    mutating func databaseURL(_ name: String, default value: String) -> DatabaseURL {
        let text = text(name, default: value)
        var problem: String?
        if let url = DatabaseURL(text, problem: { problem = $0 }) { return url }
        report(
            name,
            expected: problem.map { "a URL of PostgreSQL, but \($0)" }
                ?? "the URL of an SQLite file, such as sqlite:///data/blog.sqlite3, or of a PostgreSQL database, such as "
                + "postgresql://user:password@host/database")
        return DatabaseURL(path: value)
    }
}
