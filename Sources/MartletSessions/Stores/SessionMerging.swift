/// What a store has made of an attempt to replace one state of a session by another.
enum SessionSwap: Sendable {
    /// It is stored.
    case stored(version: [UInt8])
    /// The session is in another state by now.
    case changed
    /// There is no such session any more.
    case missing
}

/// A store that can replace a session on condition that it is still as it was read, in one step that no other can come
/// between.
protocol SwappingSessionStore: SessionStore {
    /// Replaces a state of a session by another.
    func swap(_ key: String, _ old: StoredSession, _ new: StoredSession) async throws -> SessionSwap
}

extension SwappingSessionStore {
    /// Reads, merges and writes until nobody else has written in between. Whoever is turned away is so because another
    /// has got through, so this ends.
    public func update(
        _ key: String, _ session: StoredSession, with changes: SessionChanges
    ) async throws -> (key: String, StoredSession)? {
        var current = session
        for _ in 0..<100 {
            var new = try current.changed(by: changes)
            switch try await swap(key, current, new) {
            case .stored(let version):
                new.version = version
                return (key, new)
            case .missing: return nil
            case .changed:
                guard let fresh = try await load(key) else { return nil }
                current = fresh
            }
        }
        throw SessionError.contended
    }
}
