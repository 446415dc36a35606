import MartletCache
import MartletHTTP
import MartletORM
package import MartletSessions

extension Sessions {
    /// The layer as the settings say, on the cache of the task's site.
    init(_ settings: Settings) throws {
        try self.init(settings.sessions, keys: settings.signingKeys, cache: { Cache.current })
    }
}

extension Site {
    /// The layer that gives requests their sessions; `nil` for a site without.
    ///
    /// - Throws: What a middleware refuses.
    package func sessions(_ settings: Settings) throws -> Sessions? {
        try middleware(settings).lazy.compactMap { $0 as? Sessions }.first
    }

    /// What is wrong with the sessions of the site, a sentence each: what `manage check` prints.
    package func sessionWarnings(_ settings: Settings) throws -> [String] {
        guard let store = try sessions(settings)?.store else { return [] }
        guard store is DatabaseSessionStore || store is CachedDatabaseSessionStore else { return [] }
        guard !registry.models.contains(where: { $0 == Session.self }) else { return [] }
        return [
            "sessions.W001: Sessions are kept in the database, which has no table for them. "
                + "Add sessionsApp to the site's apps, or choose another SESSION_ENGINE; "
                + "without either, request.session is an error."
        ]
    }
}
