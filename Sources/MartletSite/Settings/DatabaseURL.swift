public import MartletLogging
import MartletPostgreSQL
import MartletSQLite

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
                problem("a URL of PostgreSQL, but \(found)")
                return nil
            }
            (path, postgreSQL) = (nil, Secret(text))
            return
        }
        guard text.hasPrefix("sqlite:///"), text != "sqlite:///" else { return nil }
        if let found = SQLiteURL.problem(in: text) {
            problem("a URL of an SQLite file, but \(found)")
            return nil
        }
        guard let file = SQLiteURL.path(in: text) else { return nil }
        (path, postgreSQL) = (file, nil)
    }

    init(path: String) {
        (self.path, postgreSQL) = (path, nil)
    }

    /// The URL of a PostgreSQL database made of its parts, with everything percent-encoded that has to be.
    ///
    /// - Parameters:
    ///   - host: A name, an address, or the folder of a Unix socket; libpq's own default for an empty one.
    init(host: String, port: Int?, name: String, user: String?, password: String?) {
        var text = "postgresql://"
        if let user { text += Self.percentEncoded(user) }
        if let password { text += ":" + Self.percentEncoded(password) }
        if user != nil || password != nil { text += "@" }
        let isIPv6 = host.contains(":") && !host.hasPrefix("/")
        text += isIPv6 ? "[\(host)]" : Self.percentEncoded(host)
        if let port { text += ":\(port)" }
        text += "/" + Self.percentEncoded(name)
        (path, postgreSQL) = (nil, Secret(text))
    }

    /// Everything but letters, digits, `-`, `.`, `_` and `~` as `%XX` (RFC 3986, section 2.3).
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
    }

    private static func isPostgreSQL(_ text: String) -> Bool {
        text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
    }
}
