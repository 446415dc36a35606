import MartletHTTP
import Testing

@Suite struct MultipartFormTests {
    private static func request(
        _ body: String, chunkSize: Int = 10_000, _ configure: (inout RequestLimits) -> Void = { _ in }
    ) throws -> Request {
        let bytes = Array(body.utf8)
        let chunks = stride(from: 0, to: bytes.count, by: chunkSize).map {
            Array(bytes[$0..<min($0 + chunkSize, bytes.count)])
        }
        var request = Request(
            method: .post, target: "/", path: "/", queryString: "",
            headers: try Headers(["Content-Type": "multipart/form-data; boundary=b"]),
            body: RequestBody(source: OneTimeSource(chunks: chunks), contentLength: nil), peerAddress: "",
            isEncrypted: false)
        configure(&request.limits)
        return request
    }

    @Test func `fields and files are found by their names`() async throws {
        let body = form(
            field("title", "Höhe"), field("tag", "a"), file("photo", "filename=\"me.png\"", "PNG", type: "image/png"),
            field("tag", "b"), file("docs", "filename=1.txt", "one"), file("docs", "filename=2.txt", ""),
            file("none", "filename=\"\"", ""))
        let form = try await Self.request(body).form()
        #expect(form["title"] == "Höhe")
        #expect(form.all("tag") == ["a", "b"])
        let photo = try form.files.require("photo")
        #expect(photo.fileName == "me.png" && photo.contentType == "image/png" && photo.size == 3)
        #expect(try await photo.read() == Array("PNG".utf8))
        #expect(form.files.all("docs").map(\.fileName) == ["1.txt", "2.txt"])
        #expect(form.files["none"] == nil && form["photo"] == nil && form["none"] == nil)
        #expect(form.files.count == 3)
        let error = #expect(throws: HTTPError.self) { try form.files.require("cv") }
        #expect(error?.message == "The file 'cv' is missing.")
    }

    @Test func `a file without a name that has content is not lost`() async throws {
        let form = try await Self.request(form(file("f", "filename=\"\"", "x"))).form()
        #expect(form.files["f"]?.fileName == "file")
    }

    @Test func `files that are large together go to the disk, in the order of their coming`() async throws {
        let big = String(repeating: "0123456789", count: 300)
        let body = form(
            file("small", "filename=1", "abc"), file("big", "filename=2", big), file("last", "filename=3", "xyz"))
        let form = try await Self.request(body, chunkSize: 100) { $0.fileMemoryBytes = 100 }.form()
        let files = try ["small", "big", "last"].map { try form.files.require($0) }
        #expect(files.map(\.isInMemory) == [true, false, true])
        #expect(files.map(\.size) == [3, 3_000, 3])
        #expect(try await files[1].read() == Array(big.utf8))
        #expect(try await files[1].read(at: 2_995, count: 100) == Array("56789".utf8))
        var pieces: [UInt8] = []
        for try await chunk in files[1].chunks { pieces += chunk }
        #expect(pieces == Array(big.utf8))
        let error = try await #require(throws: HTTPError.self) { try await files[1].read(upTo: 2_999) }
        #expect(error.message == "The file '2' is larger than 2999 bytes.")
    }

    @Test func `a form is the same for everybody who asks`() async throws {
        let request = try Self.request(form(field("a", "1"), file("f", "filename=x", "y")))
        let first = try await request.form()
        let second = try await request.form()
        #expect(first["a"] == "1" && second["a"] == "1")
        #expect(try await second.files["f"]?.read() == [UInt8(ascii: "y")])
        await #expect(throws: (any Error).self) { try await request.body.collect() }
        await #expect(throws: (any Error).self) {
            for try await _ in try request.multipart() {}
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let body: String
        let status: HTTPStatus
        let message: String
    }

    static let refusals = [
        Refusal(
            testDescription: "fields that are too large together",
            body: form(field("a", "12345678"), field("b", "12345678")),
            status: .contentTooLarge,
            message: "The form up to its field 'b', without files, is larger than the limit of '/posts/': "
                + "16 bytes (collectedBytes)."),
        Refusal(
            testDescription: "a body that is too large in all",
            body: form(file("f", "filename=x", String(repeating: "x", count: 990))),
            status: .contentTooLarge,
            message: "The request body is larger than the limit of '/posts/': 1000 bytes (bodyBytes)."),
        Refusal(
            testDescription: "a file that is too large",
            body: form(file("f", "filename=x", String(repeating: "x", count: 51))),
            status: .contentTooLarge, message: "The file 'f' is larger than 50 bytes (fileBytes)."),
        Refusal(
            testDescription: "a field that is no UTF-8",
            body: form("Content-Disposition: form-data; name=a\r\n\r\n\u{1}"),
            status: .badRequest, message: "The form field 'a' is not UTF-8."),
        Refusal(
            testDescription: "a form that breaks off", body: "--b\r\n" + field("a", "1"), status: .badRequest,
            message: "The multipart form ends within the form field 'a', before its last boundary."),
        Refusal(
            testDescription: "a form that breaks off in a header", body: "--b\r\nContent-Disp", status: .badRequest,
            message: "The multipart form ends behind part 1, before its last boundary."),
    ]

    @Test(arguments: refusals)
    func `a form that cannot be read names field, rule, limit and route`(_ example: Refusal) async throws {
        // A byte that is no UTF-8 cannot be written in a table of strings.
        let bytes = Array(example.body.utf8).map { $0 == 1 ? 0xFF : $0 }
        var request = try Self.request("") { limits in
            (limits.bodyBytes, limits.collectedBytes, limits.fileBytes) = (1_000, 16, 50)
        }
        request.body = RequestBody(
            source: OneTimeSource(chunks: [bytes]), contentLength: nil, rules: request.body.rules)
        request.enter(route: "posts/", bodyLimit: nil)
        let error = try await #require(throws: HTTPError.self) { try await request.form() }
        #expect(error.status == example.status)
        #expect(error.message == example.message)
    }

    // MARK: Streaming

    @Test func `parts arrive one after the other, and what is not read is skipped`() async throws {
        let body = form(
            field("title", "Hello"), file("skipped", "filename=1", String(repeating: "s", count: 500)),
            file("photo", "filename=2", String(repeating: "p", count: 500), type: "image/png"))
        var seen: [String] = []
        for try await part in try Self.request(body, chunkSize: 33).multipart() {
            if part.name == "skipped" { continue }
            if part.fileName == nil {
                seen.append("\(part.name)=\(try await part.body.text())")
                continue
            }
            var count = 0
            for try await chunk in part.body { count += chunk.count }
            seen.append("\(part.name)[\(part.fileName ?? "") \(part.contentType ?? "")] \(count)")
            #expect(part.headers[.contentType] == "image/png")
        }
        #expect(seen == ["title=Hello", "photo[2 image/png] 500"])
    }

    @Test func `the client is asked for no more than the part that is read`() async throws {
        let source = CountingSource(Array(form(file("f", "filename=x", String(repeating: "x", count: 10_000))).utf8))
        var request = try Self.request("")
        request.body = RequestBody(source: source, contentLength: nil)
        let parts = try request.multipart().makeAsyncIterator()
        let part = try #require(try await parts.next())
        #expect(await source.delivered == 100)
        let chunks = part.body.makeAsyncIterator()
        _ = try await chunks.next()
        #expect(await source.delivered == 100)
        _ = try await chunks.next()
        #expect(await source.delivered == 200)
    }

    @Test func `a part that has passed cannot be read`() async throws {
        let parts = try Self.request(form(field("a", "1"), field("b", "2"))).multipart().makeAsyncIterator()
        let first = try #require(try await parts.next())
        let second = try #require(try await parts.next())
        await #expect(throws: (any Error).self) { try await first.body.collect() }
        #expect(try await second.body.text() == "2")
        #expect(try await parts.next() == nil)
        #expect(try await parts.next() == nil)
    }

    @Test func `a part larger than is collected is refused`() async throws {
        let request = try Self.request(form(file("f", "filename=x", "12345"))) { $0.collectedBytes = 4 }
        let parts = try request.multipart().makeAsyncIterator()
        let part = try #require(try await parts.next())
        let error = try await #require(throws: HTTPError.self) { try await part.body.collect() }
        #expect(error.message == "The file 'f' is larger than the limit: 4 bytes (collectedBytes).")
    }

    @Test func `after a broken part nothing more is read`() async throws {
        let request = try Self.request(form(field("a", "1"), "\r\n2", field("c", "3")))
        let parts = try request.multipart().makeAsyncIterator()
        _ = try await parts.next()
        for _ in 0..<2 {
            let error = try await #require(throws: HTTPError.self) { try await parts.next() }
            #expect(error.message == "Part 2 of the form has no Content-Disposition, and so no name.")
        }
    }
}

/// Delivers 100 bytes at a time and counts.
private actor CountingSource: RequestBody.Source {
    private let bytes: [UInt8]
    private(set) var delivered = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func next() -> [UInt8]? {
        guard delivered < bytes.count else { return nil }
        let end = min(delivered + 100, bytes.count)
        defer { delivered = end }
        return Array(bytes[delivered..<end])
    }
}
