import Glibc
import MartletORM

extension Dependency {
    /// The database, or one of its replicas.
    static func database(
        _ name: String, _ url: DatabaseURL, timeout: Duration, _ database: @escaping @Sendable (RunningSite) -> Database
    )
        -> Dependency
    {
        Dependency(name, timeout: timeout) { running in
            // Whoever asks SQLite makes an empty file, which would hide what is wrong.
            if let path = url.path.map(running.site.path), let problem = SQLiteFile.problem(at: path) {
                return .critical(problem)
            }
            let start = ContinuousClock.now
            let versions = try await database(running).rows(
                Statement(url.path == nil ? "SHOW server_version" : "SELECT sqlite_version()")
            ) {
                try String.decode(from: $0, at: 0)
            }
            let kind = url.path == nil ? "PostgreSQL" : "SQLite"
            let taken = Quantity.text(ContinuousClock.now - start)
            return .ok("\(kind) \(versions.first ?? "of an unknown version") answered in \(taken)")
        }
    }
}

/// The file of a database as the system sees it.
private enum SQLiteFile {
    static func problem(at path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            return "\(path): \(reason). Run `manage migrate`, or correct DATABASE_URL."
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return "\(path) is no file. Correct DATABASE_URL." }
        guard access(path, R_OK | W_OK) == 0 else {
            return "\(path) may not be read and written by this user. Change its owner or permissions."
        }
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard access(folder, W_OK | X_OK) == 0 else {
            return "SQLite writes files beside \(path), and this user may not. Change the folder's permissions."
        }
        return nil
    }
}
