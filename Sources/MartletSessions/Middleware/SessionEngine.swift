/// Where a site keeps its sessions: the values of `SESSION_ENGINE`.
public struct SessionEngine: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let description: String

    private init(_ description: String) { self.description = description }

    /// ``DatabaseSessionStore``.
    public static let database = SessionEngine("database")
    /// ``CacheSessionStore``.
    public static let cache = SessionEngine("cache")
    /// ``CachedDatabaseSessionStore``.
    public static let cachedDatabase = SessionEngine("cached_database")
    /// ``SignedCookieSessionStore``.
    public static let signedCookies = SessionEngine("signed_cookies")
    /// ``FileSessionStore``.
    public static let file = SessionEngine("file")

    /// All of them.
    public static let all = [database, cache, cachedDatabase, signedCookies, file]

    /// Reads a name: `database`, or Django's, such as `django.contrib.sessions.backends.db`.
    ///
    /// - Returns: `nil` for another text.
    public init?(named name: String) {
        let prefix = "django.contrib.sessions.backends."
        let name = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
        switch name {
        case "db": self = .database
        case "cached_db": self = .cachedDatabase
        default:
            guard let engine = Self.all.first(where: { $0.description == name }) else { return nil }
            self = engine
        }
    }
}
