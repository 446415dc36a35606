import Dispatch
import Glibc
import MartletIO
import MartletServer
public import MartletSite

/// A site behind a real server on a free port of this machine.
///
/// ```swift
/// try await testSite.withLiveServer { server in
///     let answer = try await server.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
///     #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
/// }
/// ```
public struct LiveServer: Sendable {
    /// The site that answers, with a database of its own.
    public let site: RunningSite

    /// The port on 127.0.0.1.
    public let port: Int

    /// The address, such as `http://127.0.0.1:41527`.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Opens a connection, sends bytes, and reads until the server closes.
    ///
    /// - Parameter request: One request or several, the last with `Connection: close`.
    /// - Returns: All that the server has sent.
    /// - Throws: ``LiveServerError`` with the failing call.
    public func send(_ request: String) async throws -> String {
        try await Self.send(request, port: port)
    }

    /// Sends bytes to any server of this machine, such as a proxy in front of the site, and reads until it closes.
    ///
    /// - Throws: ``LiveServerError`` with the failing call.
    public static func send(_ request: String, port: Int) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // The calls block, so they have a thread of their own.
            DispatchQueue(label: "martlet.testing.client").async {
                continuation.resume(with: Result { try exchange(Array(request.utf8), port: port) })
            }
        }
    }

    private static func exchange(_ request: [UInt8], port: Int) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw LiveServerError("socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw LiveServerError("connect") }
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw LiveServerError("send") }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count >= 0 else { throw LiveServerError("recv") }
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}

/// A system call of the test's own client that failed.
public struct LiveServerError: Error, Sendable, CustomStringConvertible {
    /// The call and the system's words.
    public let description: String

    init(_ call: String) {
        description = "\(call): \(String(cString: strerror(errno)))"
    }
}

extension TestSite {
    /// Runs an operation against a live server, and stops the server afterwards.
    public func withLiveServer<Result: Sendable>(
        _ operation: @Sendable (LiveServer) async throws -> Result
    ) async throws -> Result {
        let running = try await makeSite()
        var settings = running.settings.server
        // A proxy of the test keeps its connections, and nobody comes any more.
        settings.keepAliveGrace = .zero
        let server = Server(settings: settings, scope: running.scope, handler: running.handler)
        running.isServed(by: server)
        let address = try await server.start()
        do {
            let result = try await operation(LiveServer(site: running, port: address.port))
            await server.stop(grace: .seconds(5))
            await running.close()
            return result
        } catch {
            await server.stop(grace: .zero)
            await running.close()
            throw error
        }
    }
}
