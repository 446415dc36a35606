import FoundationEssentials
import Glibc
import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

@Suite struct StaticFilesTests {
    private let folder: ServedTestFolder

    init() throws {
        folder = try ServedTestFolder()
    }

    @Test(arguments: [
        ("css/style.css", "text/css; charset=utf-8", "body {}"), ("more.JS", "text/javascript; charset=utf-8", "1"),
        ("noending", "application/octet-stream", "x"), ("é.txt", "text/plain; charset=utf-8", "é"),
        ("empty.txt", "text/plain; charset=utf-8", ""),
    ])
    func `a file is served with its type`(_ file: String, _ type: String, _ content: String) async throws {
        let response = try await folder.handler()(.make(.get, "/static/\(file)"))
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == type)
        #expect(try await response.content == content)
    }

    @Test(arguments: [
        "missing.css", "css", "css/", "", ".env", ".git/config", "../secret.txt", "css/../../secret.txt",
        "css//style.css",
        "./css/style.css", "link.txt", "up/secret.txt", "pipe.txt", "css/style.css/", "css/style.css\0.txt", "..", ".",
        "..\\secret.txt", "/etc/passwd", "css/style.css/x",
    ])
    func `what is no file of the directories is not found`(_ file: String) async throws {
        #expect(try await folder.handler()(.make(.get, "/static/\(file)")).status == .notFound)
    }

    @Test func `a current copy is not sent again`() async throws {
        let handler = try folder.handler()
        let first = try await handler(.make(.get, "/static/css/style.css"))
        let tag = try #require(first.headers[.eTag])
        let date = try #require(first.headers[.lastModified])
        for headers: KeyValuePairs in [["If-None-Match": tag], ["If-Modified-Since": date]] {
            let again = try await handler(.make(.get, "/static/css/style.css", headers: headers))
            #expect(again.status == .notModified)
            #expect(again.headers[.eTag] == tag)
            #expect(again.body.length == 0)
        }
        try Data("body { }".utf8).write(to: URL(filePath: "\(folder.path)/site/css/style.css"))
        let changed = try await handler(.make(.get, "/static/css/style.css", headers: ["If-None-Match": tag]))
        #expect(try await changed.content == "body { }")
    }

    @Test func `a large file is not read into memory`() async throws {
        let content = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(content).write(to: URL(filePath: "\(folder.path)/site/large.bin"))
        let response = try await folder.handler()(.make(.get, "/static/large.bin"))
        #expect(response.body.bytes == nil)
        #expect(response.body.length == 700_000)
        #expect(try await response.body.collect() == content)
    }

    @Test func `a file that becomes shorter is an error, not a short response`() async throws {
        let name = "\(folder.path)/site/large.bin"
        try Data(repeating: 1, count: 700_000).write(to: URL(filePath: name))
        let response = try await folder.handler()(.make(.get, "/static/large.bin"))
        #expect(truncate(name, 300_000) == 0)
        await #expect(throws: (any Error).self) { try await response.body.collect() }
    }

    @Test func `only reading is allowed`() async throws {
        let response = try await folder.handler()(.make(.post, "/static/css/style.css"))
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET, HEAD, OPTIONS")
        #expect(try await folder.handler()(.make(.head, "/static/css/style.css")).status == .ok)
    }

    @Test func `its name can be reversed`() throws {
        let table = try RouteTable(URLs { serveStatic(directories: []) })
        #expect(try table.reverse("static", "css/a b.css") == "/static/css/a%20b.css")
    }
}
