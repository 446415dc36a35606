import MartletHTTP
import MartletServer
import Synchronization
import Testing

@Suite struct DownloadDepartureTests {
    static let request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Pieces without end; `ended` is given when nobody asks for more.
    struct Pieces: AsyncSequence, Sendable {
        let ended: Signal

        func makeAsyncIterator() -> Iterator { Iterator(guardian: Guardian(ended)) }

        struct Iterator: AsyncIteratorProtocol {
            let guardian: Guardian

            func next() async throws -> [UInt8]? {
                try Task.checkCancellation()
                return [UInt8](repeating: 0x61, count: 100_000)
            }
        }

        final class Guardian: Sendable {
            let ended: Signal
            init(_ ended: Signal) { self.ended = ended }
            deinit { ended.give() }
        }
    }

    @Test(arguments: [true, false])
    func `a client that goes away ends its download`(_ byReset: Bool) async throws {
        let ended = Signal()
        try await withServer(handler: { _ in .stream(Pieces(ended: ended)) }) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            _ = try await client.receive(through: "aaa")
            if byReset { await client.reset() } else { await client.close() }
            await ended.wait()
        }
    }

    @Test func `a client that has finished sending gets a long download while it takes what comes`() async throws {
        let sinceLastPiece = Mutex(Duration.zero)
        let handler: Handler = { _ in
            .stream { writer in
                // Longer than the time that a half-closed client has, in pieces that show it is still there.
                let end = ContinuousClock.now + .milliseconds(2_500)
                while ContinuousClock.now < end {
                    let start = ContinuousClock.now
                    defer { sinceLastPiece.withLock { $0 = start.duration(to: .now) } }
                    try await writer.write([UInt8](repeating: 0x61, count: 1_000))
                    try await Task.sleep(for: .milliseconds(10))
                }
            }
        }
        try await withServer({ $0.halfCloseTimeout = .seconds(1) }, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            client.finishSending()
            let isComplete = try await client.receiveAll().hasSuffix("\r\n0\r\n\r\n")
            // On a machine that is too busy to send a piece within a second, the time may pass after all.
            #expect(isComplete || sinceLastPiece.withLock { $0 } >= .milliseconds(900))
        }
    }

    @Test func `a client that has finished sending and takes nothing is given up`() async throws {
        let log = EventLog()
        let configure = { (settings: inout ServerSettings) in
            settings.writeTimeout = .milliseconds(300)
            settings.halfCloseTimeout = .milliseconds(1)
        }
        let handler: Handler = { _ in
            Response(content: [UInt8](repeating: 0x61, count: 64_000_000), contentType: .plainText)
        }
        try await withServer(configure, log: log, handler: handler) { address, server in
            let client = try await RawClient.connect(address)
            try await client.send(Self.request)
            client.finishSending()
            _ = try await client.receive(through: "\r\n\r\n")
            // With the connection stuck this would wait for the end of the grace.
            await server.stop(grace: .seconds(1_000))
            await client.close()
        }
    }
}
