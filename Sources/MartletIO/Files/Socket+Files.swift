import CMartletLinux
import Glibc

extension Socket {
    /// What became of sending a part of a file.
    public enum FileTransfer: Sendable, Hashable {
        /// So many bytes were sent; 0 means that the file ends before them.
        case bytes(Int)
        /// The socket takes nothing now: wait for readiness.
        case wouldBlock
        /// This file, or this system, cannot be sent from the page cache: read it and write what was read.
        case unsupported
        /// The connection is broken; the value of `errno`.
        case failed(Int32)
    }

    /// Sends a part of a file from the system's page cache, as much as the socket takes; waits for the disk when it is not
    /// there (see ``PageCache``).
    ///
    /// The first use makes the process ignore SIGPIPE, unless it has a handler for it: `sendfile`, other than `send`,
    /// cannot be told to raise none when the other end has gone.
    public static func sendFile(_ descriptor: Int32, _ file: Int32, _ range: Range<Int>) -> FileTransfer {
        #if os(Linux)
        _ = brokenPipeIsIgnored
        var offset = off_t(range.lowerBound)
        let count = martlet_sendfile(descriptor, file, &offset, range.count)
        if count >= 0 { return .bytes(count) }
        switch errno {
        case EAGAIN: return .wouldBlock
        // A failing disk too: reading says what is wrong with it.
        case EINVAL, ENOSYS, EOPNOTSUPP, EIO, ESPIPE, EOVERFLOW: return .unsupported
        default: return .failed(errno)
        }
        #else
        return .unsupported
        #endif
    }

    private static let brokenPipeIsIgnored: Bool = {
        // No pointer is the system's own action: to end the process.
        guard let handler = signal(SIGPIPE, SIG_IGN) else { return true }
        signal(SIGPIPE, handler)
        return false
    }()

    /// Writes as much of `bytes` as the socket takes, which keeps what does not fill a segment until more comes: a head
    /// leaves together with the beginning of its content.
    public static func writeBeforeMore(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, moreFollows)
            if count >= 0 { return .bytes(count) }
            if errno == EAGAIN { return .wouldBlock }
            if errno != EINTR { return .failed(errno) }
        }
    }

    #if os(Linux)
    private static let moreFollows = Int32(MSG_NOSIGNAL) | Int32(MSG_MORE)
    #else
    private static let moreFollows = Int32(MSG_NOSIGNAL)
    #endif
}
