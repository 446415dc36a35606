import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

// The code of Docs/files.md.

private let siteURLs = URLs {
    serveStatic(directories: ["Static"], caching: .immutable())
    serveMedia(directory: "/srv/media", caching: .maxAge(.seconds(3_600)))
    path("reports/<path:name>", report, name: "report")
}

@Sendable private func report(_ request: Request, name: String) async throws -> Response {
    guard let file = try await OpenFile.open(name, below: "/srv/reports") else { throw HTTPError(.notFound) }
    return .file(file, to: request)
}

private func answer(_ request: Request, revision: String, file: OpenFile) throws -> Response {
    switch request.preconditionOutcome(for: Validators(eTag: EntityTag(opaque: revision))) {
    case .met: break
    case .notModified: return Response(status: .notModified)
    case .failed: throw HTTPError(.preconditionFailed)
    }
    return Response(body: .parts([.bytes(Array("head".utf8)), .file(FileRegion(file, 0..<1_024))]))
}

@Suite struct FilesDocumentationTests {
    @Test func `the code of the documentation works`() async throws {
        let table = try RouteTable(siteURLs)
        #expect(try table.reverse("report", "2026/a.pdf") == "/reports/2026/a.pdf")
        #expect(try table.reverse("static", "site.css") == "/static/site.css")
        let handler = Dispatcher(table).handler
        #expect(try await handler(.make(.get, "/reports/missing.pdf")).status == .notFound)
        let folder = try ServedTestFolder()
        try folder.write("a.txt", "text")
        let file = try #require(try await OpenFile.open("a.txt", below: folder.path + "/site"))
        #expect(try await answer(.make(), revision: "7", file: file).content == "headtext")
        let lost = try Request.make(headers: ["If-Match": "\"6\""])
        #expect(throws: HTTPError.self) { try answer(lost, revision: "7", file: file) }
        let current = try Request.make(headers: ["If-None-Match": "\"7\""])
        #expect(try answer(current, revision: "7", file: file).status == .notModified)
    }
}
