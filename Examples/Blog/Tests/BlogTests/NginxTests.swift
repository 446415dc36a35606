import Config
import Foundation
import Martlet
import MartletTesting
import Testing

/// The blog behind Debian's nginx, with the very file that a deployment uses.
@Suite(.enabled(if: Nginx.path != nil, "nginx is not installed; Scripts/test installs it")) struct NginxTests {
    @Test func `pages, static files, errors and probes come through nginx as they should`() async throws {
        try await proxiedSite.withLiveServer { server in
            try await server.site.bound { _ = try await makePosts(3, author: makeAuthor("Ann")) }
            try await Nginx.serving(application: server.port) { nginx in
                try await expectPages(nginx)
                try await expectStaticFile(nginx)
                try await expectProbes(nginx)
            }
        }
    }

    private func expectPages(_ nginx: Nginx) async throws {
        let front = try await nginx.get("/")
        #expect(front.status == 200)
        #expect(front.body.contains("Post 2"))
        #expect(front.fields["x-content-type-options"] == ["nosniff"])
        #expect(front.fields["x-frame-options"] == ["DENY"])
        #expect(front.fields["content-security-policy"]?.count == 1)
        let missing = try await nginx.get("/nowhere/")
        #expect(missing.status == 404)
        #expect(missing.body.contains("Under the Eaves"))
        #expect(missing.fields["referrer-policy"] == ["same-origin"])
        let secure = try await nginx.get("/api/posts/", "X-Forwarded-Proto: https")
        #expect(secure.fields["strict-transport-security"]?.isEmpty == false)
        #expect(try await nginx.accessLog().contains("GET /nowhere/"))
    }

    private func expectStaticFile(_ nginx: Nginx) async throws {
        let style = try await nginx.get("/static/blog/blog.css")
        #expect(style.status == 200)
        #expect(style.fields["content-type"] == ["text/css"])
        #expect(style.fields["cache-control"] == ["max-age=86400"])
        #expect(style.fields["x-content-type-options"] == ["nosniff"])
        #expect(try await nginx.get("/static/../../../../etc/passwd").status != 200)
    }

    private func expectProbes(_ nginx: Nginx) async throws {
        #expect(try await nginx.get("/live/").body == #"{"status":"ok"}"#)
        #expect(try await nginx.get("/ready/").status == 200)
        // The address that a proxy in front reports is the visitor's, and a public one is refused.
        for path in ["/live/", "/ready/", "/metrics", "/live", "/metrics/x"] {
            let refused = try await nginx.get(path, "X-Forwarded-For: 203.0.113.7")
            #expect(refused.status == 403, "\(path)")
        }
        let log = try await nginx.accessLog()
        #expect(!log.contains("/live/") && !log.contains("/metrics"))
    }
}

/// The blog behind a proxy that it trusts, as it is deployed: whoever asks for its health through another is a stranger.
private let proxiedSite: TestSite = {
    var site = site
    site.folder = blogFolder
    return TestSite(site, variables: ["TRUSTED_PROXIES": "127.0.0.1"])
}()

/// A private nginx on a free port with files in a temporary folder.
struct Nginx: Sendable {
    struct Answer: Sendable {
        let status: Int
        let fields: [String: [String]]
        let body: String
    }

    static let path = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    let port: Int
    let folder: URL

    /// Starts nginx in front of an application, and stops it by its process afterwards.
    static func serving(application: Int, _ operation: (Nginx) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let nginx = Nginx(port: try freePort(), folder: folder)
        try nginx.writeConfiguration(application: application)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = ["-c", folder.appendingPathComponent("nginx.conf").path, "-p", folder.path]
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        try await nginx.waitUntilListening()
        try await operation(nginx)
    }

    /// Renders the deployment's own file: only the values of its block "Where things are" are replaced.
    private func writeConfiguration(application: Int) throws {
        let source = URL(fileURLWithPath: blogFolder).appendingPathComponent("../../nginx/blog.conf").standardized
        var text = try String(contentsOf: source, encoding: .utf8)
        for (from, to) in [
            ("listen 80;", "listen 127.0.0.1:\(port);"),
            ("resolver 127.0.0.11 valid=10s ipv6=off;", ""),
            ("set $application application:8000;", "set $application 127.0.0.1:\(application);"),
            ("/var/log/nginx/access.log", folder.appendingPathComponent("access.log").path),
            ("alias /srv/static/;", "alias \(blogFolder)/Static/;"),
        ] {
            #expect(text.ranges(of: from).count == 1, "blog.conf has '\(from)' once")
            text = text.replacingOccurrences(of: from, with: to)
        }
        try text.write(to: folder.appendingPathComponent("blog.conf"), atomically: true, encoding: .utf8)
        let main = """
            daemon off;
            pid \(folder.path)/nginx.pid;
            error_log \(folder.path)/error.log;
            worker_processes 1;
            events { worker_connections 64; }
            http {
                types { text/css css; image/svg+xml svg; }
                client_body_temp_path \(folder.path)/body;
                proxy_temp_path \(folder.path)/proxy;
                fastcgi_temp_path \(folder.path)/fastcgi;
                uwsgi_temp_path \(folder.path)/uwsgi;
                scgi_temp_path \(folder.path)/scgi;
                include \(folder.path)/blog.conf;
            }

            """
        try main.write(to: folder.appendingPathComponent("nginx.conf"), atomically: true, encoding: .utf8)
    }

    /// Tries to connect until somebody listens; nginx says nothing when it does.
    private func waitUntilListening() async throws {
        for _ in 0..<1000 {
            if (try? await get("/static/blog/favicon.svg")) != nil { return }
            await Task.yield()
        }
        let log = try? String(contentsOf: folder.appendingPathComponent("error.log"), encoding: .utf8)
        Issue.record("nginx did not start: \(log ?? "")")
    }

    func accessLog() async throws -> String {
        try String(contentsOf: folder.appendingPathComponent("access.log"), encoding: .utf8)
    }

    /// Fetches a page.
    func get(_ target: String, _ field: String? = nil) async throws -> Answer {
        let extra = field.map { "\($0)\r\n" } ?? ""
        let text = try await LiveServer.send(
            "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(extra)\r\n", port: port)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n")
        var fields: [String: [String]] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            fields[pair[0].lowercased(), default: []].append(pair.count > 1 ? String(pair[1].drop { $0 == " " }) : "")
        }
        let status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        var body = parts.count > 1 ? String(parts[1]) : ""
        if fields["transfer-encoding"] == ["chunked"] { body = Self.joinedChunks(body) }
        return Answer(status: status, fields: fields, body: body)
    }

    /// The content of a chunked body (RFC 9112 §7.1).
    private static func joinedChunks(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        var content: [UInt8] = []
        while let end = bytes.firstIndex(of: 0x0D) {
            guard let size = Int(String(decoding: bytes[..<end], as: UTF8.self), radix: 16), size > 0 else { break }
            content += bytes[(end + 2)..<(end + 2 + size)]
            bytes = bytes[(end + 4 + size)...]
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// A port that was free a moment ago; the kernel does not hand out the same one at once again.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Int in
                guard bind(descriptor, pointer, length) == 0, getsockname(descriptor, pointer, &length) == 0 else {
                    return 0
                }
                return 1
            }
        }
        try #require(port == 1, "no free port")
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
