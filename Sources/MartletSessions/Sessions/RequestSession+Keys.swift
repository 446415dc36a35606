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
    /// - Throws: ``SessionError/responseSent``; what the store throws.
    public func flush() async throws {
        let stored = try await stored()
        try change { state in
            state.changes = SessionChanges()
            state.cyclesKey = false
            state.stored = .none
        }
        if case .session(let key, _) = stored { try await store.delete(key) }
    }
}
