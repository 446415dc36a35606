public import MartletJSON
import MartletPickle

/// Where sessions are kept.
///
/// A store never keeps its caller's thread: what blocks runs elsewhere.
public protocol SessionStore: Sendable {
    /// Whether a text that a client has sent can be a key of this store; nothing else reaches it.
    func accepts(_ key: String) -> Bool

    /// The session of a key; `nil` where there is none, and where it has ended.
    func load(_ key: String) async throws -> StoredSession?

    /// Stores a new session.
    ///
    /// - Returns: The session and its key, which may be another one than was given; `nil` when the key is taken.
    func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)?

    /// Puts changes into a session as it is stored by now, so that what others have changed since it was read stays.
    ///
    /// - Parameter session: As it was read, for a store that can tell whether it is still so.
    /// - Returns: The session and its key; `nil` when it is no longer there. It is never made anew.
    /// - Throws: ``SessionError/contended`` when others change it all the time.
    func update(
        _ key: String, _ session: StoredSession, with changes: SessionChanges
    ) async throws -> (key: String, StoredSession)?

    /// Removes a session, if it is there.
    func delete(_ key: String) async throws

    /// Removes a session on condition that it is still as it was read, in one step that no other can come between.
    ///
    /// - Parameter session: As it was read.
    /// - Returns: Whether it was removed; `false` when it was changed, or is no longer there.
    func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool

    /// Removes the sessions that have ended.
    ///
    /// - Returns: How many; `nil` for a store whose sessions go by themselves.
    func clearExpired() async throws -> Int?
}

extension SessionStore {
    /// 8 to 40 of `a-z0-9`.
    public func accepts(_ key: String) -> Bool { SessionKey.isValid(key) }

    /// For a store that cannot tell: the session is removed as it is by now.
    public func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool {
        try await delete(key)
        return true
    }

    /// Sessions go by themselves.
    public func clearExpired() async throws -> Int? { nil }
}

/// A session as a store has it.
public struct StoredSession: Sendable {
    /// The values, by key.
    public var values: JSONObject

    /// By what the store knows this state of the session again: usually the bytes it has kept.
    public var version: [UInt8]

    /// The values as Python has pickled them, where they are kept so: what JSON cannot say stays as it is.
    var pickled: PickleDictionary?

    /// Makes a session.
    public init(values: JSONObject, version: [UInt8] = []) {
        self.values = values
        self.version = version
    }

    /// Whether there is a value under a key that JSON cannot say, such as a date of Python.
    func isUnreadable(_ key: String) -> Bool { pickled?[.string(key)] != nil && values[key] == nil }

    /// The session with changes in it, to be stored.
    func changed(by changes: SessionChanges) throws -> StoredSession {
        var copy = StoredSession(values: changes.applied(to: values))
        copy.pickled = try pickled.map { try changes.applied(to: $0) }
        return copy
    }
}
