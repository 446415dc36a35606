import Foundation
import MartletHTTP
import MartletServer
import MartletWebSockets
import TestPrograms
import Testing

/// The `websockets` package of Python as the client.
@Suite struct PythonWebSocketTests {
    @Test func `Python's websockets understands this server and is understood`() async throws {
        let settings = WebSocketSettings(subprotocols: ["chat.v2", "chat.v1"])
        let handler: @Sendable (Request, WebSocket) async throws -> Void = { request, socket in
            switch request.queryString {
            case "close": try await socket.close(WebSocketCloseCode(rawValue: 4321), reason: "genug für heute")
            case "throw": throw HTTPError(.gone)
            case "large": try await socket.send([UInt8](repeating: 7, count: 3_000_000))
            case "ping":
                // Python answers pings by itself; a client that did not would be gone before the last message.
                for _ in 0..<10 {
                    try await Task.sleep(for: .milliseconds(450))
                    try await socket.send("tick")
                }
            default: try await echoMessages(request, socket)
            }
        }
        var pinging = settings
        pinging.pingInterval = .seconds(2)
        let python = try await PythonEnvironment("websockets>=14")
        try await withWebSocket(pinging, handler) { address, _ in
            let printed = try await python.run(Self.script, "ws://\(address)/")
            #expect(printed == Self.expected)
        }
    }

    static let expected = """
        subprotocol chat.v1
        extensions []
        text True
        binary True
        empty True
        fragmented text True
        fragmented binary True
        ping True
        large True
        closed by the client 4000 done
        closed by the server 4321 genug für heute
        handler returned 1000
        handler threw 1011
        large message 3000000
        too large 1009
        pings answered 10
        no common subprotocol None

        """

    static let script = """
        import asyncio, sys
        from websockets.asyncio.client import connect
        from websockets.exceptions import ConnectionClosed

        url = sys.argv[1]

        async def echo():
            async with connect(url, subprotocols=["chat.v1"], max_size=None) as socket:
                print("subprotocol", socket.subprotocol)
                print("extensions", socket.protocol.extensions)
                for name, sent, back in [
                    ("text", "é€😀", "é€😀"),
                    ("binary", bytes(range(256)), bytes(range(256))),
                    ("empty", "", ""),
                    ("fragmented text", ["Gr", "ü", "ße"], "Grüße"),
                    ("fragmented binary", [b"a" * 70000, b"", b"b"], b"a" * 70000 + b"b"),
                ]:
                    await socket.send(sent)
                    print(name, await socket.recv() == back)
                answered = await socket.ping(b"hello")
                await answered
                print("ping", True)
                large = "x" * 1_000_000
                await socket.send(large)
                print("large", await socket.recv() == large)
                await socket.close(4000, "done")
                print("closed by the client", socket.close_code, socket.close_reason)

        async def ending(query, name):
            async with connect(url + query) as socket:
                try:
                    await socket.recv()
                except ConnectionClosed as error:
                    print(name, error.rcvd.code, *([error.rcvd.reason] if error.rcvd.reason else []))

        async def main():
            await echo()
            await ending("?close", "closed by the server")
            async with connect(url + "?large", max_size=None) as socket:
                large = len(await socket.recv())
                try:
                    await socket.recv()
                except ConnectionClosed as error:
                    print("handler returned", error.rcvd.code)
            await ending("?throw", "handler threw")
            print("large message", large)
            async with connect(url) as socket:
                try:
                    await socket.send(b"x" * 2_000_000)
                    await socket.recv()
                except ConnectionClosed as error:
                    print("too large", error.rcvd.code)
            async with connect(url + "?ping") as socket:
                print("pings answered", len([message async for message in socket]))
            async with connect(url, subprotocols=["other"]) as socket:
                print("no common subprotocol", socket.subprotocol)

        asyncio.run(main())
        """
}
