import FoundationEssentials
import MartletHTTP
import MartletJSON
public import MartletSigning

/// Keeps each session in a file of a folder: for a site of one machine without a database.
///
/// A file is locked while it is read, merged and replaced, so that requests of one session do not lose each other's
/// changes. A Django on the same folder does not ask for the lock.
///
/// Source: Django's `django.contrib.sessions.backends.file`.
public struct FileSessionStore: SessionStore {
    private let files: SessionFiles
    private let coding: SessionCoding
    private let lifetime: SessionLifetime

    /// Makes a store.
    ///
    /// - Parameters:
    ///   - folder: A folder that exists; the system's temporary one unless told, as in Django.
    ///   - prefix: What the names of the files begin with: the name of the cookie, as in Django.
    ///   - keys: Sign the values, as Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///   - lifetime: How long sessions live.
    /// - Throws: ``SessionError/folder(path:reason:)``; `SigningError` for an empty key.
    public init(
        folder: String? = nil, prefix: String = "sessionid", keys: SigningKeys,
        lifetime: SessionLifetime = SessionLifetime()
    ) throws {
        files = try SessionFiles(
            folder: folder ?? FileManager.default.temporaryDirectory.path, prefix: prefix, now: lifetime.now)
        coding = try SessionCoding(keys: keys, lifetime: lifetime)
        self.lifetime = lifetime
    }

    /// Reads the file of a key; a session that has ended is removed.
    public func load(_ key: String) async throws -> StoredSession? {
        try await OpenFile.away { try read(key) }
    }

    /// Writes a new file.
    public func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
        try await OpenFile.away {
            try files.create(key, coding.text(session.values)) ? (key, session) : nil
        }
    }

    /// Reads the file, puts the changes into it and replaces it, under its lock.
    public func update(
        _ key: String, _ session: StoredSession, with changes: SessionChanges
    ) async throws -> (key: String, StoredSession)? {
        try await OpenFile.away {
            var new: StoredSession?
            try files.replace(key) { content in
                guard let current = try stored(in: content) else { return nil }
                let changed = try current.changed(by: changes)
                new = changed
                return try coding.text(changed.values)
            }
            return new.map { (key, $0) }
        }
    }

    /// Removes the file.
    public func delete(_ key: String) async throws {
        _ = try await OpenFile.away { try files.remove(key) { _ in true } }
    }

    /// Removes the file where it still holds what was read, under its lock.
    public func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool {
        try await OpenFile.away {
            try files.remove(key) { try stored(in: $0)?.values == session.values }
        }
    }

    /// Removes the files of sessions that have ended.
    public func clearExpired() async throws -> Int? {
        try await OpenFile.away {
            var count = 0
            for key in try files.keys() where SessionKey.isValid(key) {
                if try files.remove(key, where: hasEnded) { count += 1 }
            }
            return count
        }
    }

    private func read(_ key: String) throws -> StoredSession? {
        guard let content = try files.read(key) else { return nil }
        if let session = try stored(in: content) { return session }
        try files.remove(key, where: hasEnded)
        return nil
    }

    /// Whether a file can go. One that cannot be read stays, and does not keep others from being cleared.
    private func hasEnded(_ content: SessionFiles.Content) throws -> Bool {
        do {
            return try stored(in: content) == nil
        } catch SessionError.unavailable {
            return false
        }
    }

    /// The session of a file; `nil` when it has ended.
    private func stored(in content: SessionFiles.Content) throws -> StoredSession? {
        // Django makes a file first and fills it then.
        let values = content.text.isEmpty ? JSONObject() : try coding.valuesOrNone(content.text)
        guard lifetime.end(of: values, changed: content.changed) > lifetime.now() else { return nil }
        return StoredSession(values: values)
    }
}
