public import MartletORM

/// PostgreSQL's advisory lock, held by a transaction on a connection of its own.
///
/// A lock of a session would outlive its holder behind PgBouncer, which lends sessions from transaction to transaction.
/// The transaction is idle and has no snapshot, so `CREATE INDEX CONCURRENTLY` does not wait for it. Whoever waits asks
/// again and again, since a statement that waits for the lock would have a snapshot: the index would wait for it, and it
/// for the index.
///
/// Source: [PostgreSQL, Advisory Locks](https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
final class PostgreSQLMigrationLock: MigrationLock {
    private let connection: PostgreSQLConnection

    private init(_ connection: PostgreSQLConnection) {
        self.connection = connection
    }

    /// Takes the lock; `nil` while another has it.
    static func take(on backend: PostgreSQLBackend) async throws -> PostgreSQLMigrationLock? {
        let connection = try await backend.openBesidePool()
        _ = try await connection.execute(Statement("BEGIN"))
        // The number is "martlet" in ASCII.
        let sql = "SELECT pg_try_advisory_xact_lock(30790664612078964)"
        let isTaken = try await connection.rows(Statement(sql)) { try $0.bool(at: 0) }.first ?? false
        guard isTaken else { return nil }
        // Comes last: the portal of the `SELECT` keeps its snapshot until another statement takes its place.
        _ = try await connection.execute(Statement("SET LOCAL idle_in_transaction_session_timeout = 0"))
        return PostgreSQLMigrationLock(connection)
    }

    /// Ends the transaction, and with it the lock.
    func release() async {
        // A connection that is lost has given back its lock already.
        _ = try? await connection.execute(Statement("ROLLBACK"))
    }
}

extension PostgreSQLSchemaEditor {
    /// Takes PostgreSQL's advisory lock.
    public func migrationLock(on database: Database) async throws -> (any MigrationLock)? {
        guard let backend = database.backend as? PostgreSQLBackend else { return UnneededLock() }
        return try await PostgreSQLMigrationLock.take(on: backend)
    }
}

/// The lock of a database that only this process can reach.
private struct UnneededLock: MigrationLock {
    func release() async {}
}
