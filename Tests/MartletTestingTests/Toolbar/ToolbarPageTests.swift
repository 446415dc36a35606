import Foundation
import MartletCache
import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTesting
import TestPrograms
import Testing

/// Which answers get the toolbar, and what becomes of them.
@Suite(.timeLimit(.minutes(10))) struct ToolbarPageTests {
    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let response: @Sendable () throws -> Response
        var fields: [String: String] = [:]
        /// What stands before the toolbar; `nil` where there is none.
        let before: String?

        init(
            _ name: String, _ before: String?, fields: [String: String] = [:],
            _ response: @escaping @Sendable () throws -> Response
        ) {
            testDescription = name
            self.before = before
            self.fields = fields
            self.response = response
        }

        static func withHeader(_ name: HeaderName, _ value: String) -> Response {
            var response = Response.html("<body></body>")
            response.headers.setUnchecked(name, value)
            return response
        }
    }

    static let answers = [
        Answer("a page", "<body>x") { .html("<body>x</body></html>") },
        Answer("a page with another status", "<body>x") { .html("<body>x</body>", status: HTTPStatus(418)) },
        Answer("the last of several", "<body></body>") { .html("<body></body></body>") },
        Answer("capitals and a blank", "<BODY>") { .html("<BODY></BoDy \n></HTML>") },
        Answer("a page for a browser that says so", "<body>", fields: ["Sec-Fetch-Dest": "document"]) {
            .html("<body></body>")
        },
        Answer("another element", nil) { .html("<body></bodyguard>") },
        Answer("a part of a page", nil) { .html("<p>part</p>") },
        Answer("the end of a text", nil) { .html("</body") },
        Answer("nothing", nil) { .html("") },
        Answer("no content", nil) { Response(status: .noContent) },
        Answer("JSON", nil) { Response(content: Array("</body>".utf8), contentType: .json) },
        Answer("plain text", nil) { Response("<body></body>") },
        Answer("XHTML, whose parser is another", nil) {
            Answer.withHeader(.contentType, "application/xhtml+xml")
        },
        Answer("a stream", nil) {
            var response = Response.html("")
            response.body = .stream { try await $0.write("<body></body>") }
            return response
        },
        Answer("a download", nil) { Answer.withHeader(.contentDisposition, "attachment; filename=a.html") },
        Answer("a part of a file", nil) { Answer.withHeader(.contentRange, "bytes 0-12/100") },
        Answer("what is encoded already", nil) { Answer.withHeader(.contentEncoding, "br") },
        Answer("what a script fetches", nil, fields: ["Sec-Fetch-Dest": "empty"]) { .html("<body></body>") },
        Answer("what an old script fetches", nil, fields: ["X-Requested-With": "XMLHttpRequest"]) {
            .html("<body></body>")
        },
        Answer("a frame", nil, fields: ["Sec-Fetch-Dest": "iframe"]) { .html("<body></body>") },
        Answer("a client behind a stranger", nil, fields: ["X-Forwarded-For": "127.0.0.1"]) { .html("<body></body>") },
    ]

    @Test(arguments: answers)
    func `pages get the toolbar before their end, and nothing else does`(_ answer: Answer) async throws {
        let response = answer.response
        let site = try ToolbarSite(urls: URLs { path("answer/", { _ in try response() }) })
        try await site.using { running in
            var headers = Headers()
            for (name, value) in answer.fields { headers.setUnchecked(HeaderName(unchecked: name), value) }
            let given = try await TestClient(running).get("/answer/", headers: headers)
            let mount = given.text.split(separator: "<link", maxSplits: 1, omittingEmptySubsequences: false)
            #expect(given.text.contains("martlet-toolbar") == (answer.before != nil))
            if let before = answer.before {
                #expect(mount[0] == before)
                #expect(given.text.contains("<a href=\"/__debug__/latest/?target=%2Fanswer%2F\">Debug</a>"))
            } else {
                let plain = try await response().body.collect()
                #expect(given.body == plain)
            }
            let isStranger = answer.fields["X-Forwarded-For"] != nil
            #expect((given.recordID == nil) == isStranger, "every answer but a stranger's is observed")
        }
    }

    @Test func `what is put in has no script or style of its own`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            for target in ["/", "/__debug__/requests/"] {
                let text = try await client.get(target).text
                #expect(!text.contains("<style") && !text.contains(" style="))
                #expect(text.matches(of: /<script[^>]*>[^<]/).isEmpty)
                #expect(text.matches(of: #/\son[a-z]+=/#).isEmpty)
            }
            let page = try await client.panel("", of: "/")
            #expect(page.contains("id=\"sql\"") && page.contains("id=\"settings\""))
            #expect(!page.contains("<style") && !page.contains(" style=") && !page.contains("<script"))
        }
    }

    @Test func `its files are there, and may be kept for ever under their version`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            let page = try await client.get("/").text
            let addresses = page.matches(of: /(?:href|src|data-style)="(\/__debug__\/[a-z.]+\?v=[0-9a-f]{12})"/)
            #expect(addresses.count == 3)
            for address in addresses {
                let file = try await client.get(String(address.1))
                #expect(file.status == .ok)
                #expect(file.headers[.cacheControl] == "private, max-age=31536000, immutable")
                #expect(file.headers[HeaderName(literal: "X-Content-Type-Options")] == "nosniff")
                #expect(file.recordID == nil)
            }
            let old = try await client.get("/__debug__/toolbar.js?v=000000000000")
            #expect(old.headers[.cacheControl] == "no-cache")
        }
    }

    @Test func `a page that has not changed is 304, with the toolbar's name of the new request`() async throws {
        let site = try ToolbarSite(layers: { settings in
            [ForwardedHeaders(settings.forwarding), ResponseCompression(), ConditionalGet()]
        })
        try await site.using { running in
            let client = TestClient(running)
            let first = try await client.get("/birds/7/swift/")
            let tag = try #require(first.headers[.eTag])
            let second = try await client.get("/birds/7/swift/", headers: Headers(["If-None-Match": tag]))
            #expect(first.text.contains("martlet-toolbar"))
            #expect(second.status == .notModified)
            #expect(second.body.isEmpty)
            #expect(second.recordID != nil && second.recordID != first.recordID)
        }
    }

    @Test func `a page is compressed with its toolbar`() async throws {
        let site = try ToolbarSite(layers: { _ in [ResponseCompression()] })
        try await site.using { running in
            let page = try await TestClient(running).get("/", headers: Headers(["Accept-Encoding": "gzip"]))
            #expect(page.headers[.contentEncoding] == "gzip")
            let content = try Decompression.content(of: page.body, "gzip")
            #expect(String(decoding: content, as: UTF8.self).contains("martlet-toolbar"))
        }
    }

    @Test func `a page is kept without its toolbar`() async throws {
        let site = try ToolbarSite(
            layers: { _ in [PageCache(for: .minutes(5))] },
            urls: URLs { path("kept/", { _ in .html("<body>\(UUID().uuidString)</body>") }) })
        try await site.using { running in
            let client = TestClient(running)
            let (first, second) = (try await client.get("/kept/"), try await client.get("/kept/"))
            #expect(first.text == second.text, "the second is the one that was kept")
            #expect(second.text.components(separatedBy: "<martlet-toolbar").count == 2)
        }
    }

    @Test func `a nonce of the page's policy is the toolbar's, too`() async throws {
        let site = try ToolbarSite(layers: { _ in [ContentSecurity([.scriptSrc: [.nonce], .styleSrc: [.nonce]])] })
        try await site.using { running in
            let page = try await TestClient(running).get("/birds/7/swift/")
            let policy = try #require(page.headers[.contentSecurityPolicy])
            let nonce = try #require(policy.firstMatch(of: /nonce-([^']+)'/)).1
            #expect(page.text.components(separatedBy: "nonce=\"\(nonce)\"").count == 3)
        }
    }

    @Test func `the head and the length of a page are those of the page with the toolbar`() async throws {
        let site = try ToolbarSite()
        try await site.tests.withLiveServer { server in
            let page = try await server.get("/birds/7/swift/")
            let head = try await server.get("/birds/7/swift/", method: "HEAD")
            let length = "Content-Length: \(page.body.utf8.count)\r\n"
            #expect(page.body.contains("martlet-toolbar"))
            #expect((page.head + "\r\n").contains(length))
            #expect((head.head + "\r\n").contains(length))
            #expect(head.body.isEmpty)
            #expect(page.head.contains("Server-Timing: total;dur="))
        }
    }

    @Test(arguments: [
        ["DEBUG": "false"], ["DEBUG": "false", "DEBUG_TOOLBAR": "true"], ["DEBUG_TOOLBAR": "false"],
    ])
    func `a site without it has no address, no layer, no observer and no record`(
        _ variables: [String: String]
    ) async throws {
        try await ToolbarSite(["DEBUG_PAGE": "false"].merging(variables) { $1 }).using { running in
            let client = TestClient(running)
            let page = try await client.get("/")
            #expect(page.status == .ok)
            #expect(!page.text.contains("martlet-toolbar") && page.recordID == nil)
            #expect(!page.headers.contains(HeaderName(literal: "Server-Timing")))
            #expect(try await client.get("/__debug__/requests/").status == .notFound)
            #expect(try await client.get("/__debug__/toolbar.js").status == .notFound)
            #expect(!running.routes.routes.contains { $0.pattern.hasPrefix("__debug__") })
            #expect(running.cache.observer == nil)
        }
    }

    @Test func `another network sees neither the toolbar nor its pages`() async throws {
        try await ToolbarSite(["DEBUG_TOOLBAR_NETWORKS": "10.0.0.0/8"]).using { running in
            let client = TestClient(running)
            let page = try await client.get("/birds/7/swift/")
            #expect(page.text == "<html><body>7</body></html>")
            #expect(page.recordID == nil)
            #expect(try await client.get("/__debug__/requests/").status == .notFound)
        }
    }

    @Test func `whom a trusted proxy asks for sees it`() async throws {
        let variables = ["TRUSTED_PROXIES": "127.0.0.1", "DEBUG_TOOLBAR_NETWORKS": "10.0.0.0/8"]
        try await ToolbarSite(variables).using { running in
            let client = TestClient(running)
            let page = try await client.get("/", headers: Headers(["X-Forwarded-For": "10.1.2.3"]))
            #expect(page.text.contains("martlet-toolbar") && page.recordID != nil)
            #expect(try await client.get("/").recordID == nil)
        }
    }

    @Test func `the link of a page leads to the newest request of its address`() async throws {
        try await ToolbarSite().using { running in
            let client = TestClient(running)
            _ = try await client.get("/birds/7/swift/?page=2")
            let second = try await client.get("/birds/7/swift/?page=2")
            _ = try await client.get("/birds/7/swift/?page=3")
            let link = try #require(second.text.firstMatch(of: /<a href="([^"]+)"/)).1
            let answer = try await client.get(String(link))
            #expect(answer.headers[.location] == "/__debug__/requests/\(second.recordID ?? "none")/")
            let unknown = try await client.get("/__debug__/latest/?target=https%3A%2F%2Fevil.example")
            #expect(unknown.headers[.location] == "/__debug__/requests/")
        }
    }
}
