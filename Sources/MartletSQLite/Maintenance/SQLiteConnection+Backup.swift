import CSQLite
import FoundationEssentials
import Glibc
import MartletORM

extension SQLiteConnection {
    /// Copies the database to a new file, as a job of the queue.
    func backup(to path: String) async throws {
        try await onQueue(Statement("backup")) { interruption in
            guard !path.isEmpty, !path.utf8.contains(0) else {
                throw DatabaseError(.statement, "A backup needs the path of a file.")
            }
            guard access(path, F_OK) != 0 else { throw Self.exists(path) }
            // A name that nobody else has: two backups at once, or a file of the user's, are not in the way.
            let partial = "\(path).\(UUID().uuidString).partial"
            defer { unlink(partial) }
            try self.copy(to: partial, interruption)
            try Self.synchronize(partial)
            // Unlike a renaming, a link never takes the place of a file that has come meanwhile.
            guard link(partial, path) == 0 else {
                if errno == EEXIST { throw Self.exists(path) }
                throw DatabaseError(.other, "\(path): \(String(cString: strerror(errno))).")
            }
            try Self.synchronize(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        }
    }

    /// Waits until a file, or the names in a folder, are on the disk, where a loss of power cannot take them.
    private static func synchronize(_ path: String) throws(DatabaseError) {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { _ = Glibc.close(file) } }
        guard file >= 0, fsync(file) == 0 else {
            throw DatabaseError(.other, "\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
    }

    private static func exists(_ path: String) -> DatabaseError {
        DatabaseError(.other, "\(path) exists already, and is not replaced. Name another file.")
    }

    /// Pages copied between two looks at whether to go on: some milliseconds of work.
    private static let pages: Int32 = 1_000

    private func copy(to path: String, _ interruption: Interruption) throws {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        defer { sqlite3_close_v2(opened) }
        guard code == SQLITE_OK, let target = opened else {
            throw DatabaseError(.other, "\(path) cannot be written: \(opened.map(Self.message) ?? "out of memory").")
        }
        // While a transaction reads, it sees the database as it was: the copy need not begin anew when others write.
        try run("BEGIN")
        defer { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        try run("SELECT 1 FROM sqlite_master LIMIT 1")
        guard let backup = sqlite3_backup_init(target, "main", handle, "main") else {
            throw DatabaseError(.other, "\(path): \(Self.message(target)).")
        }
        var step = SQLITE_OK
        while step == SQLITE_OK, !interruption.isInterrupted { step = sqlite3_backup_step(backup, Self.pages) }
        let ended = sqlite3_backup_finish(backup)
        if interruption.isInterrupted { throw CancellationError() }
        guard step == SQLITE_DONE, ended == SQLITE_OK else {
            let kind: DatabaseError.Kind = step == SQLITE_FULL ? .diskFull : .other
            throw DatabaseError(kind, "\(path): \(Self.message(target)).")
        }
    }

    private func run(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
            throw SQLiteError.current(handle, sql: sql)
        }
    }

    private static func message(_ handle: OpaquePointer) -> String { String(cString: sqlite3_errmsg(handle)) }
}
