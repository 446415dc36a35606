import Glibc

/// Where a socket is bound or connected: an IPv4 or IPv6 address and a port, or a file.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The numeric address, such as `127.0.0.1` or `::1`; `unix` for a socket in the file system.
    public let host: String

    /// The port, 0 to 65535; 0 for a socket in the file system.
    public let port: Int

    /// The file of a socket in the file system; empty for its clients, which have none. `nil` for all others.
    public let path: String?

    /// Makes an address from its parts.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
        path = nil
    }

    /// Makes the address of a socket in the file system.
    public init(path: String) {
        host = Self.unixHost
        port = 0
        self.path = path
    }

    /// What ``host`` is for sockets in the file system.
    public static let unixHost = "unix"

    /// `127.0.0.1:8000`, `[::1]:8000` or `unix:/run/app.sock`.
    public var description: String {
        if let path { return "unix:\(path)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Reads the address that the system has written.
    init(_ storage: borrowing sockaddr_storage) {
        guard Int32(storage.ss_family) != AF_UNIX else {
            self.init(path: Self.path(of: storage))
            return
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let port = withUnsafePointer(to: storage) { storage in
            if Int32(storage.pointee.ss_family) == AF_INET6 {
                return storage.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                    withUnsafePointer(to: address.pointee.sin6_addr) {
                        _ = inet_ntop(AF_INET6, $0, &text, socklen_t(text.count))
                    }
                    return Int(UInt16(bigEndian: address.pointee.sin6_port))
                }
            }
            return storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                withUnsafePointer(to: address.pointee.sin_addr) {
                    _ = inet_ntop(AF_INET, $0, &text, socklen_t(text.count))
                }
                return Int(UInt16(bigEndian: address.pointee.sin_port))
            }
        }
        let length = text.firstIndex(of: 0) ?? text.count
        let host = String(decoding: text[..<length].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        self.init(host: host, port: port)
    }

    private static func path(of storage: borrowing sockaddr_storage) -> String {
        withUnsafePointer(to: storage) { storage in
            storage.withMemoryRebound(to: sockaddr_un.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            }
        }
    }

    /// Finds the addresses of a host name and hands each to `body` until one succeeds.
    ///
    /// - Throws: The last error of `body`, or ``SystemCallError`` when the name has no address.
    static func resolve<Result>(
        host: String, port: Int, _ body: (UnsafePointer<addrinfo>) throws -> Result
    ) throws -> Result {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host.isEmpty ? nil : host, String(port), &hints, &list)
        defer { if list != nil { freeaddrinfo(list) } }
        var failure: any Error = SystemCallError("getaddrinfo", host, code: status == EAI_SYSTEM ? errno : ENOENT)
        var next = UnsafePointer(status == 0 ? list : nil)
        while let candidate = next {
            do { return try body(candidate) } catch { failure = error }
            next = UnsafePointer(candidate.pointee.ai_next)
        }
        throw failure
    }
}
