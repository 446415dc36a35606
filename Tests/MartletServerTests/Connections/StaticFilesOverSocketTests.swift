import Foundation
import MartletHTTP
import MartletIO
import MartletMiddleware
import MartletRouting
import MartletServer
import TestPrograms
import Testing

@Suite struct StaticFilesOverSocketTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        try folder.write("site/letters.txt", Array("abcdefghijklmnopqrstuvwxyz".utf8))
        try folder.write("site/css/site.css", Array("body {}".utf8))
        try folder.write("site/.env", Array("secret".utf8))
        try folder.write("secret.txt", Array("secret".utf8))
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/site/link", withDestinationPath: folder.path)
    }

    private func withSite(_ body: (SocketAddress) async throws -> Void) async throws {
        let directory = folder.path + "/site"
        let table = try RouteTable(
            URLs {
                serveStatic(directories: [directory])
                serveMedia(directory: directory)
            })
        try await withServer(handler: Dispatcher(table).handler) { address, _ in try await body(address) }
    }

    @Test(arguments: [
        "/static/../secret.txt", "/static/%2e%2e/secret.txt", "/static/..%2fsecret.txt", "/static/%2e%2e%2fsecret.txt",
        "/static/css/../../secret.txt", "/static/css%2f..%2f..%2fsecret.txt", "/static/..%5csecret.txt",
        "/static/..\\secret.txt", "/static/.env", "/static/%2eenv", "/static/css/%2e/site.css",
        "/static/link/secret.txt",
        "/static/link%2fsecret.txt", "/static//secret.txt", "/static/%2fetc/passwd", "/static//etc/passwd",
        "/static/secret.txt", "/static/letters.txt%00.css", "/static/letters.txt%", "/static/%c0%ae%c0%ae/secret.txt",
        "/static/%252e%252e/secret.txt", "/static/letters.txt/", "/static/letters.txt%2f", "/static/css",
        "/static/css/",
        "/static/", "/static/letters.txt%0d%0aX:%20y", "/media/../secret.txt", "/media/..%2fsecret.txt", "/media/.env",
        "/media/link/secret.txt", "http://h/static/../secret.txt",
    ])
    func `a hostile path reaches nothing`(_ target: String) async throws {
        try await withSite { address in
            let client = try await RawClient.connect(address)
            try await client.send("GET \(target) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 404 ") || answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(!answer.contains("secret\n") && !answer.hasSuffix("secret") && !answer.contains("root:"))
        }
    }

    @Test func `an encoded slash leads to the same file and not further`() async throws {
        try await withSite { address in
            let client = try await RawClient.connect(address)
            try await client.send("GET /static/css%2fsite.css HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("\r\n\r\nbody {}"))
        }
    }

    // RFC 9110 §14
    @Test(arguments: [
        ("0-4", "abcde", "bytes 0-4/26"), ("-3", "xyz", "bytes 23-25/26"), ("24-", "yz", "bytes 24-25/26"),
        ("20-1000", "uvwxyz", "bytes 20-25/26"), ("0-2,1-4", "abcde", "bytes 0-4/26"),
    ])
    func `curl gets the part it asks for`(_ range: String, _ content: String, _ told: String) async throws {
        try await withSite { address in
            let answer = try await curl(["-i", "-r", range, "http://\(address)/static/letters.txt"])
            #expect(answer.hasPrefix("HTTP/1.1 206 Partial Content\r\n"))
            #expect(answer.contains("\r\nContent-Range: \(told)\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n" + content))
        }
    }

    @Test func `curl gets several parts`() async throws {
        try await withSite { address in
            let answer = try await curl(["-i", "-r", "0-1,-2", "http://\(address)/static/letters.txt"])
            let head = try #require(answer.firstRange(of: "multipart/byteranges; boundary="))
            let boundary = answer[head.upperBound...].prefix { $0 != "\r\n" }
            #expect(
                answer.hasSuffix(
                    "\r\n--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes 0-1/26\r\n\r\nab"
                        + "\r\n--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\n"
                        + "Content-Range: bytes 24-25/26\r\n\r\nyz\r\n--\(boundary)--\r\n"))
        }
    }

    @Test func `curl resumes a download, and is told when there is nothing to resume`() async throws {
        let content = patternedBytes(3_000_000)
        try folder.write("site/large.bin", content)
        let part = try folder.write("part.bin", Array(content[..<1_234_567]))
        try await withSite { address in
            _ = try await curl(["-C", "-", "-o", part, "http://\(address)/static/large.bin"])
            #expect(try Array(Data(contentsOf: URL(filePath: part))) == content)
            let beyond = try await curl(["-i", "-r", "26-", "http://\(address)/static/letters.txt"])
            #expect(beyond.hasPrefix("HTTP/1.1 416 Range Not Satisfiable\r\n"))
            #expect(beyond.contains("\r\nContent-Range: bytes */26\r\n"))
        }
    }

    @Test func `curl asks again only for what has changed`() async throws {
        try await withSite { address in
            let url = "http://\(address)/static/letters.txt"
            let tags = folder.path + "/tags"
            let first = try await curl(["-i", "--etag-save", tags, url])
            #expect(first.hasPrefix("HTTP/1.1 200 OK\r\n"))
            let second = try await curl(["-i", "--etag-compare", tags, url])
            #expect(second.hasPrefix("HTTP/1.1 304 Not Modified\r\n"))
            #expect(second.hasSuffix("\r\n\r\n"))
        }
    }

    /// Runs curl, an independent client, and returns what it prints.
    private func curl(_ arguments: [String]) async throws -> String {
        let result = try await Program.run("curl", ["-sS", "--max-time", "60"] + arguments)
        #expect(result.status == 0, "\(result.output)")
        return result.output
    }
}
