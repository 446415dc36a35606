import MartletJSON

extension RequestSession {
    /// Saves the changes now and not after the view; a new session has its ``key`` then.
    ///
    /// - Throws: ``SessionInterrupted`` when the session was removed meanwhile; what the store throws.
    public func save() async throws {
        let stored = try await stored()
        let (changes, revision, cyclesKey) = withState { ($0.changes, $0.revision, $0.cyclesKey) }
        let saved: Stored
        switch stored {
        case .session(let key, let session) where cyclesKey: saved = try await move(key, session, changes)
        case .session(let key, let session): saved = try await update(key, session, changes)
        case .none, .unknown: saved = try await create(changes.applied(to: JSONObject()))
        }
        withState { state in
            state.stored = saved
            state.isSaved = true
            // What was changed while the store was writing is still to be saved; the rest does no harm twice.
            guard state.revision == revision else { return }
            state.changes = SessionChanges()
            state.cyclesKey = false
            state.isDirty = false
        }
    }

    private func create(_ values: JSONObject) async throws -> Stored {
        // A key that is taken is as likely as guessing one.
        for _ in 0..<3 {
            let key = try SessionKey.random()
            if let (key, session) = try await store.create(key, StoredSession(values: values)) {
                return .session(key: key, session)
            }
        }
        throw SessionError.contended
    }

    private func update(_ key: String, _ session: StoredSession, _ changes: SessionChanges) async throws -> Stored {
        guard let (key, session) = try await store.update(key, session, with: changes) else {
            throw SessionInterrupted()
        }
        return .session(key: key, session)
    }

    /// Stores what is under a key by now under another, and then removes the old one if it is still the same. Otherwise
    /// another request's change would be lost, or its logout undone.
    private func move(_ old: String, _ session: StoredSession, _ changes: SessionChanges) async throws -> Stored {
        for _ in 0..<100 {
            guard let current = try await store.load(old) else { throw SessionInterrupted() }
            guard let (key, moved) = try await store.create(SessionKey.random(), try current.changed(by: changes))
            else { continue }
            if try await remove(old, current, orElse: key) { return .session(key: key, moved) }
        }
        throw SessionError.contended
    }

    /// Removes the old one of two sessions, or else the new one.
    ///
    /// - Returns: Whether it was the old one.
    private func remove(_ old: String, _ session: StoredSession, orElse new: String) async throws -> Bool {
        do {
            if try await store.delete(old, ifStill: session) { return true }
        } catch {
            // Nobody knows the new key. Should it stay, it ends by itself; the error to tell is the first one.
            try? await store.delete(new)
            throw error
        }
        try await store.delete(new)
        return false
    }
}
