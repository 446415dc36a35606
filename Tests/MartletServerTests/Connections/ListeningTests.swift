import Foundation
import Glibc
import MartletHTTP
import MartletIO
import MartletServer
import Testing

/// Where a server listens.
@Suite struct ListeningTests {
    private static let closing = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

    /// Answers with the address of the other end.
    private let peer: Handler = { request in Response(request.peerAddress) }

    private func ask(_ address: SocketAddress) async throws -> String {
        let client = try await RawClient.connect(address)
        try await client.send(Self.closing)
        let answer = try await client.receiveAll()
        await client.close()
        return answer
    }

    @Test func `a server listens on IPv4, IPv6 and a Unix socket at once`() async throws {
        try await withTemporaryFolder { folder in
            let places: [ListenAddress] = [
                .tcp("127.0.0.1", port: 0), .tcp("::1", port: 0), .unix("\(folder)/app.sock"),
            ]
            try await withServer({ $0.addresses = places }, handler: peer) { first, server in
                #expect(server.addresses.map(\.host) == ["127.0.0.1", "::1", "unix"])
                #expect(server.addresses.first == first)
                for address in server.addresses {
                    let answer = try await ask(address)
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\n\(address.host)"))
                }
            }
        }
    }

    @Test func `an empty host is every interface of IPv4 and IPv6, on one port`() async throws {
        try await withServer({ $0.host = "" }, handler: peer) { first, server in
            #expect(first.host == "0.0.0.0")
            #expect(server.addresses.map(\.host) == ["0.0.0.0", "::"])
            for host in ["127.0.0.1", "::1"] {
                let answer = try await ask(SocketAddress(host: host, port: first.port))
                #expect(answer.hasSuffix("\r\n\r\n\(host)"))
            }
        }
    }

    @Test func `a Unix socket has the permissions of the settings and goes with the server`() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/app.sock"
            try await withServer(
                {
                    $0.addresses = [.unix(path)]
                    $0.unixSocketMode = 0o606
                }, handler: peer
            ) { address, server in
                #expect(address.description == "unix:\(path)")
                #expect(try mode(path) == 0o606)
                let idle = try await RawClient.connect(address)
                try await idle.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await idle.receive(through: "\r\n\r\nunix")
                await server.stop(grace: .seconds(1_000))
                #expect(try await idle.receiveAll() == "")
                #expect(access(path, F_OK) != 0)
            }
        }
    }

    private func mode(_ path: String) throws -> mode_t {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw SystemCallError("lstat", path) }
        return status.st_mode & 0o777
    }

    @Test func `the file that a crash has left behind is replaced`() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/app.sock"
            Socket.close(try Socket.listen(path: path, mode: 0o600, backlog: 1))
            #expect(try mode(path) == 0o600)
            try await withServer({ $0.addresses = [.unix(path)] }, handler: peer) { address, _ in
                let answer = try await ask(address)
                #expect(answer.hasSuffix("unix"))
            }
        }
    }

    @Test func `a Unix socket that another server has, and a file that is none, are left alone`() async throws {
        try await withTemporaryFolder { folder in
            let (path, file) = ("\(folder)/app.sock", "\(folder)/notes.txt")
            #expect(FileManager.default.createFile(atPath: file, contents: Data("text".utf8)))
            try await withServer({ $0.addresses = [.unix(path)] }, handler: peer) { address, _ in
                let inUse = #expect(throws: SystemCallError.self) {
                    try Socket.listen(path: path, mode: 0o600, backlog: 1)
                }
                #expect(inUse?.description.contains("Another program listens there") == true)
                let noSocket = #expect(throws: SystemCallError.self) {
                    try Socket.listen(path: file, mode: 0o600, backlog: 1)
                }
                #expect(noSocket?.description.contains("The file is no socket") == true)
                let answer = try await ask(address)
                #expect(answer.hasSuffix("unix"))
            }
            #expect(FileManager.default.contents(atPath: file) == Data("text".utf8))
        }
    }

    @Test func `a path that is too long or leads nowhere is an error that says so`() throws {
        let long = "/tmp/" + String(repeating: "a", count: 200)
        let tooLong = #expect(throws: SystemCallError.self) { try Socket.listen(path: long, mode: 0o600, backlog: 1) }
        #expect(tooLong?.description.contains("at most 107 bytes") == true)
        let nowhere = #expect(throws: SystemCallError.self) {
            try Socket.listen(path: "/nowhere/app.sock", mode: 0o600, backlog: 1)
        }
        #expect(nowhere?.description.contains("No such file or directory") == true)
    }

    @Test func `a file that has taken the place of the server's own stays`() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/app.sock"
            try await withServer({ $0.addresses = [.unix(path)] }, handler: peer) { _, server in
                unlink(path)
                let other = try Socket.listen(path: path, mode: 0o600, backlog: 1)
                defer { Socket.close(other) }
                await server.stop(grace: .seconds(1_000))
                #expect(try mode(path) == 0o600)
            }
        }
    }

    @Test func `an address that cannot be listened on leaves none of the others open`() async throws {
        try await withTemporaryFolder { folder in
            var settings = ServerSettings()
            settings.addresses = [.unix("\(folder)/app.sock"), .unix("\(folder)/nowhere/app.sock")]
            let server = Server(settings: settings, handler: peer)
            await #expect(throws: SystemCallError.self) { try await server.start() }
            await #expect(throws: SystemCallError.self) {
                try await RawClient.connect(SocketAddress(path: "\(folder)/app.sock"))
            }
        }
    }

    @Test(arguments: [
        ("8000", "127.0.0.1:8000"), ("0.0.0.0:8000", "0.0.0.0:8000"), ("[::1]:80", "[::1]:80"),
        ("localhost:0", "localhost:0"), ("unix:/run/app.sock", "unix:/run/app.sock"),
        ("unix:app.sock", "unix:app.sock"),
    ])
    func `an address is read and written`(_ text: String, _ written: String) {
        #expect(ListenAddress(text)?.description == written)
    }

    @Test(arguments: [
        "", "unix:", "unix:/a\0b", "eighty", "65536", "-1", "+80", "127.0.0.1", "127.0.0.1:", ":80", "::1", "::1:80",
        "[::1]", "[::1]80", "[]:80", "[::1:80", "١٢", "1 2", "99999999999999999999",
    ])
    func `what is no address is refused`(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
