/// A database that can copy itself to a file while it is at work.
///
/// SQLite can; for PostgreSQL its own `pg_dump` is the way.
public protocol DatabaseBackingUp: DatabaseBackend {
    /// Writes a copy as of now; others go on reading and writing meanwhile.
    ///
    /// - Parameter path: A file that does not exist. It is there as a whole, or not at all.
    /// - Throws: ``DatabaseError``; `CancellationError`, after which nothing is left of the copy.
    func backup(to path: String) async throws
}

/// A database that can look through itself for what no table should hold.
public protocol DatabaseInspecting: DatabaseBackend {
    /// What is wrong with the rows of the models' tables, a sentence each.
    ///
    /// - Throws: ``DatabaseError`` when it cannot be read at all.
    func problems(of models: ModelRegistry) async throws -> [String]
}
