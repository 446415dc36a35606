import FoundationEssentials
import MartletHTTP
import MartletRouting
import Synchronization
import TestPrograms
import Testing

@testable import MartletMiddleware

/// Expectations of Django's tests/middleware/tests.py, GZipMiddlewareTest and ETagGZipMiddlewareTest.
@Suite struct ResponseCompressionTests {
    private static let long = String(repeating: "a", count: 500)

    private static func text(_ text: String = long, _ headers: KeyValuePairs<String, String> = [:]) throws -> Response {
        var response = Response.html(text)
        for (name, value) in headers { try response.headers.set(#require(HeaderName(name)), value) }
        return response
    }

    private static func compressed(
        _ response: Response, accept: String? = "gzip, deflate", layer: ResponseCompression = ResponseCompression()
    ) async throws -> Response {
        let request = try Request.make(headers: accept.map { ["Accept-Encoding": $0] } ?? [:])
        return try await layer.respond(to: request) { _ in response }
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var accept: String? = "gzip, deflate"
        var type = "text/html; charset=utf-8"
        var headers: KeyValuePairs<String, String> = [:]
        var status = HTTPStatus.ok
        var content = long
        var coding: String?
        var varies = true
    }

    static let examples = [
        Example(testDescription: "test_compress_response", coding: "gzip"),
        Example(testDescription: "test_compress_non_200_response", status: .notFound, coding: "gzip"),
        Example(
            testDescription: "test_no_compress_short_response",
            content: "This string is too short to be worth compressing.", varies: false),
        Example(testDescription: "199 bytes", content: String(repeating: "a", count: 199), varies: false),
        Example(testDescription: "200 bytes", content: String(repeating: "a", count: 200), coding: "gzip"),
        Example(
            testDescription: "test_no_compress_compressed_response", headers: ["Content-Encoding": "deflate"],
            coding: "deflate", varies: false),
        Example(testDescription: "a client that says nothing", accept: nil),
        Example(testDescription: "brotli first of equals", accept: "gzip, deflate, br", coding: "br"),
        Example(testDescription: "what the client wants more", accept: "br;q=0.5, gzip", coding: "gzip"),
        Example(testDescription: "deflate where nothing else is accepted", accept: "deflate", coding: "deflate"),
        // Django looks for the word and compresses.
        Example(testDescription: "gzip refused", accept: "gzip;q=0", coding: nil),
        Example(testDescription: "anything", accept: "*", coding: "br"),
        Example(testDescription: "identity wanted more", accept: "identity, gzip;q=0.5"),
        Example(testDescription: "a word that only has it", accept: "notgzip, gzipped"),
        Example(testDescription: "what cannot be read", accept: ";;q=,,\u{1F600}"),
        Example(testDescription: "json", type: "application/json", coding: "gzip"),
        Example(testDescription: "a kind of json", type: "application/problem+json", coding: "gzip"),
        Example(testDescription: "a drawing", type: "image/svg+xml", coding: "gzip"),
        Example(testDescription: "type in capitals", type: "Text/HTML", coding: "gzip"),
        // Django compresses whatever becomes shorter by it.
        Example(testDescription: "a picture", type: "image/png", varies: false),
        Example(testDescription: "an archive", type: "application/zip", varies: false),
        Example(
            testDescription: "what must not be changed", headers: ["Cache-Control": "max-age=5, no-transform"],
            varies: false),
        Example(
            testDescription: "a part", headers: ["Content-Range": "bytes 0-499/1000"], status: .partialContent,
            varies: false),
        Example(testDescription: "not modified", status: .notModified, varies: false),
    ]

    @Test(arguments: examples)
    func `an answer is compressed where Django's is`(_ example: Example) async throws {
        var given = try Self.text(example.content, example.headers)
        given.status = example.status
        try given.headers.set(.contentType, example.type)
        let response = try await Self.compressed(given, accept: example.accept)
        #expect(response.status == example.status)
        #expect(response.headers[.contentEncoding] == example.coding)
        #expect((response.headers[.vary] == "Accept-Encoding") == example.varies)
        let bytes = try #require(response.body.bytes)
        if let coding = example.coding, given.headers[.contentEncoding] == nil {
            #expect(bytes.count < example.content.utf8.count)
            #expect(try Decompression.content(of: bytes, coding) == Array(example.content.utf8))
        } else {
            #expect(bytes == Array(example.content.utf8))
        }
    }

    // test_no_compress_incompressible_response
    @Test func `what does not become shorter stays as it is`() async throws {
        var number: UInt64 = 1
        let noise = (0..<500).map { _ -> UInt8 in
            number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: number >> 56)
        }
        let given = Response(content: noise, contentType: .html)
        for accept in ["gzip", "br", "deflate"] {
            let response = try await Self.compressed(given, accept: accept)
            #expect(response.body.bytes == noise)
            #expect(response.headers[.contentEncoding] == nil)
            #expect(response.headers[.vary] == "Accept-Encoding")
        }
    }

    // test_compress_streaming_response, test_compress_async_streaming_response, test_compress_streaming_response_unicode
    @Test(arguments: ["gzip", "deflate", "br"])
    func `a stream is compressed, and each piece can be read when it is written`(_ coding: String) async throws {
        let pieces = [
            String(repeating: "a", count: 500), String(repeating: "é", count: 200), "x",
            String(repeating: "a", count: 300),
        ]
        let seen = Mutex((sent: [UInt8](), counts: [Int]()))
        let given = Response.stream(contentType: .html) { writer in
            var written = 0
            for piece in pieces {
                try await writer.write(piece)
                written += piece.utf8.count
                seen.withLock { $0.counts.append(written) }
                let sent = seen.withLock { $0.sent }
                #expect(try Decompression.content(of: sent, coding, isWhole: false).count == written)
            }
        }
        let response = try await Self.compressed(given, accept: coding)
        #expect(response.headers[.contentEncoding] == coding)
        #expect(response.body.length == nil)
        guard case .stream(_, let write) = response.body.storage else {
            Issue.record("no stream")
            return
        }
        try await write(ResponseBodyWriter { bytes in seen.withLock { $0.sent += bytes } })
        let sent = seen.withLock { $0.sent }
        #expect(seen.withLock { $0.counts.count } == pieces.count)
        #expect(try Decompression.content(of: sent, coding) == Array(pieces.joined().utf8))
    }

    @Test func `a stream that fails is broken off, so that nobody takes a part for the whole`() async throws {
        struct Failure: Error {}
        let given = Response.stream(contentType: .html) { writer in
            try await writer.write("beginning")
            throw Failure()
        }
        let response = try await Self.compressed(given)
        await #expect(throws: Failure.self) { try await response.body.collect() }
    }

    @Test func `tasks of a stream may write at once`() async throws {
        let given = Response.stream(contentType: .plainText) { writer in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<50 { group.addTask { try await writer.write("line \(number)\n") } }
                try await group.waitForAll()
            }
        }
        let response = try await Self.compressed(given, accept: "br")
        let content = try Decompression.content(of: try await response.body.collect(), "br")
        let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
        #expect(Set(lines) == Set((0..<50).map { "line \($0)" }))
    }

    // test_compress_file_response
    @Test func `a file is compressed as a stream, a part of it is not`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("page-\(UUID().uuidString).html").path
        let content = Array(String(repeating: "<p>line</p>\n", count: 20_000).utf8)
        #expect(FileManager.default.createFile(atPath: path, contents: Data(content)))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try OpenFile(path: path)
        let request = try Request.make(headers: ["Accept-Encoding": "gzip"])
        let whole = try await ResponseCompression().respond(to: request) { .file(file, to: $0) }
        #expect(whole.headers[.contentEncoding] == "gzip")
        #expect(whole.headers[.eTag]?.hasPrefix("W/\"") == true)
        #expect(!whole.headers.contains(.acceptRanges))
        #expect(try Decompression.content(of: try await whole.body.collect(), "gzip") == content)
        let partial = try Request.make(headers: ["Accept-Encoding": "gzip", "Range": "bytes=0-299"])
        let part = try await ResponseCompression().respond(to: partial) { .file(file, to: $0) }
        #expect(part.status == .partialContent)
        #expect(part.headers[.contentEncoding] == nil)
        #expect(try await part.body.collect() == Array(content[..<300]))
    }

    // test_random_bytes, test_random_bytes_streaming_response
    @Test func `an answer has random bytes that mean nothing`() async throws {
        let layer = ResponseCompression(padding: { 4 })
        let whole = try await Self.compressed(Self.text(), layer: layer)
        #expect(Array(try #require(whole.body.bytes)[10..<14]) == Array("aaa\0".utf8))
        let stream = Response.stream(contentType: .html) { try await $0.write(Self.long) }
        let streamed = try await Self.compressed(stream, layer: layer).body.collect()
        #expect(streamed[3] == 8)
        #expect(Array(streamed[10..<14]) == Array("aaa\0".utf8))
        for accept in ["gzip", "br", "deflate"] {
            var lengths: Set<Int> = []
            for _ in 0..<60 { lengths.insert(try await Self.compressed(Self.text(), accept: accept).body.length ?? 0) }
            // 60 draws of 20 lengths, or of 100: fewer than 5 different ones do not happen.
            #expect(lengths.count >= 5)
            let spread = try #require(lengths.max()) - (try #require(lengths.min()))
            #expect(spread <= 105)
        }
        let none = ResponseCompression(maxRandomBytes: 0)
        let first = try await Self.compressed(Self.text(), layer: none)
        let second = try await Self.compressed(Self.text(), layer: none)
        #expect(first.body.bytes == second.body.bytes)
    }

    // ETagGZipMiddlewareTest
    @Test(arguments: [("\"eggs\"", "W/\"eggs\""), ("W/\"eggs\"", "W/\"eggs\"")])
    func `a strong tag becomes weak`(_ given: String, _ sent: String) async throws {
        #expect(try await Self.compressed(Self.text(Self.long, ["ETag": given])).headers[.eTag] == sent)
        let plain = try await Self.compressed(Self.text(Self.long, ["ETag": given]), accept: nil)
        #expect(plain.headers[.eTag] == given)
    }

    // test_etag_match
    @Test func `a compressed page can be asked for again`() async throws {
        let handler = compose([ResponseCompression(), ConditionalGet()]) { _ in try Self.text() }
        let first = try await handler(.make(headers: ["Accept-Encoding": "gzip"]))
        let tag = try #require(first.headers[.eTag])
        #expect(tag.hasPrefix("W/"))
        let second = try await handler(.make(headers: ["Accept-Encoding": "gzip", "If-None-Match": tag]))
        #expect(second.status == .notModified)
        #expect(second.headers[.contentEncoding] == nil)
    }

    @Test func `a route may be left out, and a large page is compressed in pieces`() async throws {
        let large = String(repeating: "0123456789abcdef", count: 20_000)
        let table = try RouteTable(
            URLs {
                path("secret/", { _ in try Self.text() }).uncompressed()
                path("large/", { _ in try Self.text(large) })
            })
        let handler = Dispatcher(table, middleware: [ResponseCompression()]).handler
        let secret = try await handler(.make(.get, "/secret/", headers: ["Accept-Encoding": "br"]))
        #expect(secret.text == Self.long && secret.headers[.vary] == nil)
        let answer = try await handler(.make(.get, "/large/", headers: ["Accept-Encoding": "br"]))
        #expect(try Decompression.content(of: try #require(answer.body.bytes), "br") == Array(large.utf8))
    }

    @Test func `only codings that there are are offered`() async throws {
        let layer = ResponseCompression(codings: [.gzip, try #require(ContentCoding("zstd"))])
        let response = try await Self.compressed(Self.text(), accept: "zstd, br, gzip;q=0.1", layer: layer)
        #expect(response.headers[.contentEncoding] == "gzip")
        #expect(
            MiddlewareOrder.problems(in: [ConditionalGet(), ResponseCompression()]).map(\.id) == ["middleware.E001"])
    }
}
