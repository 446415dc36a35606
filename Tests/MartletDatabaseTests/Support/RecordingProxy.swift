import Dispatch
import Foundation
import Glibc
import Synchronization
import TestPrograms

/// A Unix socket in front of a PostgreSQL server that keeps what passes: what libpq really sends, and what it gets.
///
/// Source: [PostgreSQL, Message Formats](https://www.postgresql.org/docs/current/protocol-message-formats.html).
final class RecordingProxy: Sendable {
    /// One message of the protocol: its letter and what follows its length.
    struct Message: Sendable {
        let type: Character
        let body: [UInt8]
    }

    struct CannotListen: Error { let path: String }

    /// What libpq gives as the host.
    let folder: String
    private let listener: Int32
    private let target: String
    private let sent = Mutex<[UInt8]>([])
    private let received = Mutex<[UInt8]>([])
    private static let port = 5432

    init(to server: PrivateServer) throws {
        folder = try PrivateServer.makeFolder()
        target = "\(server.folder)/.s.PGSQL.\(Self.port)"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let path = "\(folder)/.s.PGSQL.\(Self.port)"
        guard Self.withAddress(path, { bind(listener, $0, $1) }) == 0, listen(listener, 8) == 0 else {
            throw CannotListen(path: path)
        }
        // Each of them blocks, so it has a queue of its own; they end when their sockets are closed.
        DispatchQueue(label: "proxy").async { [self] in accept() }
    }

    /// Takes no more connections, and removes its folder.
    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What the client has sent behind its first message, which has no letter.
    var fromClient: [Message] {
        sent.withLock { bytes in
            let first = bytes.count < 4 ? bytes.count : Self.number(bytes[0..<4])
            return Self.messages(in: bytes.dropFirst(first))
        }
    }

    /// What the server has answered.
    var fromServer: [Message] { received.withLock { Self.messages(in: $0[...]) } }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            let ends = DispatchGroup()
            let queue = DispatchQueue(label: "proxy.copy", attributes: .concurrent)
            queue.async(group: ends) { [self] in Self.copy(from: client, to: server, into: sent) }
            queue.async(group: ends) { [self] in Self.copy(from: server, to: client, into: received) }
            ends.notify(queue: queue) {
                Glibc.close(client)
                Glibc.close(server)
            }
        }
    }

    private static func copy(from source: Int32, to target: Int32, into record: borrowing Mutex<[UInt8]>) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            record.withLock { $0 += buffer[..<count] }
            var done = 0
            while done < count {
                let part = buffer[done..<count].withUnsafeBytes {
                    send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard part > 0 else { break }
                done += part
            }
            guard done == count else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(target, Int32(SHUT_RDWR))
    }

    private static func withAddress(
        _ path: String, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            place.copyBytes(from: path.utf8.prefix(place.count - 1))
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func messages(in bytes: ArraySlice<UInt8>) -> [Message] {
        var (rest, messages) = (bytes, [Message]())
        while rest.count >= 5, let type = rest.first {
            let length = number(rest.dropFirst().prefix(4))
            guard length >= 4, rest.count >= length + 1 else { break }
            messages.append(
                Message(type: Character(Unicode.Scalar(type)), body: Array(rest.dropFirst(5).prefix(length - 4))))
            rest = rest.dropFirst(length + 1)
        }
        return messages
    }

    /// A number as the protocol has it: the highest byte first.
    static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

extension RecordingProxy.Message {
    /// What a `Bind` message binds.
    struct Binding {
        var statement = ""
        var formats: [Int] = []
        var values: [[UInt8]?] = []
        var resultFormats: [Int] = []
    }

    var binding: Binding {
        var reader = Reader(rest: body[...])
        var binding = Binding()
        _ = reader.text()
        binding.statement = reader.text()
        binding.formats = (0..<reader.number(2)).map { _ in reader.number(2) }
        binding.values = (0..<reader.number(2)).map { _ in reader.value() }
        binding.resultFormats = (0..<reader.number(2)).map { _ in reader.number(2) }
        return binding
    }

    /// The values of a `DataRow`.
    var row: [[UInt8]?] {
        var reader = Reader(rest: body[...])
        return (0..<reader.number(2)).map { _ in reader.value() }
    }

    /// The name of the statement that a `Parse` message makes.
    var parsed: String {
        var reader = Reader(rest: body[...])
        return reader.text()
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func text() -> String {
            let text = rest.prefix { $0 != 0 }
            rest = rest.dropFirst(text.count + 1)
            return String(decoding: text, as: UTF8.self)
        }

        mutating func number(_ count: Int) -> Int {
            defer { rest = rest.dropFirst(count) }
            return RecordingProxy.number(rest.prefix(count))
        }

        mutating func value() -> [UInt8]? {
            let length = number(4)
            guard length != 0xFFFF_FFFF else { return nil }
            defer { rest = rest.dropFirst(length) }
            return Array(rest.prefix(length))
        }
    }
}
