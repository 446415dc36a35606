import FoundationEssentials
import Glibc
import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

@Suite struct PrecompressedFilesTests {
    private let folder: ServedTestFolder

    init() throws {
        folder = try ServedTestFolder()
        try folder.write("app.js", "plain", age: 100)
        try folder.write("app.js.br", "brotli", age: 50)
        try folder.write("app.js.gz", "gzip", age: 100)
    }

    // RFC 9110 §12.5.3
    @Test(arguments: [
        ("gzip, br", "brotli", "br"), ("gzip", "gzip", "gzip"), ("br;q=0.1, gzip;q=0.2", "gzip", "gzip"),
        ("deflate", "plain", nil), ("", "plain", nil), ("br;q=0, gzip;q=0", "plain", nil), ("*", "brotli", "br"),
    ])
    func `a client gets the file compressed as it likes`(
        _ accepted: String, _ content: String, _ coding: String?
    ) async throws {
        let response = try await folder.handler()(.make(.get, "/static/app.js", headers: ["Accept-Encoding": accepted]))
        #expect(try await response.content == content)
        #expect(response.headers[.contentEncoding] == coding)
        #expect(response.headers[.contentType] == "text/javascript; charset=utf-8")
        #expect(response.headers[.vary] == "Accept-Encoding")
    }

    @Test func `each form has an entity tag of its own`() async throws {
        let handler = try folder.handler()
        var tags: Set<String> = []
        for accepted in ["br", "gzip", "identity"] {
            let headers: KeyValuePairs = ["Accept-Encoding": accepted]
            let response = try await handler(.make(.get, "/static/app.js", headers: headers))
            let tag = try #require(response.headers[.eTag])
            tags.insert(tag)
            let again = try await handler(
                .make(.get, "/static/app.js", headers: ["Accept-Encoding": accepted, "If-None-Match": tag]))
            #expect(again.status == .notModified)
            #expect(again.headers[.vary] == "Accept-Encoding")
        }
        #expect(tags.count == 3)
    }

    @Test func `a part is one of the compressed form`() async throws {
        let headers: KeyValuePairs = ["Accept-Encoding": "br", "Range": "bytes=0-2"]
        let response = try await folder.handler()(.make(.get, "/static/app.js", headers: headers))
        #expect(response.status == .partialContent)
        #expect(response.headers[.contentRange] == "bytes 0-2/6")
        #expect(response.headers[.contentEncoding] == "br")
        #expect(try await response.content == "bro")
    }

    @Test func `what is older than the file is not used`() async throws {
        try folder.write("app.js", "edited", age: 75)
        let handler = try folder.handler()
        #expect(
            try await handler(.make(.get, "/static/app.js", headers: ["Accept-Encoding": "gzip"])).content == "edited")
        #expect(
            try await handler(.make(.get, "/static/app.js", headers: ["Accept-Encoding": "br"])).content == "brotli")
    }

    @Test func `a compressed file that comes, changes or goes is noticed`() async throws {
        let handler = try folder.handler()
        let ask = {
            try await handler(.make(.get, "/static/app.js", headers: ["Accept-Encoding": "gzip"])).content
        }
        #expect(try await ask() == "gzip")
        try folder.write("app.js.gz", "GZIP again", age: 10)
        #expect(try await ask() == "GZIP again")
        #expect(unlink("\(folder.path)/site/app.js.gz") == 0)
        #expect(try await ask() == "plain")
        try folder.write("app.js.gz", "back", age: 10)
        #expect(try await ask() == "back")
    }

    @Test func `a link or a folder beside the file is not used`() async throws {
        #expect(unlink("\(folder.path)/site/app.js.gz") == 0)
        #expect(symlink("\(folder.path)/secret.txt", "\(folder.path)/site/app.js.gz") == 0)
        #expect(unlink("\(folder.path)/site/app.js.br") == 0)
        #expect(mkdir("\(folder.path)/site/app.js.br", 0o700) == 0)
        let response = try await folder.handler()(
            .make(.get, "/static/app.js", headers: ["Accept-Encoding": "br, gzip"]))
        #expect(try await response.content == "plain")
        #expect(response.headers[.contentEncoding] == nil)
        #expect(response.headers[.vary] == nil)
    }

    @Test func `a compressed file can be asked for itself`() async throws {
        let response = try await folder.handler()(
            .make(.get, "/static/app.js.gz", headers: ["Accept-Encoding": "gzip"]))
        #expect(response.headers[.contentType] == "application/gzip")
        #expect(response.headers[.contentEncoding] == nil)
    }

    @Test func `uploads have no compressed siblings`() async throws {
        let response = try await folder.handler()(.make(.get, "/media/app.js", headers: ["Accept-Encoding": "br"]))
        #expect(try await response.content == "plain")
        #expect(response.headers[.vary] == nil)
    }
}
