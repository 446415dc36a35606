import FoundationEssentials
import Glibc
import MartletHTTP
import MartletRouting
import Testing

@testable import MartletMiddleware

@Suite struct ServedFilesTests {
    private let folder: ServedTestFolder

    init() throws {
        folder = try ServedTestFolder()
    }

    @Test func `what is replaced, removed or shadowed is noticed by the next request`() async throws {
        try folder.write("page.txt", "one")
        let handler = try folder.handler()
        let ask = { try await handler(.make(.get, "/static/page.txt")) }
        #expect(try await ask().content == "one")
        // The same size and date: only the file is another one.
        try folder.write("page.new", "two")
        #expect(rename("\(folder.path)/site/page.new", "\(folder.path)/site/page.txt") == 0)
        #expect(try await ask().content == "two")
        #expect(mkdir("\(folder.path)/missing", 0o700) == 0)
        try folder.write("../missing/page.txt", "from the first directory")
        #expect(try await ask().content == "from the first directory")
        #expect(unlink("\(folder.path)/missing/page.txt") == 0)
        #expect(try await ask().content == "two")
        #expect(unlink("\(folder.path)/site/page.txt") == 0)
        #expect(symlink("\(folder.path)/secret.txt", "\(folder.path)/site/page.txt") == 0)
        #expect(try await ask().status == .notFound)
    }

    @Test func `a folder that becomes a link is not followed`() async throws {
        let handler = try folder.handler()
        #expect(try await handler(.make(.get, "/static/css/style.css")).status == .ok)
        #expect(rename("\(folder.path)/site/css", "\(folder.path)/outside") == 0)
        try Data("body {}".utf8).write(to: URL(filePath: "\(folder.path)/outside/other.css"))
        #expect(symlink("\(folder.path)/outside", "\(folder.path)/site/css") == 0)
        #expect(try await handler(.make(.get, "/static/css/other.css")).status == .notFound)
    }

    @Test func `files that nobody asks for are closed, and there is a limit`() async throws {
        let cache = FoundFileCache()
        let search = FileSearch(directories: ["\(folder.path)/site"], codings: [])
        try folder.write("page.txt", "one")
        let found = try #require(try search.find("page.txt"))
        cache["page.txt"] = found
        #expect(cache.dropUnused())
        #expect(cache["page.txt"] != nil)
        #expect(cache.dropUnused())
        #expect(!cache.dropUnused())
        #expect(cache["page.txt"] == nil)
        for number in 0..<(FoundFileCache.limit + 50) { cache["\(number)"] = found }
        #expect(cache.count == FoundFileCache.limit)
        cache["\(FoundFileCache.limit + 49)"] = nil
        #expect(cache.count == FoundFileCache.limit - 1)
    }

    struct MediaCase: Sendable, CustomTestStringConvertible {
        let file: String
        let type: String
        let disposition: String?

        var testDescription: String { file }
    }

    static let uploads = [
        MediaCase(file: "a.png", type: "image/png", disposition: nil),
        MediaCase(file: "a.mp4", type: "video/mp4", disposition: nil),
        MediaCase(file: "a.txt", type: "text/plain; charset=utf-8", disposition: nil),
        MediaCase(file: "a.pdf", type: "application/pdf", disposition: nil),
        MediaCase(file: "a.zip", type: "application/zip", disposition: "attachment"),
        MediaCase(file: "a.svg", type: "image/svg+xml", disposition: "attachment"),
        MediaCase(file: "a.html", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.HTM", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.xhtml", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.xml", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.rss", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.js", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.css", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a.png.html", type: "application/octet-stream", disposition: "attachment"),
        MediaCase(file: "a", type: "application/octet-stream", disposition: "attachment"),
    ]

    @Test(arguments: uploads)
    func `an upload cannot act in the site's name`(_ example: MediaCase) async throws {
        try folder.write(example.file, "<script>")
        for range in ["bytes=0-", "none"] {
            let response = try await folder.handler()(.make(.get, "/media/\(example.file)", headers: ["Range": range]))
            #expect(response.status.isSuccess)
            #expect(response.headers[.contentType] == example.type)
            #expect(response.headers[.contentDisposition] == example.disposition)
        }
    }

    @Test func `media files can be reversed and are only read`() async throws {
        let table = try RouteTable(URLs { serveMedia(directory: "/nowhere") })
        #expect(try table.reverse("media", "a b.png") == "/media/a%20b.png")
        for method in [HTTPMethod.post, .put, .delete] {
            let response = try await folder.handler()(.make(method, "/media/css/style.css"))
            #expect(response.status == .methodNotAllowed)
            #expect(response.headers[.allow] == "GET, HEAD, OPTIONS")
        }
    }

    // RFC 9111 §5.2.2, RFC 8246
    @Test(arguments: [
        ("site.55e7cbb9ba48.css", "max-age=31536000, immutable"), ("site.css", "max-age=60"),
        ("site.20240101.css", "max-age=60"), ("55e7cbb9ba48.css", "max-age=60"), ("a.55e7cbb9ba48", "max-age=60"),
        ("a.55E7CBB9BA48.css", "max-age=60"), ("a.55e7cbb9ba48.js.map", "max-age=31536000, immutable"),
    ])
    func `a name that has a hash never changes its content`(_ name: String, _ field: String) async throws {
        try folder.write(name, "x")
        let handler = try folder.handler(caching: .immutable(otherwise: .maxAge(.seconds(60))))
        let response = try await handler(.make(.get, "/static/\(name)"))
        #expect(response.headers[.cacheControl] == field)
        let tag = try #require(response.headers[.eTag])
        let again = try await handler(.make(.get, "/static/\(name)", headers: ["If-None-Match": tag]))
        #expect(again.status == .notModified)
        #expect(again.headers[.cacheControl] == field)
    }

    @Test func `a site may know its hashed names by itself`() async throws {
        try folder.write("index-BfGh3k2_.js", "x")
        let handler = try folder.handler(caching: .immutable(when: { $0.contains("-") }))
        let response = try await handler(.make(.get, "/static/index-BfGh3k2_.js"))
        #expect(response.headers[.cacheControl] == "max-age=31536000, immutable")
    }

    @Test func `an answer that is no file is not kept for a year`() async throws {
        try folder.write("site.55e7cbb9ba48.css", "x")
        let handler = try folder.handler(caching: .immutable())
        for headers: KeyValuePairs in [["Range": "bytes=5-"], ["If-Match": "\"other\""]] {
            let response = try await handler(.make(.get, "/static/site.55e7cbb9ba48.css", headers: headers))
            #expect(response.status.isClientError)
            #expect(response.headers[.cacheControl] == nil)
        }
    }
}
