internal import Glibc
internal import Synchronization

/// A file that is appended to, and opened anew when somebody has moved it away, as logrotate does.
final class FileDestination: LogDestination {
    private struct OpenFile: Sendable {
        var descriptor: Int32
        var device: dev_t
        var inode: ino_t
    }

    private let path: String

    /// Used by the one thread that writes.
    private let file: Mutex<OpenFile>

    init(_ path: String) throws(LogDestinationError) {
        self.path = path
        file = Mutex(try Self.open(path))
    }

    deinit { close(descriptor) }

    var hasRecords: Bool { false }

    var descriptor: Int32 { file.withLock { $0.descriptor } }

    func write(_ tail: LogTail) -> LogOutcome {
        file.withLock { file in
            if isMoved(file), let new = try? Self.open(path) {
                tail.descriptor = new.descriptor
                close(file.descriptor)
                file = new
            }
        }
        return tail.writeLines()
    }

    private func isMoved(_ file: OpenFile) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_dev != file.device || status.st_ino != file.inode
    }

    private static func open(_ path: String) throws(LogDestinationError) -> OpenFile {
        // A NUL would end the path early, in another file.
        guard !path.isEmpty, !path.utf8.contains(0) else { throw .noPath(path) }
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .notOpened(path, reason: String(cString: strerror(errno))) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw .notOpened(path, reason: reason)
        }
        return OpenFile(descriptor: descriptor, device: status.st_dev, inode: status.st_ino)
    }
}

/// Why a log has nowhere to go.
public enum LogDestinationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is no path.
    case noPath(String)
    /// The file cannot be written.
    case notOpened(String, reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noPath(let path): "\(path.debugDescription) is no path of a log file; give one such as /var/log/site.log."
        case .notOpened(let path, let reason):
            "The log file \(path) cannot be written: \(reason). Make its folder, or let the program's user write there."
        }
    }
}
