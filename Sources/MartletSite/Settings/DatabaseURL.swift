/// Where a database is: `sqlite:///data/blog.sqlite3`, with three slashes for a path below the site's folder and four
/// for one from the root.
public struct DatabaseURL: Sendable, Hashable {
    /// The SQLite file's path.
    public let path: String

    /// Reads a URL.
    ///
    /// - Returns: `nil` when it is not of this form.
    public init?(_ text: String) {
        let prefix = "sqlite:///"
        guard text.hasPrefix(prefix), text.count > prefix.count else { return nil }
        path = String(text.dropFirst(prefix.count))
    }
}

extension SettingsReader {
    mutating func databaseURL(_ name: String, default value: String) -> DatabaseURL {
        let text = text(name, default: value)
        if let url = DatabaseURL(text) { return url }
        report(name, expected: "the URL of an SQLite file, such as sqlite:///data/blog.sqlite3")
        return DatabaseURL(path: value)
    }
}

extension DatabaseURL {
    fileprivate init(path: String) {
        self.path = path
    }
}
