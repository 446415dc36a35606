import Glibc
import MartletLogging
package import MartletSite

/// The program of a database, and how it is called.
package struct DatabaseShell: Sendable, Hashable {
    /// `psql` or `sqlite3`.
    package let program: String
    /// What stands behind its name.
    package let words: [String]
    /// Variables that the program reads: a password on the command line could be read by all users of the machine.
    package let variables: [String: String]

    /// Finds the program of a database.
    ///
    /// - Parameter folder: The site's, where the paths of SQLite's files start.
    package init(_ database: DatabaseURL, folder: String) {
        if let url = database.postgreSQL?.revealed {
            let (bare, password) = Self.apart(url)
            program = "psql"
            words = [bare]
            variables = password.map { ["PGPASSWORD": $0] } ?? [:]
        } else {
            let path = database.path ?? ""
            let isWhole = path.hasPrefix("/") || folder == "."
            program = "sqlite3"
            words = [isWhole ? path : "\(folder)/\(path)"]
            variables = [:]
        }
    }

    /// A URL without its password, and the password: that of `user:password@`, else of `?password=`.
    private static func apart(_ url: String) -> (url: String, password: String?) {
        var text = url
        var password: String?
        if let question = text.firstIndex(of: "?") {
            let pairs = text[text.index(after: question)...].split(separator: "&")
            password = pairs.last { $0.hasPrefix("password=") }.map { String($0.dropFirst("password=".count)) }
            let rest = pairs.filter { !$0.hasPrefix("password=") }.joined(separator: "&")
            text = String(text[..<question]) + (rest.isEmpty ? "" : "?" + rest)
        }
        guard let start = text.firstRange(of: "://")?.upperBound else { return (text, password) }
        let authority = text[start...].prefix { $0 != "/" && $0 != "?" }
        if let sign = authority.lastIndex(of: "@"), let colon = authority[..<sign].firstIndex(of: ":") {
            password = password ?? String(text[text.index(after: colon)..<sign])
            text.removeSubrange(colon..<sign)
        }
        return (text, password.map { PercentDecoding.text($0) })
    }

    /// Becomes the program.
    ///
    /// - Parameter rest: Further words for it.
    /// - Throws: ``CommandError`` when it cannot be started; it does not return otherwise.
    func replaceProcess(with rest: [String]) throws(CommandError) {
        for (name, value) in variables { setenv(name, value, 1) }
        let problem = ProcessImage.replace(program, words + rest)
        throw CommandError(
            "'\(program)' cannot be started: \(problem). Install it: postgresql-client has psql, sqlite3 has sqlite3.")
    }
}
