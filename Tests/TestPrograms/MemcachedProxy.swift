import Foundation
import Glibc
import Synchronization

/// A Memcached that is slow: it hands on what its clients ask of a real one, and holds back the answers. It ends with its
/// last reference.
package final class MemcachedProxy: Sendable {
    /// What becomes of answers.
    package enum Mode: Sendable, CaseIterable {
        /// They come at once.
        case passing
        /// They do not come until the mode is another.
        case holding
        /// They come a byte at a time.
        case dripping
    }

    /// Where it listens, as a cache's location.
    package var location: String { "unix:" + folder.file("s") }

    private let folder: TemporaryFolder
    private let listener: Int32
    private let way = Way()

    /// What its threads share.
    private final class Way: Sendable {
        private let mode = Mutex<Mode?>(.passing)

        /// `nil` when the proxy is gone.
        var current: Mode? { mode.withLock { $0 } }
        func become(_ new: Mode?) { mode.withLock { $0 = new } }
    }

    /// Listens at a place of its own.
    package init(to server: MemcachedServer) throws {
        folder = try TemporaryFolder()
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let path = folder.file("s")
        let isListening = Self.withAddress(path) { bind(listener, $0, $1) == 0 && listen(listener, 64) == 0 }
        guard isListening else { throw ProgramError(description: "no proxy can listen at \(path)") }
        let real = String(server.location.dropFirst("unix:".count))
        Thread.detachNewThread { [listener, way] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                Thread.detachNewThread { Self.hand(client, on: real, way) }
            }
            close(listener)
        }
    }

    deinit {
        way.become(nil)
        // Wakes the thread that accepts, which then closes it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Treats answers in another way from now on, also those that are held back.
    package func become(_ mode: Mode) { way.become(mode) }

    // MARK: Threads

    private static func hand(_ client: Int32, on path: String, _ way: Way) {
        defer { close(client) }
        let real = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(real) }
        guard withAddress(path, { connect(real, $0, $1) == 0 }) else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while way.current != nil {
            var ends = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: real, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&ends, 2, 50) >= 0 else { return }
            if ends[0].revents != 0 {
                let count = read(client, &buffer, buffer.count)
                guard count > 0, write(buffer[..<count], to: real) else { return }
            }
            if ends[1].revents != 0 {
                let count = read(real, &buffer, buffer.count)
                guard count > 0, answer(buffer[..<count], to: client, way) else { return }
            }
        }
    }

    /// Hands an answer on in the way of the moment; `false` when the client has gone.
    private static func answer(_ bytes: ArraySlice<UInt8>, to client: Int32, _ way: Way) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            switch way.current {
            case .passing: return write(rest, to: client)
            case .dripping:
                guard write(rest.prefix(1), to: client) else { return false }
                rest = rest.dropFirst()
            case .holding: if hasHungUp(client) { return false }
            case nil: return false
            }
            // That it is slow is what it is for.
            poll(nil, 0, 60)
        }
        return true
    }

    private static func hasHungUp(_ client: Int32) -> Bool {
        var byte: UInt8 = 0
        return recv(client, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
    }

    private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func withAddress<R>(_ path: String, _ use: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
