import MartletHTTP
import MartletServer
import Synchronization
import Testing

@Suite struct UpgradeTests {
    static let request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"

    /// A handler that gives its connection to `run`.
    static func handler(_ run: @escaping @Sendable (any UpgradedConnection) async throws -> Void) -> Handler {
        { _ in
            var response = Response(status: .switchingProtocols, body: .upgrade(run))
            try response.headers.set(.upgrade, "echo")
            return response
        }
    }

    /// Sends everything back until the client ends.
    static let echo = handler { connection in
        while case .bytes(let bytes) = await connection.next(reading: true) {
            try await connection.write([], bytes, isLast: false)
        }
    }

    @Test func `bytes go both ways after the head, those that came early first`() async throws {
        try await withServer(handler: Self.echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request + "early ")
            let head = try await client.receive(through: "\r\n\r\n")
            #expect(
                head.withoutDate
                    == "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
            #expect(try await client.receive(through: "early ") == "early ")
            try await client.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try await client.receive(through: "\r\n\r\n") == "GET / HTTP/1.1\r\n\r\n")
            client.finishSending()
            #expect(try await client.receiveAll() == "")
        }
    }

    @Test func `the client is not read faster than the protocol asks`() async throws {
        let asked = Signal()
        let took = Mutex(0)
        let handler = Self.handler { connection in
            await asked.wait()
            while case .bytes(let bytes) = await connection.next(reading: true) { took.withLock { $0 += bytes.count } }
            try await connection.write([], Array("\(took.withLock { $0 })".utf8), isLast: true)
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            let sending = Task {
                try await client.send([UInt8](repeating: 7, count: 30_000_000))
                client.finishSending()
            }
            _ = try await client.receive(through: "\r\n\r\n")
            #expect(took.withLock { $0 } == 0)
            asked.give()
            try await sending.value
            #expect(try await client.receiveAll() == "30000000")
        }
    }

    @Test func `several tasks write in turn, and what each writes stays in one piece`() async throws {
        let handler = Self.handler { connection in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for letter in UInt8(ascii: "a")...UInt8(ascii: "h") {
                    group.addTask {
                        for size in [1, 100_000, 10] {
                            try await connection.write([letter], [UInt8](repeating: letter, count: size), isLast: false)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "\r\n\r\n")
            let bytes = try await client.receiveAllBytes()
            #expect(bytes.count == 8 * (2 + 100_001 + 11))
            let runs = bytes.reduce(into: [(letter: UInt8, count: Int)]()) { runs, byte in
                if runs.last?.letter == byte { runs[runs.count - 1].count += 1 } else { runs.append((byte, 1)) }
            }
            let legal: Set<Int> = [2, 11, 13, 100_001, 100_003, 100_012, 100_014]
            #expect(runs.allSatisfy { legal.contains($0.count) })
        }
    }

    @Test func `what the socket did not take is sent without another write`() async throws {
        let release = Signal()
        let handler = Self.handler { connection in
            // More than the buffers of two sockets, the last of it in small pieces that nobody waits for.
            try await connection.write([], [UInt8](repeating: 1, count: 8_000_000), isLast: false)
            for _ in 0..<100 { try await connection.write([], [UInt8](repeating: 2, count: 100), isLast: false) }
            await release.wait()
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "\r\n\r\n")
            #expect(try await client.receive(count: 8_010_000).last == 2)
            release.give()
        }
    }

    @Test func `a client that takes nothing is given up after the write timeout`() async throws {
        let ended = Signal()
        let handler = Self.handler { connection in
            defer { ended.give() }
            while true { try await connection.write([], [UInt8](repeating: 1, count: 1_000_000), isLast: false) }
        }
        let configure = { (settings: inout ServerSettings) in settings.writeTimeout = .milliseconds(1) }
        try await withServer(configure, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            await ended.wait()
            await client.close()
        }
    }

    @Test(arguments: [true, false])
    func `a client that goes away cancels the protocol`(_ byReset: Bool) async throws {
        let (started, cancelled) = (Signal(), Signal())
        let handler = Self.handler { connection in
            started.give()
            do {
                try await Task.sleep(for: .seconds(1_000))
            } catch {
                cancelled.give()
            }
        }
        try await withServer({ $0.halfCloseTimeout = .milliseconds(1) }, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            await started.wait()
            if byReset { await client.reset() } else { await client.close() }
            await cancelled.wait()
        }
    }

    @Test func `a server that stops tells the protocol and waits for it`() async throws {
        let told = Journal()
        let handler = Self.handler { connection in
            while true {
                switch await connection.next(reading: true) {
                case .stopping:
                    told.add("stopping")
                    try await connection.write([], Array("bye".utf8), isLast: true)
                case .end: return
                default: break
                }
            }
        }
        try await withServer(handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "\r\n\r\n")
            async let stopped: Void = server.stop(grace: .seconds(1_000))
            #expect(try await client.receive(through: "bye") == "bye")
            client.finishSending()
            await stopped
            #expect(told.entries == ["stopping"])
        }
    }

    @Test func `a protocol that goes on after the grace is ended`() async throws {
        let (started, ended) = (Signal(), Signal())
        let handler = Self.handler { connection in
            started.give()
            while true {
                if case .end = await connection.next(reading: true) { break }
            }
            ended.give()
        }
        try await withServer(handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            await started.wait()
            await server.stop(grace: .milliseconds(1))
            await ended.wait()
            await client.close()
        }
    }

    @Test func `a protocol can wait without reading, be woken, and keep its time`() async throws {
        let handler = Self.handler { connection in
            var seen: [String] = []
            await connection.arm(after: .zero)
            if case .expired = await connection.next(reading: false) { seen.append("expired") }
            Task.detached { connection.wake() }
            if case .woken = await connection.next(reading: false) { seen.append("woken") }
            if case .bytes(let bytes) = await connection.next(reading: true) { seen.append("\(bytes.count)") }
            try await connection.write([], Array(seen.joined(separator: " ").utf8), isLast: true)
            await #expect(throws: UpgradedConnectionError.closed) {
                try await connection.write([], [1], isLast: false)
            }
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request + "12345")
            _ = try await client.receive(through: "\r\n\r\n")
            #expect(try await client.receiveAll() == "expired woken 5")
        }
    }

    @Test func `an error of the protocol is reported`() async throws {
        struct Broken: Error {}
        let log = EventLog()
        try await withServer(log: log, handler: Self.handler { _ in throw Broken() }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receiveAll()
            #expect(log.first(.upgradeFailed)?.path == "/")
            #expect(log.first(.upgradeFailed)?.error is Broken)
        }
    }

    @Test func `HTTP/1.0 knows no upgrade`() async throws {
        let handler: Handler = { request in Response("\(request.headers.contains(.upgrade))") }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.0\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("false"))
        }
    }

    @Test(arguments: [100, 101, 103])
    func `an interim status is no answer of a view`(_ code: Int) async throws {
        let log = EventLog()
        let handler: Handler = { _ in Response(status: HTTPStatus(code)) }
        try await withServer(log: log, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 500 "))
            #expect(log.first(.viewFailed)?.message.contains("interim status") == true)
        }
    }

    @Test func `a middleware that puts another status in the place of 101 has its way`() async throws {
        let handler: Handler = { request in
            var response = try await Self.echo(request)
            response.status = .forbidden
            return response
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            let head = try await client.receive(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 403 "))
            #expect(head.contains("Content-Length: 0\r\n"))
        }
    }
}
