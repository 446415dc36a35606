package import Glibc

extension Socket {
    /// The most bytes that the path of a Unix socket may have.
    public static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Opens a listening socket in the file system.
    ///
    /// A socket file that nobody listens on any longer, as a crash leaves it behind, is replaced.
    ///
    /// - Parameters:
    ///   - path: Where; its folder must exist.
    ///   - mode: The permission bits of the file: who may write to it may connect.
    ///   - backlog: How many connections may wait to be accepted.
    /// - Throws: ``SystemCallError``: `EADDRINUSE` when somebody listens there, `EEXIST` when the file is no socket.
    ///
    /// Source: [unix(7)](https://man7.org/linux/man-pages/man7/unix.7.html).
    public static func listen(path: String, mode: UInt32, backlog: Int) throws -> Int32 {
        let subject = "unix:\(path)"
        guard path.utf8.count <= longestPath else { throw SystemCallError("bind", subject, code: ENAMETOOLONG) }
        try removeStaleFile(path)
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard descriptor >= 0 else { throw SystemCallError("socket", subject) }
        do {
            try makeNonBlocking(descriptor)
            // Linux gives the file the mode of the socket, less the umask: nobody gets in before the `chmod` below.
            _ = fchmod(descriptor, mode_t(mode))
            guard withAddress(path, { bind(descriptor, $0, $1) }) == 0 else { throw SystemCallError("bind", subject) }
            guard chmod(path, mode_t(mode)) == 0 else { throw SystemCallError("chmod", subject) }
            guard Glibc.listen(descriptor, Int32(clamping: backlog)) == 0 else {
                throw SystemCallError("listen", subject)
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Removes the socket file that a process has left behind which is gone.
    private static func removeStaleFile(_ path: String) throws {
        let subject = "unix:\(path)"
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw SystemCallError("bind", subject, code: EEXIST) }
        let probe = socket(AF_UNIX, streamType, 0)
        guard probe >= 0 else { throw SystemCallError("socket", subject) }
        defer { close(probe) }
        try makeNonBlocking(probe)
        let isRefused = withAddress(path) { connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
        guard isRefused else { throw SystemCallError("bind", subject, code: EADDRINUSE) }
        unlink(path)
    }

    /// Hands out a path as the system calls take it.
    package static func withAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(longestPath)) }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
