import Glibc
package import MartletLogging
import Testing

/// A syslog of a test's own, on a free port or in a folder of its own. It reads only when it is asked to, so a test
/// never waits for it.
package final class SyslogReceiver {
    package enum Kind: String, CaseIterable, Sendable { case unix, udp, tcp }

    /// Where it listens.
    package let server: SyslogServer
    /// The port at 127.0.0.1; 0 for a socket of Unix.
    package let port: UInt16
    /// Where it listens, as `LOG_DESTINATION` has it.
    package var destination: String {
        kind == .unix ? "syslog:\(folder?.file("log") ?? "")" : "syslog+\(kind.rawValue)://127.0.0.1:\(port)"
    }
    private let kind: Kind
    private var listener: Int32
    private var connection: Int32 = -1
    private var received: [UInt8] = []
    private let folder = try? TemporaryFolder()

    /// - Parameter port: Of an earlier receiver, to come back at the same place.
    package init(_ kind: Kind, port: UInt16 = 0) throws {
        self.kind = kind
        if kind == .unix {
            let path = try #require(folder).file("log")
            listener = try Self.unixSocket(path)
            (server, self.port) = (.local(path), 0)
            return
        }
        listener = socket(AF_INET, Int32(kind == .udp ? SOCK_DGRAM.rawValue : SOCK_STREAM.rawValue), 0)
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, 4)
        self.port = try Self.bind(listener, port)
        if kind == .tcp { try #require(listen(listener, 8) == 0) }
        server = kind == .udp ? .udp("127.0.0.1", port: self.port) : .tcp("127.0.0.1", port: self.port)
    }

    deinit { stop() }

    /// Closes everything.
    package func stop() {
        if connection >= 0 { close(connection) }
        if listener >= 0 { close(listener) }
        (connection, listener) = (-1, -1)
    }

    private static func unixSocket(_ path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(result == 0)
        return descriptor
    }

    private static func bind(_ descriptor: Int32, _ port: UInt16) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                Glibc.bind(descriptor, raw, size) == 0 ? getsockname(descriptor, raw, &size) : -1
            }
        }
        try #require(result == 0)
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next message; of a stream, by the count before it.
    package func next() throws -> String {
        if kind == .tcp {
            if connection < 0 { connection = accept(listener, nil, nil) }
            return try nextFrame()
        }
        let bytes = try read(listener)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Ends the connection, as a receiver does that is restarted.
    package func hangUp() {
        close(connection)
        (connection, received) = (-1, [])
    }

    private func nextFrame() throws -> String {
        while true {
            if let blank = received.firstIndex(of: 0x20) {
                let count = try #require(Int(String(decoding: received[..<blank], as: UTF8.self)))
                let end = blank + 1 + count
                if received.count >= end {
                    defer { received.removeFirst(end) }
                    return String(decoding: received[(blank + 1)..<end], as: UTF8.self)
                }
            }
            received += try read(connection)
        }
    }

    private func read(_ descriptor: Int32) throws -> [UInt8] {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // Only a test that fails waits so long.
        try #require(poll(&ready, 1, 20_000) == 1, "nothing was received")
        var bytes = [UInt8](repeating: 0, count: 70_000)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        try #require(count > 0, "the connection has ended")
        return Array(bytes[..<count])
    }
}
