import CMartletLinux
import Glibc

/// The system calls on non-blocking stream sockets; each does one call, and none waits.
public enum Socket {
    /// What became of a read or a write.
    public enum Transfer: Sendable, Hashable {
        /// So many bytes were moved; a read of 0 bytes is the end of the stream.
        case bytes(Int)
        /// Nothing can be moved now: wait for readiness.
        case wouldBlock
        /// The connection is broken; the value of `errno`.
        case failed(Int32)
    }

    /// Opens a listening socket.
    ///
    /// - Parameters:
    ///   - host: A name or numeric address; empty for every interface.
    ///   - port: 0 lets the system choose.
    ///   - backlog: How many connections may wait to be accepted.
    /// - Returns: The descriptor and the address with the port that was chosen.
    /// - Throws: ``SystemCallError``.
    public static func listen(host: String, port: Int, backlog: Int) throws -> (descriptor: Int32, SocketAddress) {
        try SocketAddress.resolve(host: host, port: port) { candidate in
            let descriptor = socket(candidate.pointee.ai_family, streamType, 0)
            guard descriptor >= 0 else { throw SystemCallError("socket", "\(host):\(port)") }
            do {
                try makeNonBlocking(descriptor)
                setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
                // Each worker has a listening socket of its own on the same port; the kernel spreads connections.
                setOption(descriptor, SOL_SOCKET, SO_REUSEPORT, 1)
                if candidate.pointee.ai_family == AF_INET6 { setOption(descriptor, ipv6Level, IPV6_V6ONLY, 1) }
                guard bind(descriptor, candidate.pointee.ai_addr, candidate.pointee.ai_addrlen) == 0 else {
                    throw SystemCallError("bind", "\(host):\(port)")
                }
                guard Glibc.listen(descriptor, Int32(clamping: backlog)) == 0 else {
                    throw SystemCallError("listen", "\(host):\(port)")
                }
                return (descriptor, try boundAddress(of: descriptor))
            } catch {
                close(descriptor)
                throw error
            }
        }
    }

    /// The address a socket is bound to.
    ///
    /// - Throws: ``SystemCallError``.
    public static func boundAddress(of descriptor: Int32) throws -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0 else { throw SystemCallError("getsockname") }
        return SocketAddress(storage)
    }

    /// Takes a connection from a listening socket, non-blocking and without Nagle's delay.
    ///
    /// - Returns: `nil` when none waits.
    /// - Throws: ``SystemCallError``; `EMFILE` and `ENFILE` pass when other descriptors are closed.
    public static func accept(_ listener: Int32) throws -> (descriptor: Int32, peer: SocketAddress)? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let descriptor = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { acceptNonBlocking(listener, $0, &length) }
        }
        guard descriptor >= 0 else {
            switch errno {
            // A Unix socket that was told to refuse says EINVAL when its backlog is empty.
            case EAGAIN, EINVAL: return nil
            // The client left the backlog before its turn; the next one is not concerned.
            case ECONNABORTED, EPROTO, EPERM: return try accept(listener)
            default: throw SystemCallError("accept")
            }
        }
        setOption(descriptor, tcpLevel, TCP_NODELAY, 1)
        return (descriptor, SocketAddress(storage))
    }

    /// Reads what has arrived, up to the size of `buffer`.
    public static func read(_ descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count >= 0 { return .bytes(count) }
            if errno == EAGAIN { return .wouldBlock }
            if errno != EINTR { return .failed(errno) }
        }
    }

    /// Looks for a byte to read and leaves it there; a listening socket has none and is no failure.
    static func peek(_ descriptor: Int32) -> Transfer {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_PEEK))
        if count >= 0 { return .bytes(count) }
        return errno == ECONNRESET ? .failed(errno) : .wouldBlock
    }

    /// Writes as much of `bytes` as the socket takes.
    public static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, noSignal)
            if count >= 0 { return .bytes(count) }
            if errno == EAGAIN { return .wouldBlock }
            if errno != EINTR { return .failed(errno) }
        }
    }

    /// Writes as much of two buffers as the socket takes, in one call.
    public static func write(
        _ descriptor: Int32, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer
    ) -> Transfer {
        var vectors = (
            iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
        )
        return withUnsafeMutableBytes(of: &vectors) { vectors in
            var message = msghdr()
            message.msg_iov = vectors.assumingMemoryBound(to: iovec.self).baseAddress
            message.msg_iovlen = 2
            while true {
                let count = sendmsg(descriptor, &message, noSignal)
                if count >= 0 { return .bytes(count) }
                if errno == EAGAIN { return .wouldBlock }
                if errno != EINTR { return .failed(errno) }
            }
        }
    }

    /// Tells the other end that nothing more will be sent; reading goes on.
    public static func finishWriting(_ descriptor: Int32) {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Lets the next close reset the connection, which tells the other end that something is missing.
    package static func resetOnClose(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Closes a descriptor.
    public static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    /// Makes reads and writes return at once.
    ///
    /// - Throws: ``SystemCallError``.
    public static func makeNonBlocking(_ descriptor: Int32) throws {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 else {
            throw SystemCallError("fcntl")
        }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private static func setOption(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    // A peer that has gone must not end the process by SIGPIPE.
    private static let noSignal = Int32(MSG_NOSIGNAL)
    #if os(Linux)
    // From the very beginning: another thread may start a program before a second call could say it, and that program
    // would then keep the port open.
    static let streamType = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    #else
    static let streamType = Int32(SOCK_STREAM.rawValue)
    #endif
    private static let tcpLevel = Int32(IPPROTO_TCP)
    private static let ipv6Level = Int32(IPPROTO_IPV6)

    private static func acceptNonBlocking(
        _ listener: Int32, _ address: UnsafeMutablePointer<sockaddr>, _ length: inout socklen_t
    ) -> Int32 {
        #if os(Linux)
        return martlet_accept(listener, address, &length)
        #else
        let descriptor = Glibc.accept(listener, address, &length)
        if descriptor >= 0 { try? makeNonBlocking(descriptor) }
        return descriptor
        #endif
    }
}
