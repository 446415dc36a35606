import FoundationEssentials
import MartletHTTP
import MartletMiddleware
import MartletRouting
import MartletSite
import MartletTesting
import Testing

private let uploadSite = TestSite(
    Site(
        apps: [],
        urls: URLs {
            path("photos/", savePhoto).methods(.post)
            path("stream/", streamPhoto).csrfExempt()
            path("token/", { request in Response(try request.csrfToken) })
            path("small/", savePhoto).bodyLimit(400)
            path("create/", photoCreate)
            path("import/", importPosts)
            path("backup/", backup)
        }))

/// `title: field[fileName contentType] size …`
@Sendable private func savePhoto(_ request: Request) async throws -> Response {
    let form = try await request.form()
    let files = form.files.map { "\($0.name)[\($0.file.fileName) \($0.file.contentType)] \($0.file.size)" }
    return Response("\(form["title"] ?? "-"): \(files.joined(separator: ", "))")
}

@Sendable private func streamPhoto(_ request: Request) async throws -> Response {
    var parts: [String] = []
    for try await part in try request.multipart() {
        parts.append("\(part.name) \(try await part.body.collect().count)")
    }
    return Response(parts.joined(separator: ", "))
}

// MARK: The views of Docs/uploads.md

@Sendable private func photoCreate(_ request: Request) async throws -> Response {
    let form = try await request.form()
    let title = try form.require("title")
    let photo = try form.files.require("photo")
    guard photo.contentType == "image/png" else { throw HTTPError(.unprocessableContent, "Send a PNG.") }
    let folder = try #require(UploadFolder.current)
    try await photo.save(to: "\(folder)/\(UUID().uuidString).png")
    return Response("\(title): \(photo.size) bytes")
}

@Sendable private func importPosts(_ request: Request) async throws -> Response {
    var sizes: [String] = []
    for try await part in try request.multipart() {
        guard let fileName = part.fileName else { continue }
        var count = 0
        for try await chunk in part.body { count += chunk.count }
        sizes.append("\(fileName): \(count)")
    }
    return Response(sizes.joined(separator: "\n"))
}

@Sendable private func backup(_ request: Request) async throws -> Response {
    let folder = try #require(UploadFolder.current)
    let file = try await TemporaryFile.make(in: request.uploadDirectory)
    for try await chunk in request.body { try await file.write(chunk) }
    try await file.save(to: "\(folder)/latest.tar", replacing: true)
    return Response("\(file.size)")
}

/// Where the views of a test save what they get.
private enum UploadFolder {
    @TaskLocal static var current: String?

    static func with(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await $current.withValue(folder.path) { try await body(folder.path) }
    }
}

@Suite(uploadSite.database) struct UploadTests {
    private static let photo = TestFile("me \"2\".png", content: [0x89, 0x50, 0x4E, 0x47], contentType: "image/png")

    @Test func `a form with files is sent as a browser sends it`() async throws {
        let response = try await TestClient().post(
            "/photos/", form: ["title": "Me & you"],
            files: ["photo": Self.photo, "notes": TestFile("a.txt", text: "Höhe\r\n--x")])
        #expect(
            response.text
                == "Me & you: photo[me \"2\".png image/png] 4, notes[a.txt text/plain; charset=utf-8] 10")
    }

    @Test func `a large file is sent, too`() async throws {
        let file = TestFile("big.bin", content: [UInt8](repeating: 13, count: 3_000_000))
        let response = try await TestClient().post("/photos/", files: ["f": file])
        #expect(response.text == "-: f[big.bin application/octet-stream] 3000000")
    }

    @Test func `a view can stream what is sent`() async throws {
        let response = try await TestClient().post("/stream/", form: ["a": "1"], files: ["photo": Self.photo])
        #expect(response.text == "a 1, photo 4")
    }

    @Test func `the token of a page goes with the fields`() async throws {
        let client = TestClient(enforceCSRFChecks: true)
        let token = try await client.get("/token/").text
        let refused = try await client.post("/photos/", form: ["title": "x"], files: ["photo": Self.photo])
        #expect(refused.status == .forbidden)
        let taken = try await client.post(
            "/photos/", form: ["title": "x", "csrfmiddlewaretoken": token], files: ["photo": Self.photo])
        #expect(taken.status == .ok)
    }

    @Test func `the documented views do what is said`() async throws {
        try await UploadFolder.with { folder in
            let client = TestClient()
            let created = try await client.post("/create/", form: ["title": "Me"], files: ["photo": Self.photo])
            #expect(created.text == "Me: 4 bytes")
            let saved = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            #expect(FileManager.default.contents(atPath: "\(folder)/\(saved)").map { Array($0) } == Self.photo.content)
            let wrong = TestFile("a.txt", text: "x")
            #expect(try await client.post("/create/", files: ["photo": wrong]).status == .badRequest)
            let refused = try await client.post("/create/", form: ["title": "x"], files: ["photo": wrong])
            #expect(refused.status == .unprocessableContent)
            let imported = try await client.post("/import/", form: ["a": "1"], files: ["a": wrong, "b": Self.photo])
            #expect(imported.text == "a.txt: 1\nme \"2\".png: 4")
            #expect(try await client.send(.post, "/backup/", body: [1, 2, 3]).text == "3")
            #expect(FileManager.default.contents(atPath: "\(folder)/latest.tar").map { Array($0) } == [1, 2, 3])
        }
    }

    @Test func `a form over the limit of its route is refused`() async throws {
        let file = TestFile("f", content: [UInt8](repeating: 0, count: 400))
        let response = try await TestClient().post("/small/", files: ["f": file])
        #expect(response.status == .contentTooLarge)
        #expect(response.text.contains("&#x27;/small/&#x27;: 400 bytes (bodyLimit)"))
    }
}
