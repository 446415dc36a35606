import Glibc
import MartletIO

/// An open listening socket, and what is to be done with it at the end.
struct ListeningSocket: Sendable, Hashable {
    let descriptor: Int32
    let address: SocketAddress

    /// Whether a supervisor holds the socket too, and hands it to the process that follows: then its backlog and its
    /// file are not this server's to clear.
    let isSupervised: Bool

    private let file: SocketFile?

    /// The file of a Unix socket, as it was when it was opened: another process may have put its own in its place.
    private struct SocketFile: Sendable, Hashable {
        let device: UInt64
        let inode: UInt64

        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// Takes in a socket that listens.
    ///
    /// - Throws: `SystemCallError` when it is no socket.
    init(_ descriptor: Int32, isSupervised: Bool = false) throws {
        self.descriptor = descriptor
        self.isSupervised = isSupervised
        address = try Socket.boundAddress(of: descriptor)
        file = address.path.flatMap(SocketFile.init)
    }

    /// Lets nobody new in, where no other process wants them; what waits is still to be accepted.
    func refuseConnections() {
        guard !isSupervised else { return }
        removeFile()
        // Where the system cannot do it, new connections are served until the socket closes.
        _ = Socket.refuseConnections(descriptor)
    }

    /// Removes the file of a Unix socket, if it is still this socket's.
    func removeFile() {
        guard !isSupervised, let file, let path = address.path, SocketFile(path) == file else { return }
        unlink(path)
    }

    /// Closes it, in this process.
    func close() {
        Socket.close(descriptor)
    }
}
