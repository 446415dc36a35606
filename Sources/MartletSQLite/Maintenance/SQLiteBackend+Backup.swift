public import MartletORM

extension SQLiteBackend: DatabaseBackingUp {
    /// Writes a copy of the database as of now, while others go on reading and writing.
    ///
    /// - Parameter path: A file that does not exist. It is there as a whole, or not at all.
    /// - Throws: ``DatabaseError``; `CancellationError`, after which nothing is left of the copy.
    ///
    /// Source: [SQLite, Online Backup API](https://www.sqlite.org/backup.html).
    public func backup(to path: String) async throws {
        let connection = try await lease(.read)
        defer { release(connection, .read) }
        try await (connection as? SQLiteConnection)?.backup(to: path)
    }
}
