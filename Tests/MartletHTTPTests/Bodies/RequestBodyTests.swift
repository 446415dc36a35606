import MartletHTTP
import Testing

@Suite struct RequestBodyTests {
    private static func request(_ chunks: [String], length: Int? = nil) throws -> Request {
        Request(
            method: .post, target: "/", path: "/", queryString: "", headers: Headers(),
            body: RequestBody(source: OneTimeSource(chunks: chunks.map { Array($0.utf8) }), contentLength: length),
            peerAddress: "", isEncrypted: false)
    }

    @Test func `a collected body can be had again, as a stream too`() async throws {
        let request = try Self.request(["Hello ", "World"])
        for _ in 0..<2 { #expect(try await request.body.collect() == Array("Hello World".utf8)) }
        var chunks: [[UInt8]] = []
        for try await chunk in request.body { chunks.append(chunk) }
        #expect(chunks == [Array("Hello World".utf8)])
        let error = try await #require(throws: HTTPError.self) { try await request.body.collect(upTo: 5) }
        #expect(error.message == "The request body is larger than the limit: 5 bytes (collect(upTo:)).")
    }

    @Test func `a stream that has ended is not empty but an error`() async throws {
        let request = try Self.request(["Hello"])
        for try await _ in request.body {}
        await #expect(throws: (any Error).self) { for try await _ in request.body {} }
        await #expect(throws: (any Error).self) { try await request.body.collect() }
    }

    @Test func `a stream goes on where another reader stopped`() async throws {
        let request = try Self.request(["a", "b"])
        for try await chunk in request.body {
            #expect(chunk == [UInt8(ascii: "a")])
            break
        }
        // Not the whole any more.
        await #expect(throws: (any Error).self) { try await request.body.collect() }
        for try await chunk in request.body { #expect(chunk == [UInt8(ascii: "b")]) }
    }

    struct Limit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var bodyBytes = 1_000
        var collectedBytes = 10
        var routeLimit: Int?
        let size: Int
        /// `nil` where the body is taken.
        var collected: String?
        var streamed: String?
    }

    static let limits = [
        Limit(testDescription: "up to the limit", size: 10),
        Limit(testDescription: "beyond what is collected", size: 11, collected: "'/posts/': 10 bytes (collectedBytes)"),
        Limit(
            testDescription: "beyond any body", bodyBytes: 5, size: 6, collected: "'/posts/': 5 bytes (bodyBytes)",
            streamed: "'/posts/': 5 bytes (bodyBytes)"),
        Limit(testDescription: "a route that takes more", routeLimit: 50, size: 50),
        Limit(testDescription: "a route that takes more than any body", bodyBytes: 5, routeLimit: 50, size: 50),
        Limit(
            testDescription: "beyond what a route takes", routeLimit: 50, size: 51,
            collected: "'/posts/': 50 bytes (bodyLimit)", streamed: "'/posts/': 50 bytes (bodyLimit)"),
        Limit(
            testDescription: "a route that takes less", routeLimit: 4, size: 5,
            collected: "'/posts/': 4 bytes (bodyLimit)", streamed: "'/posts/': 4 bytes (bodyLimit)"),
    ]

    @Test(arguments: limits, [true, false])
    func `a body over a limit is refused with limit and route`(_ example: Limit, _ isDeclared: Bool) async throws {
        let body = String(repeating: "x", count: example.size)
        func make() throws -> Request {
            let chunks = [String(body.prefix(3)), String(body.dropFirst(3))]
            var request = try Self.request(chunks, length: isDeclared ? example.size : nil)
            request.limits.bodyBytes = example.bodyBytes
            request.limits.collectedBytes = example.collectedBytes
            request.enter(route: "posts/", bodyLimit: example.routeLimit)
            return request
        }
        let collecting = try make(), streaming = try make()
        try await expect(example.collected) { try await collecting.body.collect().count == example.size }
        try await expect(example.streamed) {
            var count = 0
            for try await chunk in streaming.body { count += chunk.count }
            return count == example.size
        }
    }

    private func expect(_ refusal: String?, _ read: () async throws -> Bool) async throws {
        guard let refusal else {
            #expect(try await read())
            return
        }
        let error = try await #require(throws: HTTPError.self) { _ = try await read() }
        #expect(error.status == .contentTooLarge)
        #expect(error.message == "The request body is larger than the limit of \(refusal).")
    }

    @Test func `another body keeps the limits`() async throws {
        var request = try Self.request(["Hello"])
        request.limits.collectedBytes = 4
        request.body = RequestBody(Array("World".utf8))
        await #expect(throws: HTTPError.self) { try await request.body.collect() }
    }
}
