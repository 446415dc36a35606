import MartletHTTP
import MartletIO
import MartletRouting
import MartletServer
import Testing

private enum Bound {
    @TaskLocal static var name = "nothing"
}

@Suite struct AfterResponseTests {
    struct Broken: Error {}

    /// Sends one request, and receives the whole answer before the connection's end.
    private static func exchange(_ address: SocketAddress, _ path: String) async throws -> String {
        let client = try await RawClient.connect(address)
        try await client.send("GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        let answer = try await client.receiveAll()
        await client.close()
        return answer
    }

    @Test func `work begins when the client has the last byte, and not before`() async throws {
        let (journal, received, done) = (Journal(), Signal(), Signal())
        let handler: Handler = { request in
            request.afterResponse {
                // Were the response held back for this, the client would never have it.
                await received.wait()
                journal.add("work")
                done.give()
            }
            journal.add("view")
            return Response("answer")
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await client.receive(through: "answer")
            journal.add("received")
            received.give()
            await done.wait()
            #expect(journal.entries == ["view", "received", "work"])
            await client.close()
        }
    }

    @Test func `what is registered when the response has gone begins at once`() async throws {
        let (sent, done) = (Signal(), Signal())
        let handler: Handler = { request in
            Task {
                await sent.wait()
                request.afterResponse { done.give() }
            }
            return Response("answer")
        }
        try await withServer(handler: handler) { (address, _) async throws in
            #expect(try await Self.exchange(address, "/").hasSuffix("answer"))
            sent.give()
            await done.wait()
        }
    }

    @Test func `work that work registers is waited for by a server that stops`() async throws {
        let (journal, begun, go) = (Journal(), Signal(), Signal())
        let handler: Handler = { request in
            request.afterResponse {
                request.afterResponse {
                    begun.give()
                    await go.wait()
                    journal.add("inner work")
                }
            }
            return Response("answer")
        }
        let server = Server(
            settings: {
                var settings = ServerSettings()
                settings.port = 0
                return settings
            }(), handler: handler)
        let address = try await server.start()
        #expect(try await Self.exchange(address, "/").hasSuffix("answer"))
        await begun.wait()
        async let stopped: Void = server.stop(grace: .seconds(60))
        go.give()
        await stopped
        #expect(journal.entries == ["inner work"])
    }

    private final class Attached: Sendable {
        enum Key: RequestStorageKey { typealias Value = Attached }
        let gone: Signal
        init(_ gone: Signal) { self.gone = gone }
        deinit { gone.give() }
    }

    @Test func `a request that had work goes when all is done`() async throws {
        let gone = Signal()
        let urls = URLs {
            path(
                "",
                { request in
                    var request = request
                    request.storage[Attached.Key.self] = Attached(gone)
                    request.afterResponse { [request] in _ = request.path }
                    return Response("answer")
                })
        }
        try await withServer(handler: Dispatcher(try RouteTable(urls)).handler) { (address, _) async throws in
            #expect(try await Self.exchange(address, "/").hasSuffix("answer"))
            await gone.wait()
        }
    }

    /// The writer's last byte, then the work: what the response is made of makes no difference.
    @Test func `work waits for the end of a stream`() async throws {
        let (journal, done) = (Journal(), Signal())
        let handler: Handler = { request in
            request.afterResponse {
                journal.add("work")
                done.give()
            }
            return Response.stream(contentType: .plainText) { writer in
                for piece in ["one", "two"] {
                    try await writer.write(piece)
                    journal.add(piece)
                }
            }
        }
        try await withServer(handler: handler) { address, _ in
            let answer = try await Self.exchange(address, "/")
            #expect(answer.contains("two"))
            await done.wait()
            #expect(journal.entries == ["one", "two", "work"])
        }
    }

    @Test func `work waits for a file that a slow client reads`() async throws {
        let (journal, done) = (Journal(), Signal())
        let folder = try TestFolder()
        let content = [UInt8](repeating: 0x61, count: 24 << 20)
        try folder.write("large.bin", content)
        let file = try #require(try await OpenFile.open("large.bin", below: folder.path))
        let handler: Handler = { request in
            request.afterResponse {
                journal.add("work")
                done.give()
            }
            return Response(body: .file(file))
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            // The file does not fit into the sockets, so the response cannot have left while most of it is unread.
            _ = try await client.receive(through: "\r\n\r\n")
            _ = try await client.receive(count: 1 << 20)
            #expect(journal.entries == [])
            let rest = try await client.receiveAllBytes()
            #expect(rest.count == content.count - 1 << 20)
            await done.wait()
            #expect(journal.entries == ["work"])
            await client.close()
        }
    }

    @Test func `answers to pipelined requests that are held back leave before the work begins`() async throws {
        let (received, done) = (Signal(), Signal())
        let handler: Handler = { request in
            if request.path == "/1" {
                request.afterResponse {
                    await received.wait()
                    done.give()
                }
            }
            return Response("answer \(request.path)")
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            let requests = (0..<3).map { "GET /\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }
            try await client.send(requests.joined())
            for number in 0..<3 { _ = try await client.receive(through: "answer /\(number)") }
            received.give()
            await done.wait()
            await client.close()
        }
    }

    @Test func `operations are done in order, one at a time, and an error of one is reported`() async throws {
        let (journal, done, log) = (Journal(), Signal(), EventLog())
        let handler: Handler = { request in
            for number in 1...3 {
                request.afterResponse {
                    journal.add("begin \(number)")
                    await Task.yield()
                    journal.add("end \(number)")
                    if number == 2 { throw Broken() }
                    if number == 3 { done.give() }
                }
            }
            return Response("answer")
        }
        try await withServer(log: log, handler: handler) { address, _ in
            _ = try await Self.exchange(address, "/work")
            await done.wait()
            #expect(journal.entries == ["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"])
            let event = try #require(log.first(.afterResponseFailed))
            #expect(event.error is Broken)
            #expect(event.path == "/work")
            #expect(log.count(.afterResponseFailed) == 1)
        }
    }

    @Test func `what is bound where it is registered is bound in it`() async throws {
        let (seen, done) = (Journal(), Signal())
        let handler: Handler = { request in
            Bound.$name.withValue("layer") {
                request.afterResponse {
                    seen.add(Bound.name)
                    done.give()
                }
            }
            return Response("answer")
        }
        try await withServer(handler: handler) { address, _ in
            _ = try await Self.exchange(address, "/")
            await done.wait()
        }
        #expect(seen.entries == ["layer"])
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let path: String
        let done: [String]
    }

    static let failures = [
        Failure(testDescription: "an answer", path: "/answer/", done: ["usual", "always"]),
        // The view has answered as it meant to; FastAPI runs its tasks then, too.
        Failure(testDescription: "an answer with an error's status", path: "/status/", done: ["usual", "always"]),
        Failure(testDescription: "an error", path: "/broken/", done: ["always"]),
        Failure(testDescription: "an error with a status", path: "/missing/", done: ["always"]),
    ]

    @Test(arguments: failures)
    func `work for a request that has failed is dropped, unless it is wanted all the same`(
        _ example: Failure
    ) async throws {
        // A dispatcher makes responses of errors; a bare handler leaves that to the server.
        for isDispatched in [true, false] {
            let (journal, done) = (Journal(), Signal())
            let view = Self.view(journal, done)
            let urls = URLs {
                path("<slug:name>/", { (request: Request, _: String) in try await view(request) })
            }
            let handler = isDispatched ? Dispatcher(try RouteTable(urls)).handler : view
            try await withServer(handler: handler) { address, _ in
                _ = try await Self.exchange(address, example.path)
                await done.wait()
            }
            #expect(journal.entries == example.done)
        }
    }

    private static func view(_ journal: Journal, _ done: Signal) -> Handler {
        { request in
            request.afterResponse { journal.add("usual") }
            request.afterResponse(evenAfterErrors: true) {
                journal.add("always")
                done.give()
            }
            switch request.path {
            case "/broken/": throw Broken()
            case "/missing/": throw HTTPError(.notFound)
            case "/status/": return Response("teapot", status: .badRequest)
            default: return Response("answer")
            }
        }
    }

    @Test func `a client that has left before the response was whole does not keep the work from being done`()
        async throws
    {
        let (started, left, done) = (Signal(), Signal(), Signal())
        let handler: Handler = { request in
            request.afterResponse { done.give() }
            started.give()
            await left.wait()
            return Response(body: .bytes([UInt8](repeating: 0x61, count: 16 << 20)))
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            await started.wait()
            await client.reset()
            left.give()
            await done.wait()
        }
    }

    @Test func `a server that stops waits for the work`() async throws {
        let (started, released) = (Signal(), Signal())
        let journal = Journal()
        let handler: Handler = { request in
            request.afterResponse {
                started.give()
                await released.wait()
                journal.add("work")
            }
            return Response("answer")
        }
        try await withServer(handler: handler) { address, server in
            _ = try await Self.exchange(address, "/")
            await started.wait()
            async let stopped: Void = {
                await server.stop(grace: .seconds(1_000))
                journal.add("stopped")
            }()
            // Nobody is let in any more, so the stop has begun.
            while (try? await RawClient.connect(address)) != nil {}
            released.give()
            await stopped
            #expect(journal.entries == ["work", "stopped"])
        }
    }

    @Test func `work is cancelled at the end of the grace, and what had not begun is reported`() async throws {
        let (started, journal, log) = (Signal(), Journal(), EventLog())
        let handler: Handler = { request in
            request.afterResponse {
                started.give()
                try await Task.sleep(for: .seconds(1_000))
            }
            request.afterResponse { journal.add("never") }
            return Response("answer")
        }
        try await withServer(log: log, handler: handler) { address, server in
            _ = try await Self.exchange(address, "/")
            await started.wait()
            await server.stop(grace: .milliseconds(1))
            #expect(journal.entries == [])
            #expect(log.all(.afterResponseFailed).compactMap { $0.error as? CancellationError }.count == 2)
        }
    }

    @Test func `work that ignores its cancellation does not hold the server`() async throws {
        let (started, released) = (Signal(), Signal())
        let handler: Handler = { request in
            request.afterResponse {
                started.give()
                await released.wait()
            }
            return Response("answer")
        }
        try await withServer(handler: handler) { address, server in
            _ = try await Self.exchange(address, "/")
            await started.wait()
            await server.stop(grace: .milliseconds(1))
            released.give()
        }
    }

    @Test func `work that is registered after the response begins at once`() async throws {
        let (answered, done) = (Signal(), Signal())
        let handler: Handler = { request in
            request.afterResponse {
                request.afterResponse { done.give() }
                answered.give()
            }
            return Response("answer")
        }
        try await withServer(handler: handler) { address, _ in
            _ = try await Self.exchange(address, "/")
            await answered.wait()
            await done.wait()
        }
    }
}
