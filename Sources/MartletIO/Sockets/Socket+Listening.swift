import CMartletLinux
import Glibc

extension Socket {
    /// Lets no new connection into the backlog of a listening socket; those in it, and those whose handshake has begun,
    /// are still to be accepted.
    ///
    /// Closing the socket instead would reset them. A client that tries now is refused when the socket closes.
    ///
    /// - Returns: Whether that is so; the system may not be able to do it.
    package static func refuseConnections(_ listener: Int32) -> Bool {
        guard let address = try? boundAddress(of: listener) else { return false }
        // Unix sockets in the file system refuse `connect` after this, and `accept` still hands out the backlog.
        if address.path != nil { return shutdown(listener, Int32(SHUT_RD)) == 0 }
        #if os(Linux)
        return martlet_refuse_connections(listener) == 0
        #else
        return false
        #endif
    }

    /// Makes all descriptors but the three standard ones close in programs that this process starts, also those that it
    /// was started with and knows nothing of.
    package static func closeAllOnExec() {
        #if os(Linux)
        martlet_close_on_exec(3)
        #endif
    }

    /// Whether the descriptor is a stream socket that listens.
    package static func isListening(_ descriptor: Int32) -> Bool {
        option(descriptor, SO_ACCEPTCONN) == 1 && option(descriptor, SO_TYPE) == Int32(SOCK_STREAM.rawValue)
    }

    private static func option(_ descriptor: Int32, _ name: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, name, &value, &length) == 0 else { return nil }
        return value
    }
}
