import MartletHTTP
import MartletServer
import Synchronization
import Testing

@Suite struct ResponseStreamTests {
    @Test func `a stream of unknown length is sent in chunks and the connection stays`() async throws {
        let handler: Handler = { _ in
            Response(
                body: .stream { writer in
                    try await writer.write("Hello")
                    try await writer.write("")
                    try await writer.write(", World! and more")
                })
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            for _ in 0..<2 {
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                let answer = try await client.receive(through: "0\r\n\r\n")
                #expect(
                    answer.withoutDate
                        == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5\r\nHello\r\n11\r\n, World! and more\r\n0\r\n\r\n")
            }
        }
    }

    @Test func `a stream of known length has a Content-Length`() async throws {
        let handler: Handler = { _ in Response(body: .stream(length: 5) { try await $0.write("Hello") }) }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receive(through: "Hello")
            #expect(answer.withoutDate == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHello")
        }
    }

    @Test func `HTTP/1.0 gets a stream that ends with the connection`() async throws {
        let handler: Handler = { _ in Response(body: .stream { try await $0.write("Hello") }) }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await client.receiveAll().withoutDate == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nHello")
        }
    }

    @Test func `each piece of a slow stream is seen when it is written`() async throws {
        let seen = Signal()
        let handler: Handler = { _ in
            Response(
                body: .stream { writer in
                    try await writer.write("first")
                    await seen.wait()
                    // From a task that does not run on the worker.
                    try await Task.detached { try await writer.write("second") }.value
                })
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await client.receive(through: "first\r\n")
            seen.give()
            #expect(try await client.receive(through: "0\r\n\r\n") == "6\r\nsecond\r\n0\r\n\r\n")
        }
    }

    @Test func `a view cannot write faster than the client reads`() async throws {
        let written = Mutex(0)
        let handler: Handler = { _ in
            Response(
                body: .stream(length: 64_000_000) { writer in
                    for _ in 0..<1_000 {
                        try await writer.write([UInt8](repeating: 0x61, count: 64_000))
                        written.withLock { $0 += 64_000 }
                    }
                })
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            _ = try await client.receive(through: "\r\n\r\n")
            // The buffers of two sockets hold some megabytes, not sixty.
            #expect(written.withLock { $0 } < 32_000_000)
            #expect(try await client.receiveAllBytes().count == 64_000_000)
        }
    }

    @Test(arguments: ["short", "throws"])
    func `a stream that breaks off is not taken for the whole`(_ how: String) async throws {
        struct Broken: Error {}
        let log = EventLog()
        let handler: Handler = { request in
            Response(
                body: .stream(length: request.path == "/short" ? 10 : nil) { writer in
                    try await writer.write("Hello")
                    if request.path == "/throws" { throw Broken() }
                })
        }
        try await withServer(log: log, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET /\(how) HTTP/1.1\r\nHost: h\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(!answer.hasSuffix("0\r\n\r\n"))
            #expect(log.first(.responseFailed)?.path == "/\(how)")
        }
    }

    @Test func `a stream cannot go beyond its declared length`() async throws {
        let log = EventLog()
        let handler: Handler = { _ in Response(body: .stream(length: 3) { try await $0.write("Hello") }) }
        try await withServer(log: log, handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await !client.receiveAll().contains("Hello"))
            let error = try #require(log.first(.responseFailed)?.error)
            #expect("\(error)" == "The stream went 2 bytes beyond the length it was declared with.")
        }
    }

    @Test func `HEAD does not run the stream`() async throws {
        let handler: Handler = { _ in
            Response(body: .stream { _ in Issue.record("The stream was run for HEAD.") })
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("HEAD / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func `a stream that breaks is no whole answer for HTTP/1.0 either`() async throws {
        struct Broken: Error {}
        let handler: Handler = { _ in
            Response(
                body: .stream { writer in
                    try await writer.write("part")
                    throw Broken()
                })
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            await #expect(throws: RawClient.Failure.self) { try await client.receiveAll() }
            await client.close()
        }
    }
}
