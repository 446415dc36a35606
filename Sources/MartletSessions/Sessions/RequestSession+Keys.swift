extension RequestSession {
    /// Gives the session a new key and keeps its values; to be done whenever a user gains rights, as at a login.
    ///
    /// It happens when the session is saved, in one go: should the view fail, the old key still leads to the old session.
    ///
    /// - Throws: ``SessionError/responseSent``.
    public func cycleKey() throws(SessionError) {
        try change { $0.cyclesKey = true }
    }

    /// Removes the session with its values at once, wherever it is stored; to be done at a logout.
    ///
    /// What is set afterwards belongs to a new session under a new key.
    ///
    /// A session that cannot be read is removed too: whoever wants to leave must be able to. Should the store fail to
    /// remove it, nothing has happened, and the client keeps its cookie to try again.
    ///
    /// - Throws: ``SessionError/responseSent``; what the store throws.
    public func flush() async throws {
        let key = await flushedKey
        if withState({ $0.isFinished }) { throw SessionError.responseSent }
        if let key { try await store.delete(key) }
        try change { state in
            state.changes = SessionChanges()
            state.cyclesKey = false
            state.stored = .none
        }
    }

    /// The key of the stored session; the cookie's where the store cannot tell.
    private var flushedKey: String? {
        get async {
            do {
                guard case .session(let key, _) = try await stored() else { return nil }
                return key
            } catch {
                return cookieKey
            }
        }
    }
}
