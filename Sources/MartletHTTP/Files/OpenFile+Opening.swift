import Dispatch
import Glibc

extension OpenFile {
    /// Opens a file below a directory, away from the worker.
    ///
    /// The path may be a client's text. It is followed name by name, and no symbolic link is followed, so nothing outside of
    /// the directory is reached; names that begin with a dot are not found. The directory itself may be a link.
    ///
    /// - Parameters:
    ///   - path: Names with `/` between them.
    ///   - directory: Where the path begins.
    /// - Returns: `nil` when there is no such regular file, or it may not be read.
    /// - Throws: ``FileError`` when the system fails, as it does without free descriptors.
    public static func open(_ path: String, below directory: String) async throws -> OpenFile? {
        try await away { try openNow(path, below: directory) }
    }

    /// As ``open(_:below:)``, waiting for the disk.
    ///
    /// - Parameter tagSuffix: Tells this representation's entity tag from those of others of the same resource.
    package static func openNow(
        _ path: String, below directory: String, tagSuffix: String = ""
    ) throws(FileError) -> OpenFile? {
        guard let names = names(in: path), let descriptor = try descriptor(of: names, below: directory) else {
            return nil
        }
        guard let identity = FileIdentity(descriptor: descriptor) else {
            close(descriptor)
            return nil
        }
        return OpenFile(descriptor, identity, name: names.last ?? "", tagSuffix: tagSuffix)
    }

    /// Does something that waits for a disk, on a queue for that.
    package static func away<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }

    /// A disk can be slow, and a worker must not wait for it.
    private static let queue = DispatchQueue(label: "martlet.files", attributes: .concurrent)

    /// The names on the way to a file; `nil` when one of them is empty, hidden, leads upwards, or is no name.
    private static func names(in path: String) -> [String]? {
        let names = path.split(at: "/", omittingEmptySubsequences: false).map(String.init)
        let areLegal = names.allSatisfy { name in
            !name.isEmpty && name.utf8.first != UInt8(ascii: ".")
                && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "\\") }
        }
        return areLegal ? names : nil
    }

    private static func descriptor(of names: [String], below directory: String) throws(FileError) -> Int32? {
        var current = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (index, name) in names.enumerated() {
            guard current >= 0 else { break }
            // A pipe must not wait for its other end: O_NONBLOCK means nothing to a regular file.
            let kind = index == names.count - 1 ? O_NONBLOCK : O_DIRECTORY
            let next = openat(current, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind)
            let code = errno
            close(current)
            errno = code
            current = next
        }
        if current >= 0 { return current }
        switch errno {
        // Not there, not a directory, a link, no right, no such name, or a pipe or device that cannot be opened.
        case ENOENT, ENOTDIR, ELOOP, EACCES, EPERM, ENAMETOOLONG, ENXIO, ENODEV, EINVAL, EILSEQ: return nil
        default: throw FileError(.opening, names.joined(separator: "/"), code: errno)
        }
    }
}
