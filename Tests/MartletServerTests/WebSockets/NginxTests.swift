import Foundation
import MartletHTTP
import MartletIO
import MartletRouting
import MartletServer
import MartletWebSockets
import TestPrograms
import Testing

/// WebSockets and event streams behind nginx, with the very location that `Docs/websockets.md` shows.
@Suite struct NginxTests {
    @Test(.timeLimit(.minutes(2)))
    func `WebSockets and event streams pass through nginx as the documentation says`() async throws {
        let seen = Signal()
        let urls = URLs {
            webSocket("chat/", echoMessages)
            path(
                "events/",
                { _ in
                    .eventStream { events in
                        try await events.send("first")
                        await seen.wait()
                        try await events.send("second")
                    }
                })
        }
        try await withServer(handler: Dispatcher(try RouteTable(urls)).handler) { application, _ in
            try await Self.withNginx(application) { nginx in
                let client = try await WebSocketClient.connect(nginx, "/chat/")
                #expect(client.head.hasPrefix("HTTP/1.1 101 "))
                try await client.send("through")
                #expect(try await client.receive() == .text("through"))
                try await client.close(1000)
                #expect(try await client.receive() == .close(1000))

                let events = try await RawClient.connect(nginx)
                try await events.send("GET /events/ HTTP/1.1\r\nHost: h\r\n\r\n")
                // The second event is not sent before the first one was seen: nginx holds nothing back.
                _ = try await events.receive(through: "data: first\n\n")
                seen.give()
                _ = try await events.receive(through: "data: second\n\n")
            }
        }
    }

    private static func withNginx(
        _ application: SocketAddress, _ body: (SocketAddress) async throws -> Void
    ) async throws {
        guard Program.exists("nginx") else { try Test.notRun("no nginx: Scripts/requirements test installs it") }
        try await withTemporaryFolder { folder in
            let address = try freeAddress()
            try configuration(folder, address, application)
                .write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
            let nginx = try Program("nginx", ["-c", folder + "/nginx.conf", "-p", folder])
            defer { nginx.stop() }
            // nginx does not say when it listens.
            while nginx.isRunning, (try? await RawClient.connect(address)) == nil { await Task.yield() }
            try await body(address)
        }
    }

    private static func freeAddress() throws -> SocketAddress {
        let (descriptor, address) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 1)
        Socket.close(descriptor)
        return address
    }

    private static func configuration(
        _ folder: String, _ address: SocketAddress, _ application: SocketAddress
    ) throws -> String {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \(folder)/\($0);" }.joined(separator: "\n")
        return """
            daemon off;
            pid \(folder)/nginx.pid;
            error_log \(folder)/error.log;
            worker_processes 1;
            events { worker_connections 64; }
            http {
                access_log off;
                \(temporary)
                server {
                    listen \(address);
                    set $application \(application);
                    set $forwarded_proto $scheme;
                    \(try documentedLocation())
                    location / { proxy_pass http://$application; proxy_http_version 1.1; }
                }
            }

            """
    }

    /// The block of the documentation.
    private static func documentedLocation() throws -> String {
        let page = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../Docs/websockets.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let block = try #require(text.components(separatedBy: "```nginx\n").dropFirst().first)
        return try #require(block.components(separatedBy: "```").first)
    }
}
