import Blog
import Config
import Foundation
import Martlet
import MartletTesting
import Testing

/// Bytes in over a real socket, HTML out of SQLite.
@Suite struct WholePathTests {
    @Test func `two requests on one connection are answered from the database`() async throws {
        try await testSite.withLiveServer { server in
            try await server.site.bound { _ = try await makePosts(3, author: makeAuthor("Ann <Lee>")) }
            let answer = try await server.send(
                "GET /?page=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                    + "GET /nowhere/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let parts = answer.components(separatedBy: "HTTP/1.1 ").dropFirst()
            #expect(parts.map { $0.prefix(3) } == ["200", "200", "404"])
            let front = try #require(parts.first)
            #expect(front.contains("Post 2") && front.contains("Ann &lt;Lee&gt;"))
            #expect(!front.contains("Ann <Lee>"))
            #expect(parts.dropFirst().first?.hasSuffix("\r\n\r\n") == true)
        }
    }

    @Test func `a comment is posted with cookie and token, and shown escaped`() async throws {
        try await testSite.withLiveServer { server in
            let post = try await server.site.bound { try await makePosts(1, author: makeAuthor())[0] }
            let path = "/posts/\(post.shortID)/"
            let page = try await server.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let token = try #require(page.value(ofInput: "csrfmiddlewaretoken"))
            let cookie = try #require(page.firstMatch(of: /(?i)set-cookie: (csrftoken=[^;]+)/)?.1)
            func send(_ form: String, _ cookie: String) async throws -> String {
                try await server.send(
                    "POST \(path)comments/ HTTP/1.1\r\nHost: localhost\r\nCookie: \(cookie)\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(form.utf8.count)\r\n"
                        + "Connection: close\r\n\r\n\(form)")
            }
            let form = "csrfmiddlewaretoken=\(token)&name=%3Ci%3EEve%3C%2Fi%3E&body=Nice+%F0%9F%98%80"
            #expect(try await send(form, "other=1").hasPrefix("HTTP/1.1 403 "))
            let saved = try await send(form, String(cookie))
            #expect(saved.hasPrefix("HTTP/1.1 302 "))
            #expect(saved.lowercased().contains("\r\nlocation: /posts/"))
            let after = try await server.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(after.contains("&lt;i&gt;Eve&lt;/i&gt;") && after.contains("Nice 😀"))
            #expect(!after.contains("<i>Eve"))
            #expect(try await server.site.bound { try await Comment.objects.count() } == 1)
        }
    }
}
