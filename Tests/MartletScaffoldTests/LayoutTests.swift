import Foundation
import MartletScaffold
import Testing

/// The example blog is laid out as a new project is.
@Suite struct LayoutTests {
    private static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private func exists(_ path: String) -> Bool {
        // The example is deployed from the top of the repository.
        ["Examples/Blog/", ""].contains { folder in
            FileManager.default.fileExists(atPath: Self.repository.appendingPathComponent(folder + path).path)
        }
    }

    @Test func `every file of a new project with an app has its like in the blog`() throws {
        let project = try ProjectScaffold("blog", framework: .path("../.."), secretKey: "k").files
        let app = try AppScaffold("blog", model: "Post").files
        // The app that every project begins with is the blog itself there, and `.env` is each machine's own.
        let own = { (path: String) in path.contains("/Home") || path.contains("/home/") || path == ".env" }
        let paths = (project + app).map(\.path).filter { !own($0) }
        #expect(paths.count > 20)
        #expect(paths.filter { !exists($0) } == [])
    }

    @Test func `the proxy of the blog is that of every site`() throws {
        let file = try #require(
            try ProjectScaffold("blog", framework: .path("../.."), secretKey: "k").files
                .first { $0.path == "nginx/blog.conf" })
        let own = try String(contentsOf: Self.repository.appendingPathComponent("nginx/blog.conf"), encoding: .utf8)
        #expect(file.text == own)
    }

    @Test func `a project for JSON has neither templates nor static files`() throws {
        let files = try ProjectScaffold("api-site", hasPages: false, framework: .path("../m"), secretKey: "k").files
        #expect(!files.contains { $0.path.hasPrefix("Templates/") || $0.path.hasPrefix("Static/") })
        #expect(!files.contains { $0.text.contains("Templates") })
        let app = try AppScaffold("blog", model: "Post", hasPages: false).files
        #expect(!app.contains { $0.path.hasPrefix("Templates/") || $0.path.hasSuffix("Views.swift") })
    }
}
