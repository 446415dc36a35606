import FoundationEssentials
import MartletJSON
import MartletORM
public import MartletSigning

/// Keeps sessions in the database, in Django's table `django_session`.
///
/// The table comes with `sessionsApp`. A session is written by one `UPDATE … WHERE session_key = ? AND session_data = ?`:
/// it changes nothing when another request has written in between, and then what is there by now is read and the changes
/// are put into that. So no row is locked while a view runs, and no transaction is needed on any database.
///
/// Source: Django's `django.contrib.sessions.backends.db`.
public struct DatabaseSessionStore: SwappingSessionStore {
    private let coding: SessionCoding
    private let lifetime: SessionLifetime

    /// Makes a store on the database of the task that uses it.
    ///
    /// - Parameters:
    ///   - keys: Sign the values, as Django's `SECRET_KEY` and `SECRET_KEY_FALLBACKS`.
    ///   - lifetime: How long sessions live.
    /// - Throws: `SigningError` for an empty key.
    public init(keys: SigningKeys, lifetime: SessionLifetime = SessionLifetime()) throws {
        coding = try SessionCoding(keys: keys, lifetime: lifetime)
        self.lifetime = lifetime
    }

    /// The session of a key.
    ///
    /// SQL: `SELECT … WHERE session_key = ? AND expire_date > ?`.
    public func load(_ key: String) async throws -> StoredSession? {
        try await row(key).map(session)
    }

    /// The session of a row.
    func session(_ row: Session) throws -> StoredSession {
        StoredSession(values: try coding.valuesOrNone(row.sessionData), version: Array(row.sessionData.utf8))
    }

    /// The row of a key whose end is yet to come.
    func row(_ key: String) async throws -> Session? {
        let now = lifetime.now()
        return try await telling {
            try await Session.objects.filter { $0.id == key && $0.expireDate > now }.all().first
        }
    }

    /// Inserts a session.
    public func create(_ key: String, _ session: StoredSession) async throws -> (key: String, StoredSession)? {
        var row = Session()
        row.id = key
        row.sessionData = try coding.text(session.values)
        row.expireDate = lifetime.end(of: session.values)
        do {
            try await telling { [row] in _ = try await Session.objects.create(row) }
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            return nil
        }
        return (key, StoredSession(values: session.values, version: Array(row.sessionData.utf8)))
    }

    /// Updates the row where it is still as it was read.
    func swap(_ key: String, _ old: StoredSession, _ new: StoredSession) async throws -> SessionSwap {
        let known = String(decoding: old.version, as: UTF8.self)
        let text = try coding.text(new.values)
        let end = lifetime.end(of: new.values)
        let count = try await telling {
            try await Session.objects.filter { $0.id == key && $0.sessionData == known }.update {
                $0.sessionData = text
                $0.expireDate = end
            }
        }
        return count > 0 ? .stored(version: Array(text.utf8)) : .changed
    }

    /// Deletes the row.
    public func delete(_ key: String) async throws {
        try await telling { _ = try await Session.objects.filter { $0.id == key }.delete() }
    }

    /// Deletes the row where it is still as it was read.
    ///
    /// SQL: `DELETE … WHERE session_key = ? AND session_data = ?`.
    public func delete(_ key: String, ifStill session: StoredSession) async throws -> Bool {
        let known = String(decoding: session.version, as: UTF8.self)
        return try await telling {
            try await Session.objects.filter { $0.id == key && $0.sessionData == known }.delete().total > 0
        }
    }

    /// Deletes the rows whose end is past.
    public func clearExpired() async throws -> Int? {
        let now = lifetime.now()
        return try await telling { try await Session.objects.filter { $0.expireDate < now }.delete().total }
    }

    /// Says what to do about a table that is not there.
    private func telling<Result>(_ work: () async throws -> Result) async throws -> Result {
        do {
            return try await work()
        } catch let error as DatabaseError where error.kind == .statement && error.message.contains("django_session") {
            throw SessionError.noTable
        }
    }
}
