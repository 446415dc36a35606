import FoundationEssentials
import Glibc
package import MartletSite

/// Writes to a path that somebody has typed, which may name more than a plain file.
///
/// A plain file is replaced as a whole or left as it was. A link goes on being one: what it leads to is written. A device
/// or a pipe is written to, and never replaced.
package enum NamedFile {
    /// Writes a text.
    ///
    /// - Throws: ``CommandError`` with the system's reason.
    package static func write(_ text: String, to path: String) throws(CommandError) {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw CommandError("'\(path)' is no path of a file.") }
        let problem =
            switch kind(of: path) {
            case .plain(let target, let mode): replace(target, mode: mode, with: text)
            case .new: replace(path, mode: nil, with: text)
            case .other: fill(path, with: text)
            }
        if let problem { throw CommandError("'\(path)' cannot be written: \(String(cString: strerror(problem))).") }
    }

    private enum Kind {
        /// Where it lies behind all links, and what may be done with it.
        case plain(String, mode_t)
        case new
        /// A device, a pipe, a folder, or a link that leads nowhere yet.
        case other
    }

    private static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return lstat(path, &status) == 0 ? .other : .new }
        guard status.st_mode & S_IFMT == S_IFREG, let target = realpath(path, nil) else { return .other }
        defer { free(target) }
        return .plain(String(cString: target), status.st_mode & 0o7777)
    }

    /// - Returns: The number of the error, if there is one.
    private static func replace(_ path: String, mode: mode_t?, with text: String) -> Int32? {
        // A name that nobody else has, in the folder where the file will be: only there can it be renamed in one step.
        let partial = "\(path).\(UUID().uuidString).partial"
        let problem =
            write(text, to: partial, O_CREAT | O_EXCL, mode: mode) ?? (rename(partial, path) == 0 ? nil : errno)
        if problem != nil { unlink(partial) }
        return problem
    }

    private static func fill(_ path: String, with text: String) -> Int32? {
        write(text, to: path, O_CREAT | O_TRUNC, mode: nil)
    }

    private static func write(_ text: String, to path: String, _ flags: Int32, mode: mode_t?) -> Int32? {
        let file = open(path, O_WRONLY | O_CLOEXEC | flags, 0o666)
        guard file >= 0 else { return errno }
        let problem = StandardStreams.write(text, to: file) ?? mode.flatMap { fchmod(file, $0) == 0 ? nil : errno }
        // What a disk has no room for may be known only now.
        return close(file) == 0 ? problem : problem ?? errno
    }
}
