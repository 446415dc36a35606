import Glibc
import MartletIO

/// A client that sends exactly the bytes it is told, over a real socket.
///
/// Waits end after 30 seconds with an error, so that a server that does not answer fails the test.
///
/// `@unchecked Sendable`: everything happens on its own worker.
final class RawClient: @unchecked Sendable {
    enum Failure: Error, CustomStringConvertible {
        case timeout(received: String)
        case reset(Int32)
        case closed(received: String)

        var description: String {
            switch self {
            case .timeout(let received): "No more came within two minutes, after: \(received)"
            case .reset(let code): "The connection was reset: \(String(cString: strerror(code)))"
            case .closed(let received): "The connection was closed after: \(received)"
            }
        }
    }

    private let worker: Worker
    private let readiness: Readiness
    private let deadline: Deadline
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    /// Connects; a listening socket completes that at once.
    static func connect(_ address: SocketAddress) async throws -> RawClient {
        let worker = try Worker(index: 0)
        return try await withTaskExecutorPreference(worker) { try RawClient(address, worker) }
    }

    private init(_ address: SocketAddress, _ worker: Worker) throws {
        let family = address.path != nil ? AF_UNIX : address.host.contains(":") ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemCallError("socket") }
        guard Self.connect(descriptor, address) == 0 else {
            let error = SystemCallError("connect", address.description)
            Socket.close(descriptor)
            throw error
        }
        try Socket.makeNonBlocking(descriptor)
        // Two sends of one request must not wait for each other's acknowledgement.
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        self.worker = worker
        let readiness = try worker.readiness(of: descriptor)
        self.readiness = readiness
        deadline = Deadline(on: worker) { readiness.interrupt(.expired) }
    }

    private static func connect(_ descriptor: Int32, _ address: SocketAddress) -> Int32 {
        if let path = address.path { return Socket.withAddress(path) { Glibc.connect(descriptor, $0, $1) } }
        guard address.host.contains(":") else {
            var target = sockaddr_in()
            target.sin_family = sa_family_t(AF_INET)
            target.sin_port = UInt16(address.port).bigEndian
            target.sin_addr.s_addr = inet_addr(address.host)
            return connect(descriptor, target)
        }
        var target = sockaddr_in6()
        target.sin6_family = sa_family_t(AF_INET6)
        target.sin6_port = UInt16(address.port).bigEndian
        inet_pton(AF_INET6, address.host, &target.sin6_addr)
        return connect(descriptor, target)
    }

    private static func connect<Address>(_ descriptor: Int32, _ target: Address) -> Int32 {
        withUnsafeBytes(of: target) { bytes in
            Glibc.connect(
                descriptor, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t(bytes.count))
        }
    }

    /// Sends text as it stands.
    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    /// Sends bytes, waiting where the server is slow to take them.
    func send(_ bytes: [UInt8]) async throws {
        try await withTaskExecutorPreference(worker) {
            var rest = bytes[...]
            while !rest.isEmpty {
                switch rest.withUnsafeBytes({ Socket.write(readiness.descriptor, $0) }) {
                case .bytes(let count):
                    rest = rest.dropFirst(count)
                case .wouldBlock:
                    readiness.filled()
                    deadline.arm(after: .seconds(120))
                    guard await readiness.writable() == .ready else { throw Failure.timeout(received: "") }
                case .failed(let code):
                    throw Failure.reset(code)
                }
            }
            deadline.disarm()
        }
    }

    /// Receives up to and with the first occurrence of `end`.
    func receive(through end: String) async throws -> String {
        try await withTaskExecutorPreference(worker) {
            while true {
                let text = String(decoding: buffer, as: UTF8.self)
                if let range = Self.range(of: Array(end.utf8), in: buffer) {
                    let found = String(decoding: buffer[..<range.upperBound], as: UTF8.self)
                    buffer.removeFirst(range.upperBound)
                    return found
                }
                if isAtEnd { throw Failure.closed(received: text) }
                try await fill()
            }
        }
    }

    /// Receives so many bytes.
    func receive(count: Int) async throws -> [UInt8] {
        try await withTaskExecutorPreference(worker) {
            while buffer.count < count {
                if isAtEnd { throw Failure.closed(received: String(decoding: buffer, as: UTF8.self)) }
                try await fill()
            }
            defer { buffer.removeFirst(count) }
            return Array(buffer[..<count])
        }
    }

    /// Receives until the server closes.
    func receiveAll() async throws -> String {
        try await withTaskExecutorPreference(worker) {
            while !isAtEnd { try await fill() }
            defer { buffer = [] }
            return String(decoding: buffer, as: UTF8.self)
        }
    }

    /// Says that nothing more will be sent, and goes on reading.
    func finishSending() {
        Socket.finishWriting(readiness.descriptor)
    }

    /// Closes the connection.
    func close() async {
        await withTaskExecutorPreference(worker) { readiness.close() }
    }

    /// Closes with a reset, as a client that crashed does.
    func reset() async {
        await withTaskExecutorPreference(worker) {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                readiness.descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            readiness.close()
        }
    }

    private func fill() async throws {
        switch Socket.read(readiness.descriptor, into: worker.scratch) {
        case .bytes(0): isAtEnd = true
        case .bytes(let count): buffer += worker.scratch[..<count]
        case .failed(let code): throw Failure.reset(code)
        case .wouldBlock:
            readiness.drained()
            deadline.arm(after: .seconds(120))
            guard await readiness.readable() == .ready else {
                throw Failure.timeout(received: String(decoding: buffer, as: UTF8.self))
            }
            deadline.disarm()
        }
    }

    private static func range(of pattern: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
        guard bytes.count >= pattern.count else { return nil }
        for start in 0...(bytes.count - pattern.count)
        where bytes[start..<(start + pattern.count)].elementsEqual(pattern) {
            return start..<(start + pattern.count)
        }
        return nil
    }
}

extension RawClient {
    /// Receives until the server closes, as bytes.
    func receiveAllBytes() async throws -> [UInt8] {
        try await withTaskExecutorPreference(worker) {
            while !isAtEnd { try await fill() }
            defer { buffer = [] }
            return buffer
        }
    }
}
