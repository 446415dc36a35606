import MartletHTTP
import MartletIO
import MartletServer
import MartletTLS
import TestPrograms
import Testing

/// What the two agree on, and what the server refuses. `openssl s_client` is the client.
@Suite struct HandshakeTests {
    struct Offer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let options: [String]
        /// What the client prints; `nil` when the handshake fails.
        var result: String?
        /// What the server's event says when it fails.
        var reason: String?
    }

    // RFC 9325 §3.1 (versions), §4.2 (ciphers); RFC 7301 §3.2 (protocols)
    static let offers = [
        Offer(
            testDescription: "TLS 1.1 is too old",
            options: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], reason: "unsupported protocol"),
        Offer(testDescription: "TLS 1.2", options: ["-tls1_2"], result: "Protocol  : TLSv1.2"),
        Offer(testDescription: "TLS 1.3", options: ["-tls1_3"], result: "New, TLSv1.3"),
        Offer(
            testDescription: "a cipher without forward secrecy", options: ["-tls1_2", "-cipher", "AES128-SHA"],
            reason: "no shared cipher"),
        Offer(
            testDescription: "the server's order of ciphers",
            options: ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256"],
            result: "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"),
        Offer(
            testDescription: "ChaCha20 for a client that wants it most",
            options: ["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256"],
            result: "Cipher is ECDHE-ECDSA-CHACHA20-POLY1305"),
        Offer(testDescription: "no compression", options: ["-tls1_2", "-comp"], result: "Compression: NONE"),
        Offer(testDescription: "no offer of protocols", options: [], result: "No ALPN negotiated"),
        Offer(
            testDescription: "HTTP/1.1 among the offers", options: ["-alpn", "h2,http/1.1"],
            result: "ALPN protocol: http/1.1"),
        Offer(
            testDescription: "only HTTP/2 offered", options: ["-alpn", "h2"],
            reason: "no application protocol"),
        Offer(
            testDescription: "an offer that only begins alike", options: ["-alpn", "http/1.10"],
            reason: "no application protocol"),
    ]

    @Test(arguments: offers)
    func `what a client offers is agreed on or refused`(offer: Offer) async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let log = EventLog()
        try await withServer({ $0.tls = tls }, log: log, handler: echo) { address, _ in
            let client = try await client(address, certificates, offer.options)
            if let result = offer.result {
                #expect(client.output.contains(result))
                #expect(client.output.contains("Verify return code: 0 (ok)"))
                #expect(log.first(.handshakeFailed) == nil)
            } else {
                #expect(client.status != 0)
                let event = try #require(log.first(.handshakeFailed))
                #expect(event.message.contains(offer.reason ?? "never"))
                #expect(event.peerAddress == "127.0.0.1")
            }
        }
    }

    struct Name: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let host: String?
        let certificate: String
    }

    // RFC 6066 §3, RFC 9525 §6.3
    static let names = [
        Name(testDescription: "none", host: nil, certificate: "first"),
        Name(testDescription: "the first one's", host: "localhost", certificate: "first"),
        Name(testDescription: "an exact one", host: "www.example.com", certificate: "exact"),
        Name(testDescription: "an exact one in capitals", host: "WWW.Example.COM", certificate: "exact"),
        Name(testDescription: "a second one in the same certificate", host: "example.net", certificate: "exact"),
        Name(testDescription: "one under a wildcard", host: "shop.example.com", certificate: "wildcard"),
        Name(testDescription: "two labels under a wildcard", host: "a.shop.example.com", certificate: "first"),
        Name(testDescription: "the wildcard's own domain", host: "example.com", certificate: "first"),
        Name(testDescription: "an unknown one", host: "example.org", certificate: "first"),
    ]

    @Test func `the host that a client names chooses the certificate`() async throws {
        let certificates = try await TestCertificates()
        let tls = TLSSettings.certificates([
            try await certificates.make("first", hosts: ["localhost"]),
            try await certificates.make("wildcard", hosts: ["*.example.com"]),
            try await certificates.make("exact", hosts: ["www.example.com", "example.net"]),
        ])
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            for name in Self.names {
                let options = name.host.map { ["-servername", $0] } ?? ["-noservername"]
                let client = try await client(address, certificates, options)
                #expect(client.output.contains("subject=CN = \(name.certificate)\n"), "\(name.testDescription)")
            }
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `a client that comes back resumes its session`(version: String) async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let session = certificates.folder.file("session")
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            let request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let first = try await client(
                address, certificates, [version, "-ign_eof", "-sess_out", session], input: request)
            let second = try await client(
                address, certificates, [version, "-ign_eof", "-sess_in", session], input: request)
            #expect(first.output.contains("New, TLSv1"))
            #expect(second.output.contains("Reused, TLSv1"))
            #expect(second.output.contains("GET / []"))
        }
    }

    @Test func `a client cannot begin anew within a connection`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            // A line of 'R' alone makes s_client renegotiate.
            let client = try await client(address, certificates, ["-tls1_2"], input: "R\n")
            #expect(client.output.contains("no renegotiation"))
        }
    }

    @Test func `new keys within a connection change nothing for the requests`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        defer { withExtendedLifetime(certificates) {} }
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            // A line of 'K' alone makes s_client change its keys and ask for the server's.
            let output = try await Program.converse(
                "openssl",
                ["s_client", "-tls1_3", "-crlf", "-connect", "127.0.0.1:\(address.port)"],
                [
                    (after: "Verify return code", send: { "K\n" }),
                    (after: "KEYUPDATE", send: { "GET /keys HTTP/1.1\nHost: localhost\n\n" }),
                    (after: "GET /keys []", send: { "K\n" }),
                    (after: "KEYUPDATE", send: { "GET /again HTTP/1.1\nHost: localhost\n\n" }),
                    (after: "GET /again []", send: { "Q\n" }),
                ])
            #expect(output.contains("GET /keys []"))
            #expect(output.contains("GET /again []"))
        }
    }

    @Test func `HTTP without TLS is told where it is`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        defer { withExtendedLifetime(certificates) {} }
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(answer.contains("\r\nConnection: close\r\n"))
            #expect(answer.hasSuffix("This port speaks HTTPS only. Begin the address with https://."))
        }
    }

    @Test(arguments: ["\u{16}\u{3}\u{1}\u{0}\u{5}hello", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", "SSH-2.0-OpenSSH_9\r\n"])
    func `what is no handshake ends the connection and is an event`(bytes: String) async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        defer { withExtendedLifetime(certificates) {} }
        let log = EventLog()
        try await withServer({ $0.tls = tls }, log: log, handler: echo) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send(bytes)
            _ = try await client.receiveAllBytes()
            #expect(log.first(.handshakeFailed)?.error is TLSFailure)
        }
    }

    @Test func `a client that says nothing is cut while others are served`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let log = EventLog()
        try await withServer(
            {
                $0.tls = tls
                $0.headTimeout = .seconds(2)
            }, log: log, handler: echo
        ) { address, _ in
            let silent = try await RawClient.connect(address)
            let slow = try await RawClient.connect(address)
            // The beginning of a ClientHello, and no more.
            try? await slow.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
            let result = try await Program.run(
                "curl", ["-sS", "--cacert", certificates.authority, "https://localhost:\(address.port)/meanwhile"])
            #expect(result.output == "GET /meanwhile []")
            #expect(try await silent.receiveAllBytes() == [])
            // On a slow machine the time is up before the bytes come, and the end is a reset.
            do { #expect(try await slow.receiveAllBytes() == []) } catch RawClient.Failure.reset {}
            // Whoever has said something is told of; a port that is only looked at is not.
            #expect(log.all(.handshakeFailed).count <= 1)
        }
    }

    @Test func `a client that leaves within its handshake is an event, and one that only looks in is none`()
        async throws
    {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        defer { withExtendedLifetime(certificates) {} }
        let log = EventLog()
        try await withServer({ $0.tls = tls }, log: log, handler: echo) { address, _ in
            for bytes in [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01]] as [[UInt8]] {
                let client = try await RawClient.connect(address)
                try await client.send(bytes)
                client.finishSending()
                #expect(try await client.receiveAllBytes() == [])
            }
            #expect(log.all(.handshakeFailed).map(\.message) == ["A TLS handshake failed. \(TLSFailure.closed)"])
        }
    }

    @Test func `a server that stops does not wait for a handshake that stands still`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        defer { withExtendedLifetime(certificates) {} }
        try await withServer({ $0.tls = tls }, handler: echo) { address, server in
            let slow = try await RawClient.connect(address)
            try await slow.send([0x16, 0x03, 0x01])
            await server.stop(grace: .seconds(60))
            #expect(try await slow.receiveAllBytes() == [])
        }
    }

    private func client(
        _ address: SocketAddress, _ certificates: TestCertificates, _ options: [String], input: String = ""
    ) async throws -> Program.Result {
        try await Program.run(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(address.port)", "-CAfile", certificates.authority] + options,
            input: input)
    }
}
