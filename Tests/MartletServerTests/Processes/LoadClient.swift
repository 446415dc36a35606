import Foundation
import Glibc
import MartletIO
import Synchronization

/// One client of many that load a server: connects, sends requests, and looks closely at how each ends.
///
/// The calls block, so each client has a thread of its own.
struct LoadClient: Sendable {
    /// How a client behaves.
    enum Habit: Sendable, CaseIterable {
        /// One request after the other on a connection.
        case keepAlive
        /// A connection for each request.
        case fresh
        /// Four requests at once.
        case pipelining
        /// A body, in two pieces.
        case posting
    }

    /// What has become of the requests of all clients.
    struct Tally: Sendable {
        var answered = 0
        /// Requests on a connection that ended cleanly before any byte of their answer.
        var unanswered = 0
        /// What must not happen: resets, parts of answers, answers that are no answers.
        var violations: [String] = []
    }

    let habit: Habit
    let address: SocketAddress
    let tally: Box

    /// Shared by the clients; held only to count.
    final class Box: Sendable {
        private let tally = Mutex(Tally())
        private let waiter = Mutex<(answers: Int, CheckedContinuation<Void, Never>)?>(nil)
        private let stop = Atomic<Bool>(false)

        var value: Tally { tally.withLock { $0 } }
        var isOver: Bool { stop.load(ordering: .relaxed) }
        func end() { stop.store(true, ordering: .relaxed) }

        func add(_ change: (inout Tally) -> Void) {
            tally.withLock { change(&$0) }
            resume()
        }

        /// Waits until so many requests have been answered, or something went wrong.
        func wait(answers: Int) async {
            await withCheckedContinuation { continuation in
                waiter.withLock { $0 = (answers, continuation) }
                resume()
            }
        }

        private func resume() {
            let tally = value
            let waiting = waiter.withLock { waiter -> CheckedContinuation<Void, Never>? in
                guard let (answers, continuation) = waiter else { return nil }
                guard tally.answered >= answers || !tally.violations.isEmpty else { return nil }
                waiter = nil
                return continuation
            }
            waiting?.resume()
        }
    }

    /// Makes requests until the load is over or nobody listens any longer.
    func run() {
        while !tally.isOver {
            switch connect() {
            case .some(let descriptor):
                while !tally.isOver, exchange(descriptor), habit != .fresh {}
                close(descriptor)
            case .none where errno == ECONNREFUSED:
                // Nobody listens: the load is over, unless somebody is expected to take over at once.
                if !tally.isOver { tally.add { $0.unanswered += 1 } }
                return
            case .none where errno == EINPROGRESS || errno == EAGAIN || errno == EINTR:
                continue
            case .none:
                let message = String(cString: strerror(errno))
                tally.add { $0.violations.append("connect: \(message)") }
                return
            }
        }
    }

    /// Connects; `nil` with `errno` when that was not to be within a tenth of a second.
    private func connect() -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        // A process that the test starts meanwhile would keep the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var timeout = timeval(tv_sec: 0, tv_usec: 100_000)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        // For the answers a minute: beyond it the server has lost one.
        timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(address.port).bigEndian
        target.sin_addr.s_addr = inet_addr(address.host)
        let status = withUnsafePointer(to: target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            let code = errno
            close(descriptor)
            errno = code
            return nil
        }
        return descriptor
    }

    /// Sends what the habit sends at once, and takes the answers.
    ///
    /// - Returns: Whether the connection goes on.
    private func exchange(_ descriptor: Int32) -> Bool {
        let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
        let pieces: [String]
        switch habit {
        case .keepAlive, .fresh: pieces = [get]
        case .pipelining: pieces = [get + get + get + get]
        case .posting: pieces = ["POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello", "world"]
        }
        for piece in pieces {
            // A connection that the server has ended still has what it sent before: read on.
            guard send(descriptor, piece, piece.utf8.count, Int32(MSG_NOSIGNAL)) >= 0 else { break }
        }
        return takeAnswers(descriptor, expected: habit == .pipelining ? 4 : 1)
    }

    private func takeAnswers(_ descriptor: Int32, expected: Int) -> Bool {
        var bytes: [UInt8] = []
        var answered = 0
        var isLast = false
        var buffer = [UInt8](repeating: 0, count: 8_192)
        while answered < expected {
            while let answer = Answer(&bytes) {
                guard answer.isGood else { return fail("a bad answer: \(answer.head)") }
                answered += 1
                isLast = isLast || answer.closes
                tally.add { $0.answered += 1 }
            }
            if answered == expected { break }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { return fail("recv: \(String(cString: strerror(errno)))") }
            guard count > 0 else {
                guard bytes.isEmpty else {
                    return fail("a part of an answer: \(String(decoding: bytes, as: UTF8.self))")
                }
                let rest = expected - answered
                tally.add { $0.unanswered += rest }
                return false
            }
            bytes += buffer[..<count]
        }
        return !isLast
    }

    private func fail(_ what: String) -> Bool {
        tally.add { $0.violations.append("\(habit): \(what)") }
        return false
    }

    /// An answer with a length, taken from the front of what was received.
    private struct Answer {
        let head: String
        var isGood: Bool { head.hasPrefix("HTTP/1.1 200 OK\r\n") }
        var closes: Bool { head.contains("\r\nConnection: close\r\n") }

        init?(_ bytes: inout [UInt8]) {
            let end: [UInt8] = [13, 10, 13, 10]
            guard let length = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return nil }
            head = String(decoding: bytes[..<(length + 4)], as: UTF8.self)
            let field = head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
            guard let body = field.flatMap({ Int($0.dropFirst(16)) }), bytes.count >= length + 4 + body else {
                return nil
            }
            bytes.removeFirst(length + 4 + body)
        }
    }
}

/// Loads a server with clients of every habit while `operation` runs, and for as long after as they need.
///
/// - Returns: What has become of the requests.
func withLoad(
    on address: SocketAddress, clients: Int, _ operation: (LoadClient.Box) async throws -> Void
) async throws -> LoadClient.Tally {
    let tally = LoadClient.Box()
    let habits = LoadClient.Habit.allCases
    return try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<clients {
            let client = LoadClient(habit: habits[index % habits.count], address: address, tally: tally)
            group.addTask { await blocking { client.run() } }
        }
        // The clients end however the operation does.
        defer { tally.end() }
        try await operation(tally)
        tally.end()
        try await group.waitForAll()
        return tally.value
    }
}
