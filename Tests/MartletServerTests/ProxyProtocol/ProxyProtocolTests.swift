import Foundation
import MartletHTTP
import MartletIO
import TestPrograms
import Testing

@testable import MartletServer

/// Connections that begin with a PROXY header, the real HAProxy's among them.
@Suite struct ProxyProtocolTests {
    @Test func `the client's address is the header's, for every request of the connection`() async throws {
        try await withServer({ $0.proxyProtocol = true }, handler: address) { server, _ in
            let client = try await RawClient.connect(server)
            // In pieces, with the request right behind the header.
            try await client.send("PROXY TCP4 192.0.2.1 198.51.")
            try await client.send("100.7 56324 443\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receive(through: "192.0.2.1").hasPrefix("HTTP/1.1 200"))
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("192.0.2.1"))
        }
    }

    @Test func `a header without an address leaves the socket's`() async throws {
        try await withServer({ $0.proxyProtocol = true }, handler: address) { server, _ in
            let request = Array("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
            for header in [Array("PROXY UNKNOWN\r\n".utf8), ProxyHeader.signature + [0x20, 0, 0, 0]] {
                let client = try await RawClient.connect(server)
                try await client.send(header + request)
                #expect(try await client.receiveAll().hasSuffix("127.0.0.1"))
            }
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", ProxyHeaderError.missing),
        ("PROXY TCP4 1 2 3 4\r\n", .malformed("an address is none of TCP4")),
    ])
    func `a connection without a valid header is closed, and that is an event`(
        bytes: String, error: ProxyHeaderError
    ) async throws {
        let log = EventLog()
        try await withServer({ $0.proxyProtocol = true }, log: log, handler: address) { server, _ in
            let client = try await RawClient.connect(server)
            try await client.send(bytes)
            // With bytes left unread the end may be a reset.
            let answer = try? await client.receiveAll()
            #expect(answer ?? "" == "")
            let event = try #require(log.first(.proxyHeaderRefused))
            #expect(event.error as? ProxyHeaderError == error)
            #expect(event.message == error.description)
            #expect(event.peerAddress == "127.0.0.1")
        }
    }

    @Test func `a header that does not come in time ends the connection`() async throws {
        let log = EventLog()
        try await withServer(
            {
                $0.proxyProtocol = true
                $0.headTimeout = .milliseconds(300)
            }, log: log, handler: address
        ) { server, _ in
            let silent = try await RawClient.connect(server)
            #expect(try await silent.receiveAll() == "")
            // Whoever only looks whether anybody listens is no event.
            #expect(log.first(.proxyHeaderRefused) == nil)
            let slow = try await RawClient.connect(server)
            // On a slow machine the time is up before the bytes come, and the end is a reset.
            try? await slow.send("PROXY TCP4 ")
            do { #expect(try await slow.receiveAll() == "") } catch RawClient.Failure.reset {}
        }
    }

    @Test func `a header that ends early is an event`() async throws {
        let log = EventLog()
        try await withServer({ $0.proxyProtocol = true }, log: log, handler: address) { server, _ in
            let client = try await RawClient.connect(server)
            try await client.send("PROXY TCP4 ")
            client.finishSending()
            #expect(try await client.receiveAll() == "")
            #expect(log.first(.proxyHeaderRefused)?.error as? ProxyHeaderError == .incomplete)
        }
    }

    @Test func `only the named load balancers are asked for a header`() async throws {
        let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        for (peers, isAsked) in [(["10.0.0.0/8", "127.0.0.0/8"], true), (["10.0.0.0/8"], false)] {
            try await withServer(
                {
                    $0.proxyProtocol = true
                    $0.proxyProtocolPeers = peers.compactMap(AddressRange.init)
                }, handler: address
            ) { server, _ in
                let client = try await RawClient.connect(server)
                try await client.send(isAsked ? "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n" + request : request)
                #expect(try await client.receiveAll().hasSuffix(isAsked ? "192.0.2.1" : "127.0.0.1"))
            }
        }
    }

    @Test func `a client that calls itself somebody else is refused by a server that asks for no header`() async throws
    {
        try await withServer(handler: address) { server, _ in
            let client = try await RawClient.connect(server)
            try await client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receiveAll().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test func `TLS begins behind the header`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer(
            {
                $0.proxyProtocol = true
                $0.tls = tls
            }, handler: address
        ) { server, _ in
            for option in ["--haproxy-protocol", "--no-haproxy-protocol"] {
                let result = try await Program.run(
                    "curl", ["-s", option, "--cacert", certificates.authority, "https://localhost:\(server.port)/"])
                // Without a header curl's handshake is none: 35.
                #expect(result.status == (option == "--haproxy-protocol" ? 0 : 35))
                #expect(result.output == (result.status == 0 ? "127.0.0.1" : ""))
            }
        }
    }

    @Test func `a header and the beginning of TLS may come in one piece`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer(
            {
                $0.proxyProtocol = true
                $0.tls = tls
            }, handler: address
        ) { server, _ in
            let result = try await Program.python(
                """
                import socket, ssl, sys
                context = ssl.create_default_context(cafile=sys.argv[1])
                incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
                tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
                sock = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=50)
                outgoing.write(b"PROXY TCP6 2001:db8::7 ::1 1 2\\r\\n")
                def until(step):
                    while True:
                        try:
                            result = step()
                            sock.sendall(outgoing.read())
                            return result
                        except ssl.SSLWantReadError:
                            sock.sendall(outgoing.read())
                            incoming.write(sock.recv(65536))
                until(tls.do_handshake)
                until(lambda: tls.write(b"GET / HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"))
                print(until(lambda: tls.read(65536)).split(b"\\r\\n\\r\\n")[1].decode())
                """, certificates.authority, "\(server.port)")
            #expect(result.output == "2001:db8::7\n")
        }
    }

    @Test(arguments: ["send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id,authority"])
    func `HAProxy is understood`(option: String) async throws {
        try await withServer({ $0.proxyProtocol = true }, handler: address) { server, _ in
            let proxy = try await HAProxy(for: server, option)
            let result = try await Program.run(
                "curl", ["-sS", "--interface", "127.0.0.9", "http://127.0.0.1:\(proxy.port)/"])
            #expect(result.output == "127.0.0.9")
        }
    }
}

/// Answers with the address of the client.
private let address: Handler = { Response($0.peerAddress) }

/// A private HAProxy that passes connections on, killed with its last reference.
private final class HAProxy {
    let port: Int
    private let folder: TemporaryFolder
    private let process: Program

    init(for server: SocketAddress, _ option: String) async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        // HAProxy takes a listening socket by its number, so the system chooses the port and nobody can be faster.
        let (descriptor, address) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: 16)
        defer { Socket.close(descriptor) }
        port = address.port
        try """
        global
            maxconn 100
        defaults
            mode tcp
            timeout connect 50s
            timeout client 50s
            timeout server 50s
        listen all
            bind fd@\(Program.firstDescriptor)
            server only 127.0.0.1:\(server.port) \(option)

        """.write(toFile: folder.file("haproxy.cfg"), atomically: true, encoding: .utf8)
        process = try Program(
            "haproxy", ["-db", "-q", "-f", folder.file("haproxy.cfg")], descriptors: [descriptor])
    }
}
