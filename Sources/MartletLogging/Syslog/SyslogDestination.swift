internal import Glibc
internal import Synchronization

/// A connected socket of a syslog, made when there is something to send and again when it is lost.
final class SyslogDestination: LogDestination {
    private let transport: SyslogServer.Transport

    /// Used by the one thread that writes; -1 for none.
    private let socket = Mutex<Int32>(-1)

    /// How long a connection may take, and how long a receiver may take nothing.
    private static let patience: Int32 = 3_000  // milliseconds

    /// How long to wait before an unreachable server is tried again.
    private static let pause = 1_000  // milliseconds

    init(_ transport: SyslogServer.Transport) { self.transport = transport }

    deinit { socket.withLock { if $0 >= 0 { close($0) } } }

    var hasRecords: Bool { true }

    func write(_ tail: LogTail) -> LogOutcome {
        socket.withLock { socket in
            var lost = 0
            var reason: Int32 = 0
            var attempts = 0
            while tail.hasMore {
                guard isConnected(&socket, tail) else {
                    return lost > 0 ? .lost(lost, reason) : .unreachable(milliseconds: Self.pause)
                }
                switch tail.write() {
                case .wrote: attempts = 0
                case .idle: return .ended
                case .failed(EMSGSIZE):
                    // No datagram can be that long here.
                    tail.discardRecord()
                    (lost, reason) = (lost + 1, EMSGSIZE)
                case .failed(ECONNREFUSED) where isUDP:
                    // Nobody took the one before; this one has not been sent.
                    (lost, reason) = (lost + 1, ECONNREFUSED)
                case .failed(EAGAIN), .failed(ENOBUFS):
                    if !Self.awaitRoom(socket) { disconnect(&socket, tail) }
                default:
                    disconnect(&socket, tail)
                    attempts += 1
                    if attempts > 1 {
                        return lost > 0 ? .lost(lost, reason) : .unreachable(milliseconds: Self.pause)
                    }
                }
            }
            return lost > 0 ? .lost(lost, reason) : .written
        }
    }

    private var isUDP: Bool {
        if case .udp = transport { return true }
        return false
    }

    private func isConnected(_ socket: inout Int32, _ tail: LogTail) -> Bool {
        // The first bytes after the end of a connection would be taken by the system and read by nobody.
        if socket >= 0, case .tcp = transport, Self.isClosed(socket) { disconnect(&socket, tail) }
        if socket < 0 {
            socket = connected()
            tail.descriptor = socket
        }
        return socket >= 0
    }

    private func disconnect(_ socket: inout Int32, _ tail: LogTail) {
        tail.descriptor = -1
        close(socket)
        socket = -1
        // A message that was sent in part is sent again, whole.
        tail.rewind()
    }

    private static func isClosed(_ socket: Int32) -> Bool {
        var byte: UInt8 = 0
        while true {
            let count = recv(socket, &byte, 1, Int32(MSG_DONTWAIT))
            // What a receiver sends back is nothing to syslog.
            if count > 0 { continue }
            return count == 0 || (errno != EAGAIN && errno != EINTR)
        }
    }

    private static func awaitRoom(_ socket: Int32) -> Bool {
        var ready = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        return poll(&ready, 1, patience) > 0
    }

    private func connected() -> Int32 {
        switch transport {
        case .unix(let path): Self.connect(toPath: path)
        case .udp(let host, let port): Self.connect(host, port, Int32(SOCK_DGRAM.rawValue))
        case .tcp(let host, let port): Self.connect(host, port, Int32(SOCK_STREAM.rawValue))
        }
    }

    private static let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)

    private static func connect(toPath path: String) -> Int32 {
        var address = sockaddr_un()
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room, !path.utf8.contains(0) else { return -1 }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | flags, 0)
        guard descriptor >= 0 else { return -1 }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        if result == 0 { return descriptor }
        close(descriptor)
        return -1
    }

    /// The first address of a host that answers.
    private static func connect(_ host: String, _ port: UInt16, _ kind: Int32) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = kind
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0 else { return -1 }
        defer { freeaddrinfo(found) }
        var next = found
        while let info = next?.pointee {
            let descriptor = connect(info, kind)
            if descriptor >= 0 { return descriptor }
            next = info.ai_next
        }
        return -1
    }

    private static func connect(_ info: addrinfo, _ kind: Int32) -> Int32 {
        let descriptor = Glibc.socket(info.ai_family, kind | flags, 0)
        guard descriptor >= 0 else { return -1 }
        if Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 { return descriptor }
        if errno == EINPROGRESS, awaitRoom(descriptor), error(of: descriptor) == 0 { return descriptor }
        close(descriptor)
        return -1
    }

    private static func error(of descriptor: Int32) -> Int32 {
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 else { return errno }
        return error
    }
}
