public import MartletHTTP
import MartletJSON
import Synchronization

/// What a site remembers of a client from one request to the next.
///
/// ```swift
/// let session = try request.session
/// let cart = try await session.get("cart", as: Cart.self) ?? Cart()
/// try session.set("cart", cart)
/// ```
///
/// Shared by all copies of the request. Nothing is read before the first value is asked for, and nothing is written
/// unless something was changed. Both happen in a store, such as ``DatabaseSessionStore``; ``Sessions`` writes the changes
/// when the view has answered with a status below 500.
///
/// Source: Django, [How to use sessions](https://docs.djangoproject.com/en/5.2/topics/http/sessions/).
public final class RequestSession: Sendable {
    /// What is known of the stored session.
    enum Stored: Sendable {
        /// Nothing yet: nobody has asked.
        case unknown
        /// There is none: no cookie, or a key that no session has.
        case none
        /// A session under its key.
        case session(key: String, StoredSession)
    }

    struct State: Sendable {
        var stored = Stored.unknown
        var changes = SessionChanges()
        /// Grows with each change, so that one that comes while the session is being saved is not taken for saved.
        var revision = 0
        var cyclesKey = false
        var isAccessed = false
        var isModified = false
        /// Whether there is something that was not saved.
        var isDirty = false
        /// Whether it was saved in this request.
        var isSaved = false
        var isFinished = false
    }

    /// Shared by all copies of the request and the tasks that they are handed to; held to look or to note something,
    /// never while a store works.
    private let state = Mutex(State())

    private let rules: Sessions.Rules
    private let headers: Headers

    init(_ rules: Sessions.Rules, headers: Headers) {
        self.rules = rules
        self.headers = headers
    }

    var store: any SessionStore { rules.store }
    var lifetime: SessionLifetime { rules.settings.lifetime }
    private var cookieName: String { rules.settings.cookie.name }

    /// Whose hosts get the cookie; `nil` for the one that sets it.
    package var cookieDomain: String? { rules.settings.cookie.domain }

    /// Looks at what is known, or notes something.
    func withState<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { body(&$0) }
    }

    /// Whether something of the session was asked for or changed.
    public var isAccessed: Bool { withState { $0.isAccessed } }

    /// Whether something was changed.
    public var isModified: Bool { withState { $0.isModified } }

    /// The key of the stored session; `nil` while there is none, as before a new session is saved.
    ///
    /// - Throws: What the store throws.
    public var key: String? {
        get async throws {
            guard case .session(let key, _) = try await stored() else { return nil }
            return key
        }
    }

    /// Whether there is neither a stored session nor a value.
    ///
    /// - Throws: What the store throws.
    public var isEmpty: Bool {
        get async throws {
            guard case .none = try await stored() else { return false }
            return withState { $0.changes.applied(to: JSONObject()).isEmpty }
        }
    }

    /// Whether the client has sent a cookie of the session's name.
    var hasCookie: Bool { headers.cookies[cookieName] != nil }

    /// What the cookie says, where the store could have such a key.
    var cookieKey: String? {
        guard let key = headers.cookies[cookieName], store.accepts(key) else { return nil }
        return key
    }

    /// The stored session, read when it is first asked for.
    ///
    /// - Parameter isAccess: Whether the response depends on it from here on.
    func stored(isAccess: Bool = true) async throws -> Stored {
        let known = withState { state in
            if isAccess { state.isAccessed = true }
            return state.stored
        }
        guard case .unknown = known else { return known }
        let found = try await lookUp()
        return withState { state in
            // Another task may have been quicker, or have flushed the session meanwhile.
            if case .unknown = state.stored { state.stored = found }
            return state.stored
        }
    }

    /// Looks for the session of the cookie. A key without a session is forgotten and never given to a new one.
    private func lookUp() async throws -> Stored {
        guard let key = cookieKey, let session = try await store.load(key) else { return .none }
        return .session(key: key, session)
    }

    /// Notes a change.
    ///
    /// - Throws: ``SessionError/responseSent`` when it would be lost.
    func change(_ change: (inout State) -> Void) throws(SessionError) {
        let isFinished = withState { state in
            guard !state.isFinished else { return true }
            change(&state)
            state.revision += 1
            state.isAccessed = true
            state.isModified = true
            state.isDirty = true
            return false
        }
        if isFinished { throw .responseSent }
    }
}

/// Stands in the request's storage.
enum RequestSessionKey: RequestStorageKey {
    typealias Value = RequestSession
}

extension Request {
    /// The client's session.
    ///
    /// - Throws: ``MissingSessions`` without the ``Sessions`` layer.
    public var session: RequestSession {
        get throws(MissingSessions) {
            guard let session = storage[RequestSessionKey.self] else { throw MissingSessions() }
            return session
        }
    }

    /// The client's session; `nil` without the ``Sessions`` layer.
    package var sessionIfAny: RequestSession? { storage[RequestSessionKey.self] }
}
