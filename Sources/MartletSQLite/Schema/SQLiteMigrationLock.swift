import Dispatch
import Glibc
public import MartletORM
import Synchronization

/// A lock on a file beside the database's: `blog.sqlite3-migrate`.
///
/// SQLite's own lock ends with each transaction, and a run of migrations has several. The system gives the lock back
/// when the process ends, however it ends; the file goes when the lock is released.
///
/// Source: [flock(2)](https://man7.org/linux/man-pages/man2/flock.2.html).
final class SQLiteMigrationLock: MigrationLock {
    private static let queue = DispatchQueue(label: "martlet.sqlite.lock", attributes: .concurrent)

    private let path: String
    /// The open file; -1 once it is released.
    private let descriptor: Mutex<Int32>

    private init(path: String, _ descriptor: Int32) {
        self.path = path
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        Self.close(descriptor.withLock { $0 })
    }

    /// Takes the lock; `nil` while another has it.
    static func take(at path: String) async throws -> SQLiteMigrationLock? {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try takeNow(at: path) }) }
        }
    }

    private static func takeNow(at path: String) throws(DatabaseError) -> SQLiteMigrationLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            defer { close(descriptor) }
            if errno == EWOULDBLOCK || errno == EINTR { return nil }
            throw failure(path)
        }
        // Its last holder may have removed the file between the two calls; then it locks nobody out.
        var (mine, current) = (stat(), stat())
        guard fstat(descriptor, &mine) == 0, stat(path, &current) == 0, mine.st_ino == current.st_ino else {
            close(descriptor)
            return nil
        }
        return SQLiteMigrationLock(path: path, descriptor)
    }

    private static func failure(_ path: String) -> DatabaseError {
        let reason = String(cString: strerror(errno))
        return DatabaseError(
            .connection,
            "The lock '\(path)', which keeps two migrations apart, cannot be made: \(reason). "
                + "Let the process write to the database's folder.")
    }

    private static func close(_ descriptor: Int32) {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
    }

    /// Removes the file, and gives the lock back.
    func release() async {
        let descriptor = descriptor.withLock { descriptor in
            defer { descriptor = -1 }
            return descriptor
        }
        guard descriptor >= 0 else { return }
        await withCheckedContinuation { continuation in
            Self.queue.async { [path] in
                unlink(path)
                Self.close(descriptor)
                continuation.resume()
            }
        }
    }
}

extension SQLiteSchemaEditor {
    /// Takes a lock on a file beside the database's.
    public func migrationLock(on database: Database) async throws -> (any MigrationLock)? {
        guard let file = (database.backend as? SQLiteBackend)?.file else { return UnneededLock() }
        return try await SQLiteMigrationLock.take(at: file + "-migrate")
    }
}

/// The lock of a database in memory, which only this process can reach.
private struct UnneededLock: MigrationLock {
    func release() async {}
}
