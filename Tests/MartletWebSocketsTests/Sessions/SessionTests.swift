import MartletHTTP
import Synchronization
import Testing

@testable import MartletWebSockets

/// What a session does when, without a clock: the test says when time is up.
@Suite struct SessionTests {
    private static func ping(_ number: UInt8) -> [UInt8] { [0x89, 8, 0, 0, 0, 0, 0, 0, 0, number] }

    private static func pong(_ number: UInt8) -> UpgradedConnectionEvent {
        .bytes(ClientFrame.make(0x8A, [0, 0, 0, 0, 0, 0, 0, number]))
    }

    private static func session(_ connection: ScriptedConnection) -> WebSocketSession {
        WebSocketSession(connection, WebSocketSettings())
    }

    @Test func `a client that answers pings stays, and one that does not is given up`() async throws {
        let connection = ScriptedConnection()
        let session = Self.session(connection)
        async let run: Void = session.run(subprotocol: nil) { socket in for try await _ in socket {} }
        for number in 1...3 as ClosedRange<UInt8> {
            connection.happen(.expired)
            #expect(await connection.frame() == Self.ping(number))
            connection.happen(Self.pong(number))
        }
        connection.happen(.expired)
        #expect(await connection.frame() == Self.ping(4))
        #expect(session.closing == nil)
        // The answer to another ping is none, nor is a pong that nobody has asked for.
        connection.happen(Self.pong(3))
        connection.happen(.bytes(ClientFrame.make(0x8A, [])))
        connection.happen(.expired)
        try await run
        #expect(session.closing == WebSocketClosing(.lost, "The client did not answer a ping."))
    }

    @Test func `a handler goes on after the client has closed, and is cancelled when its moment is over`() async throws
    {
        let connection = ScriptedConnection()
        let (read, reading) = AsyncStream.makeStream(of: Bool.self)
        async let run: Void = Self.session(connection).run(subprotocol: nil) { socket in
            for try await _ in socket {}
            reading.yield(Task.isCancelled)
            try await Task.sleep(for: .seconds(1_000))
        }
        connection.happen(.bytes(ClientFrame.close(1000)))
        #expect(await connection.frame() == [0x88, 2, 3, 232])
        #expect(await read.first { _ in true } == false)
        connection.happen(.expired)
        try await run
        #expect(connection.times.withLock { $0 } == [.seconds(20), .milliseconds(500)])
    }

    @Test func `a client that does not answer a close is waited for only so long`() async throws {
        let connection = ScriptedConnection()
        async let run: Void = Self.session(connection).run(subprotocol: nil) { _ in }
        #expect(await connection.frame() == [0x88, 2, 3, 232])
        while connection.times.withLock({ $0.last }) != .seconds(5) { await Task.yield() }
        connection.happen(.expired)
        try await run
    }

    @Test func `a server that stops says so once`() async throws {
        let connection = ScriptedConnection()
        let session = Self.session(connection)
        async let run: Void = session.run(subprotocol: nil) { socket in for try await _ in socket {} }
        connection.happen(.stopping)
        #expect(await connection.frame()?.prefix(4) == [0x88, 25, 3, 233])
        connection.happen(.bytes(ClientFrame.close(1001)))
        try await run
        #expect(session.closing == WebSocketClosing(.goingAway, "The server is stopping."))
    }
}
