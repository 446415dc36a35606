import FoundationEssentials
public import MartletCache
public import MartletHTTP
public import MartletSigning

/// Gives each request its client's session, and saves it when it was changed.
///
/// ```swift
/// Sessions(SessionSettings(), store: DatabaseSessionStore(keys: ["…"]))
/// ```
///
/// | the view has | the response gets | the store gets |
/// | --- | --- | --- |
/// | not touched the session | nothing | nothing |
/// | read it | `Vary: Cookie` | – |
/// | changed it | the cookie, `Vary: Cookie` | the changes, unless the status is 500 or more |
/// | emptied it by ``RequestSession/flush()`` | the cookie deleted, `Vary: Cookie` | – |
///
/// A cookie whose session does not exist is deleted once the session was asked for; its key is never used for a new
/// one.
///
/// Source: Django's `django.contrib.sessions.middleware.SessionMiddleware`.
public struct Sessions: OrderedMiddleware {
    /// What every request needs of the layer, held by one reference.
    final class Rules: Sendable {
        let store: any SessionStore
        let settings: SessionSettings

        init(_ store: any SessionStore, _ settings: SessionSettings) {
            self.store = store
            self.settings = settings
        }
    }

    private let rules: Rules

    /// Where sessions are kept.
    public var store: any SessionStore { rules.store }

    /// For how long they are kept, and by which cookie.
    public var settings: SessionSettings { rules.settings }

    /// Makes the layer.
    public init(_ settings: SessionSettings, store: any SessionStore) {
        rules = Rules(store, settings)
    }

    /// Makes the layer with the store that the settings name.
    ///
    /// - Parameters:
    ///   - keys: Sign what is stored: the site's `SECRET_KEY` and its fallbacks.
    ///   - cache: The cache of the task that asks, for the engines that use one.
    /// - Throws: ``SessionError/folder(path:reason:)`` when the folder of sessions is not there; `SigningError` for an
    ///   empty key.
    public init(
        _ settings: SessionSettings, keys: SigningKeys, cache: @escaping @Sendable () -> Cache
    ) throws {
        self.init(settings, store: try Self.store(settings, keys, cache))
    }

    private static func store(
        _ settings: SessionSettings, _ keys: SigningKeys, _ cache: @escaping @Sendable () -> Cache
    ) throws -> any SessionStore {
        let lifetime = settings.lifetime
        switch settings.engine {
        case .cache: return CacheSessionStore(lifetime: lifetime, cache: cache)
        case .cachedDatabase: return try CachedDatabaseSessionStore(keys: keys, lifetime: lifetime, cache: cache)
        case .signedCookies:
            return try SignedCookieSessionStore(keys: keys, lifetime: lifetime, cookieName: settings.cookie.name)
        case .file:
            return try FileSessionStore(
                folder: settings.folder, prefix: settings.cookie.name, keys: keys, lifetime: lifetime)
        default: return try DatabaseSessionStore(keys: keys, lifetime: lifetime)
        }
    }

    /// Answers the request, and saves its session.
    ///
    /// - Throws: ``SessionInterrupted`` (400) when the session was removed meanwhile; what the store throws.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        var request = request
        let session = RequestSession(rules, headers: request.headers)
        request.storage[RequestSessionKey.self] = session
        var response = try await next(request)
        if session.isAccessed || rules.settings.savesEveryRequest { try await finish(session, &response) }
        session.finish()
        return response
    }

    private func finish(_ session: RequestSession, _ response: inout Response) async throws {
        let (isAccessed, isModified, isSaved) = session.withState { ($0.isAccessed, $0.isModified, $0.isSaved) }
        if isAccessed { response.headers.addVary(.cookie) }
        // Nothing is saved then, and the store may be what has failed.
        if response.status.isServerError, session.isUnknown { return }
        // Whoever only read a value that was set in this request has not looked for the session yet.
        let isEmpty = try await session.isEmpty
        guard !isEmpty else {
            if session.hasCookie { try deleteCookie(&response) }
            return
        }
        guard isModified || settings.savesEveryRequest else { return }
        if session.mustBeSaved(always: settings.savesEveryRequest), !response.status.isServerError {
            try await session.save()
        } else if !isSaved {
            return
        }
        try await setCookie(of: session, &response)
    }

    private func setCookie(of session: RequestSession, _ response: inout Response) async throws {
        guard let key = try await session.key else { return }
        var cookie = settings.cookie
        cookie.value = key
        let values = try await session.values
        if !settings.lifetime.endsWithBrowser(values) {
            let age = settings.lifetime.age(of: values)
            cookie.maxAge = .seconds(age)
            cookie.expires = settings.lifetime.now().addingTimeInterval(Double(age))
        }
        try response.setCookie(cookie)
        response.headers.addVary(.cookie)
    }

    private func deleteCookie(_ response: inout Response) throws {
        let cookie = settings.cookie
        try response.deleteCookie(
            cookie.name, path: cookie.path, domain: cookie.domain, sameSite: cookie.sameSite)
        response.headers.addVary(.cookie)
    }
}

extension RequestSession {
    /// Whether nobody has asked the store yet.
    fileprivate var isUnknown: Bool {
        withState { state in
            if case .unknown = state.stored { true } else { false }
        }
    }

    /// Whether there is something to be saved.
    ///
    /// - Parameter always: Whether a session is to be renewed that was not changed.
    fileprivate func mustBeSaved(always: Bool) -> Bool {
        withState { $0.isDirty || always && !$0.isSaved }
    }

    /// Lets no further change in: it would be lost.
    fileprivate func finish() {
        withState { $0.isFinished = true }
    }
}
