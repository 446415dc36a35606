import MartletHTTP
import MartletRouting
import MartletServer
import MartletWebSockets
import Synchronization
import Testing

@Suite struct WebSocketTests {
    typealias Frame = WebSocketClient.Frame

    @Test func `messages go both ways, those that came early first`() async throws {
        try await withWebSocket(WebSocketSettings(), echoMessages) { address, _ in
            let early = WebSocketClient.frame(0x81, Array("early".utf8))
            let client = try await WebSocketClient.connect(address, early: early)
            #expect(client.head.contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"))
            #expect(try await client.receive() == .text("early"))
            try await client.send(0x01, [0xE2, 0x82])
            try await client.send(0x89, [1, 2])
            try await client.send(0x80, [0xAC])
            #expect(try await client.receive() == Frame(first: 0x8A, payload: [1, 2]))
            #expect(try await client.receive() == .text("€"))
            try await client.send(0x82, [UInt8](repeating: 9, count: 60_000))
            #expect(try await client.receive() == Frame(first: 0x82, payload: [UInt8](repeating: 9, count: 60_000)))
            try await client.close(1000)
            #expect(try await client.receive() == .close(1000))
            #expect(try await client.raw.receiveAll() == "")
        }
    }

    @Test func `the handler gets the parameters of the path`() async throws {
        let urls = URLs {
            webSocket(
                "rooms/<int:id>/<slug:name>/",
                { (request: Request, socket: WebSocket, id: Int, name: String) in
                    try await socket.send("\(id) \(name) \(request.path)")
                })
        }
        try await withServer(handler: Dispatcher(try RouteTable(urls)).handler) { address, _ in
            let client = try await WebSocketClient.connect(address, "/rooms/7/swift/")
            #expect(try await client.receive() == .text("7 swift /rooms/7/swift/"))
        }
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let frames: [UInt8]
        let code: Int
    }

    // RFC 6455 §7.4.1
    static let endings = [
        Ending(testDescription: "1002 for a frame without a mask", frames: [0x81, 1, 0x61], code: 1002),
        Ending(testDescription: "1007 for what is no text", frames: WebSocketClient.frame(0x81, [0xFF]), code: 1007),
        Ending(
            testDescription: "1009 for a large message",
            frames: WebSocketClient.frame(0x81, .init(repeating: 0, count: 1_001)),
            code: 1009),
        Ending(
            testDescription: "1008 for fragments without end",
            frames: [UInt8](
                ([WebSocketClient.frame(1, [])] + Array(repeating: WebSocketClient.frame(0, []), count: 2_000)).joined()
            ),
            code: 1008),
        Ending(
            testDescription: "the client's own code", frames: WebSocketClient.frame(0x88, [0x0F, 0xA0]), code: 4000),
    ]

    @Test(arguments: endings)
    func `what ends a WebSocket is told by its code, and what came before is delivered`(_ example: Ending) async throws
    {
        let log = EventLog()
        let closed = Mutex<WebSocketClosing?>(nil)
        var settings = WebSocketSettings()
        settings.maximumMessageSize = 1_000
        let delivered = Journal()
        let ended = Signal()
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, socket in
            for try await message in socket { delivered.add("\(message)") }
            closed.withLock { $0 = socket.closing }
            ended.give()
        }
        try await withWebSocket(settings, log: log, handler) { address, _ in
            let client = try await WebSocketClient.connect(address)
            try await client.raw.send(WebSocketClient.frame(0x81, [0x61]) + example.frames)
            #expect(try await client.receive().closeCode == example.code)
            await client.raw.close()
            await ended.wait()
            #expect(delivered.entries == ["text(\"a\")"])
            #expect(closed.withLock { $0?.code.rawValue } == UInt16(example.code))
            #expect((log.first(.requestRefused) != nil) == (example.code < 4000))
        }
    }

    @Test func `a handler that throws closes with 1011 and is reported`() async throws {
        struct Broken: Error {}
        let log = EventLog()
        try await withWebSocket(log: log, { _, _ in throw Broken() }) { address, _ in
            let client = try await WebSocketClient.connect(address)
            #expect(try await client.receive() == .close(1011))
            try await client.close(1011)
            #expect(try await client.raw.receiveAll() == "")
            #expect(log.first(.upgradeFailed)?.error is Broken)
        }
    }

    @Test func `a handler that returns closes with 1000, and the client's answer is not waited for without end`()
        async throws
    {
        var settings = WebSocketSettings()
        settings.closeTimeout = .milliseconds(1)
        try await withWebSocket(settings, { _, _ in }) { address, _ in
            let client = try await WebSocketClient.connect(address)
            #expect(try await client.receive() == .close(1000))
            #expect(try await client.raw.receiveAll() == "")
        }
    }

    @Test func `a handler closes with a code and a reason of its own, and cannot send afterwards`() async throws {
        let errors = Journal()
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, socket in
            for (code, reason) in [(1005, ""), (1015, ""), (4000, String(repeating: "x", count: 124))] {
                do {
                    try await socket.close(WebSocketCloseCode(rawValue: UInt16(code)), reason: reason)
                } catch {
                    errors.add("\(error)")
                }
            }
            try await socket.close(WebSocketCloseCode(rawValue: 4001), reason: "enough")
            try await socket.close()
            do { try await socket.send("more") } catch { errors.add("\(error)") }
            for try await _ in socket {}
        }
        try await withWebSocket(WebSocketSettings(), handler) { address, _ in
            let client = try await WebSocketClient.connect(address)
            #expect(try await client.receive() == .close(4001, "enough"))
            try await client.close(4001)
            #expect(try await client.raw.receiveAll() == "")
        }
        #expect(
            errors.entries == [
                "A WebSocket cannot be closed with the code 1005. Use one of the named codes, or 3000 to 4999.",
                "A WebSocket cannot be closed with the code 1015. Use one of the named codes, or 3000 to 4999.",
                "The reason for closing a WebSocket has 124 bytes; 123 fit into the frame.",
                "The WebSocket is closed (4001: enough); nothing can be sent any longer.",
            ])
    }

    @Test func `several tasks send at once and no frame is torn`() async throws {
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, socket in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        for number in 0..<25 {
                            let size = number % 5 == 0 ? 40_000 : 3
                            try await socket.send("\(task) \(number) " + String(repeating: "x", count: size))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        try await withWebSocket(WebSocketSettings(), handler) { address, _ in
            let client = try await WebSocketClient.connect(address)
            var numbers = [[Int]](repeating: [], count: 4)
            for _ in 0..<100 {
                let words = String(decoding: try await client.receive().payload, as: UTF8.self).split(separator: " ")
                #expect(words[2].allSatisfy { $0 == "x" })
                numbers[try #require(Int(words[0]))].append(try #require(Int(words[1])))
            }
            // Each task's messages come in the order in which it has sent them.
            #expect(numbers.allSatisfy { $0 == Array(0..<25) })
            #expect(try await client.receive() == .close(1000))
        }
    }

    @Test func `a client that answers no ping is given up`() async throws {
        var settings = WebSocketSettings()
        settings.pingInterval = .milliseconds(1)
        let closed = Mutex<WebSocketClosing?>(nil)
        let ended = Signal()
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, socket in
            for try await _ in socket {}
            closed.withLock { $0 = socket.closing }
            ended.give()
        }
        try await withWebSocket(settings, handler) { address, _ in
            let client = try await WebSocketClient.connect(address)
            #expect(try await client.receive().first == 0x89)
            await ended.wait()
            #expect(closed.withLock { $0 } == WebSocketClosing(.lost, "The client did not answer a ping."))
        }
    }

    @Test(arguments: [true, false])
    func `a client that goes away cancels the handler`(_ byReset: Bool) async throws {
        let (started, cancelled) = (Signal(), Signal())
        let log = EventLog()
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, _ in
            started.give()
            defer { cancelled.give() }
            try await Task.sleep(for: .seconds(1_000))
        }
        try await withWebSocket(log: log, handler) { address, _ in
            let client = try await WebSocketClient.connect(address)
            await started.wait()
            if byReset { await client.raw.reset() } else { await client.raw.close() }
            await cancelled.wait()
        }
        #expect(log.first(.upgradeFailed) == nil)
    }

    @Test func `a server that stops closes with 1001 and waits for the answer`() async throws {
        try await withWebSocket(WebSocketSettings(), echoMessages) { address, server in
            let client = try await WebSocketClient.connect(address)
            try await client.send("a")
            #expect(try await client.receive() == .text("a"))
            async let stopped: Void = server.stop(grace: .seconds(1_000))
            #expect(try await client.receive() == .close(1001, "The server is stopping."))
            try await client.close(1001)
            #expect(try await client.raw.receiveAll() == "")
            await client.raw.close()
            await stopped
        }
    }

    @Test func `a handler that does not read slows the client down, and still hears that the server stops`()
        async throws
    {
        let (started, ended) = (Signal(), Signal())
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, _ in
            started.give()
            await ended.wait()
        }
        try await withWebSocket(WebSocketSettings(), handler) { address, server in
            let client = try await WebSocketClient.connect(address)
            await started.wait()
            for _ in 0..<100 { try await client.send(0x82, [UInt8](repeating: 1, count: 10_000)) }
            async let stopped: Void = server.stop(grace: .seconds(1_000))
            #expect(try await client.receive().closeCode == 1001)
            ended.give()
            try await client.close(1001)
            await client.raw.close()
            await stopped
        }
    }

    @Test func `messages have one reader`() async throws {
        let errors = Journal()
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { _, socket in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        do { for try await _ in socket {} } catch { errors.add("\(error)") }
                    }
                }
                await group.next()
                group.cancelAll()
            }
        }
        try await withWebSocket(WebSocketSettings(), handler) { address, _ in
            let client = try await WebSocketClient.connect(address)
            #expect(try await client.receive() == .close(1000))
        }
        #expect(errors.entries.first?.hasPrefix("Two tasks read") == true)
    }
}
