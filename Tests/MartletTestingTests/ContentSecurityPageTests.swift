import FoundationEssentials
import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletShortcuts
import MartletSite
import MartletTesting
import Testing

/// A page whose script has a nonce, through templates and middleware.
@Suite struct ContentSecurityPageTests {
    @Test func `the script of a page has the nonce of its header`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = #"<script nonce="{{ csp_nonce }}">run()</script>"#
        try Data(page.utf8).write(to: folder.appendingPathComponent("page.html"))
        try Data("plain".utf8).write(to: folder.appendingPathComponent("plain.html"))
        let site = Site(
            apps: [],
            urls: URLs {
                path("", { request in try render(request, "page.html") })
                path("plain/", { request in try render(request, "plain.html") })
            },
            middleware: { _ in [ContentSecurity([.scriptSrc: [.selfOrigin, .nonce]])] }, templates: [folder.path])
        let running = try await TestSite(site).makeSite()
        let client = TestClient(running)
        let answer = try await client.get("/")
        let nonce = answer.text.dropFirst(15).prefix(22)
        #expect(answer.text == "<script nonce=\"\(nonce)\">run()</script>")
        #expect(answer.headers[.contentSecurityPolicy] == "script-src 'self' 'nonce-\(nonce)'")
        #expect(try await client.get("/plain/").headers[.contentSecurityPolicy] == "script-src 'self'")
        await running.close()
    }
}
