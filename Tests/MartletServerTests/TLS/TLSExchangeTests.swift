import MartletHTTP
import MartletIO
import MartletServer
import MartletTLS
import TestPrograms
import Testing

/// What is said over TLS once the two have agreed; the clients are other people's.
@Suite struct TLSExchangeTests {
    @Test func `curl gets an answer and trusts the whole chain`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: { Response("\($0.path) \($0.scheme) \($0.isEncrypted)") }) {
            address, _ in
            let result = try await Program.run(
                "curl", ["-sS", "--cacert", certificates.authority, "https://localhost:\(address.port)/a"])
            #expect(result.output == "/a https true")
        }
    }

    @Test func `curl refuses a certificate for another host`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let log = EventLog()
        try await withServer({ $0.tls = tls }, log: log, handler: echo) { address, _ in
            let result = try await Program.run(
                "curl",
                [
                    "-sS", "--cacert", certificates.authority, "--resolve", "example.com:\(address.port):127.0.0.1",
                    "https://example.com:\(address.port)/",
                ])
            // 60: the certificate does not fit.
            #expect(result.status == 60)
        }
    }

    @Test func `bodies of many megabytes go both ways over one connection`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: sameBody) { address, _ in
            let result = try await Program.python(
                """
                import http.client, ssl, sys
                context = ssl.create_default_context(cafile=sys.argv[1])
                connection = http.client.HTTPSConnection("localhost", int(sys.argv[2]), context=context, timeout=50)
                sockets = set()
                for size in (0, 1, 16383, 16384, 16385, 65536, 5_000_000):
                    body = bytes(i * 7 % 251 for i in range(min(size, 100_000))) * max(1, size // 100_000)
                    connection.request("POST", "/", body)
                    sockets.add(id(connection.sock))
                    answer = connection.getresponse().read()
                    assert answer == body, (size, len(answer))
                connection.request("POST", "/", iter([b"one", b"two" * 30000]), encode_chunked=True,
                                   headers={"Transfer-Encoding": "chunked"})
                assert connection.getresponse().read() == b"one" + b"two" * 30000
                print(len(sockets), connection.sock.version())
                """, certificates.authority, "\(address.port)")
            #expect(result.output == "1 TLSv1.3\n")
        }
    }

    @Test(arguments: ["TLSv1_2", "TLSv1_3"])
    func `pipelined requests are answered in order, and the end is said`(version: String) async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            let result = try await Program.python(
                connect + """
                    requests = b"".join(b"GET /%d HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n" % i for i in range(200))
                    sock.sendall(requests + b"GET /last HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
                    answer = b""
                    while piece := sock.recv(65536): answer += piece
                    import re
                    paths = re.findall(rb"GET (\\S+) ", answer)
                    print(paths == [b"/%d" % i for i in range(200)] + [b"/last"])
                    """, certificates.authority, "\(address.port)", version)
            // Without close_notify `recv` would have failed: Python takes a bare end for an attack.
            #expect(result.output == "True\n")
        }
    }

    @Test(arguments: ["TLSv1_2", "TLSv1_3"])
    func `a long answer arrives whole at a client that reads late`(version: String) async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let pattern = Array(UInt8(0)..<251)
        var made: [UInt8] = []
        for _ in 0..<48_000 { made += pattern }
        let body = made
        let handler: Handler = { request in
            guard request.path == "/stream" else { return Response(body: .bytes(body)) }
            return Response(
                body: .stream { writer in
                    for start in stride(from: 0, to: body.count, by: 70_001) {
                        try await writer.write(Array(body[start..<min(body.count, start + 70_001)]))
                    }
                })
        }
        try await withServer({ $0.tls = tls }, handler: handler) { address, _ in
            let result = try await Program.python(
                connect + """
                    import http.client, hashlib, select
                    sums = set()
                    for path in (b"/", b"/stream"):
                        sock.sendall(b"GET %s HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n" % path)
                        # Until something has come; by then the server has filled all buffers, or will soon.
                        select.select([sock], [], [])
                        response = http.client.HTTPResponse(sock)
                        response.begin()
                        digest = hashlib.sha256()
                        while piece := response.read(10_000): digest.update(piece)
                        sums.add(digest.hexdigest())
                    body = bytes(range(251)) * 48_000
                    print(sums == {hashlib.sha256(body).hexdigest()})
                    """, certificates.authority, "\(address.port)", version)
            #expect(result.output == "True\n")
        }
    }

    @Test func `a client that says its end after its request still gets the answer`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            let result = try await Program.python(
                records + """
                    until(tls.do_handshake)
                    tls.write(b"GET /half HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
                    try: tls.unwrap()
                    except ssl.SSLWantReadError: pass
                    sock.sendall(outgoing.read())
                    sock.shutdown(socket.SHUT_WR)
                    print(until(lambda: tls.read(65536)).split(b"\\r\\n\\r\\n")[1].decode())
                    try: print(until(lambda: tls.read(65536)))
                    except ssl.SSLZeroReturnError: print("said its end too")
                    """, certificates.authority, "\(address.port)")
            #expect(result.output == "GET /half []\nsaid its end too\n")
        }
    }

    @Test func `an answer that is cut short does not end as a whole one does`() async throws {
        struct Broken: Error {}
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let handler: Handler = { _ in
            Response(
                body: .stream { writer in
                    try await writer.write(Array(repeating: 0x61, count: 100_000))
                    throw Broken()
                })
        }
        try await withServer({ $0.tls = tls }, handler: handler) { address, _ in
            let result = try await Program.python(
                connect + """
                    sock.sendall(b"GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n")
                    try:
                        while sock.recv(65536): pass
                        print("whole")
                    except (ssl.SSLEOFError, ConnectionResetError): print("cut")
                    """, certificates.authority, "\(address.port)", "TLSv1_3")
            #expect(result.output == "cut\n")
        }
    }

    @Test func `a client that goes away without a word leaves a server that goes on`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            let result = try await Program.python(
                connect + """
                    import struct
                    for request in (b"", b"GET / HT", b"POST / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9\\r\\n\\r\\nab"):
                        for reset in (False, True):
                            other = wrap()
                            other.sendall(request)
                            if reset:
                                other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                            socket.socket(fileno=other.detach()).close()
                    sock.sendall(b"GET /still HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
                    answer = b""
                    while piece := sock.recv(65536): answer += piece
                    print(b"GET /still []" in answer)
                    """, certificates.authority, "\(address.port)", "TLSv1_3")
            #expect(result.output == "True\n")
        }
    }

    @Test func `a body that ends early is not taken for a whole one`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        let journal = Journal()
        let handler: Handler = { request in
            let body = try await request.body.collect()
            journal.add("\(body.count) bytes")
            return Response("")
        }
        try await withServer({ $0.tls = tls }, handler: handler) { address, _ in
            let result = try await Program.python(
                connect + """
                    sock.sendall(b"POST / HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Length: 9\\r\\n\\r\\nabc")
                    # The end of the socket without the end of TLS.
                    sock.shutdown(socket.SHUT_WR)
                    import socket as s
                    raw = s.socket(fileno=sock.detach())
                    raw.settimeout(50)
                    while raw.recv(65536): pass
                    print("closed")
                    """, certificates.authority, "\(address.port)", "TLSv1_3")
            #expect(result.output == "closed\n")
            #expect(journal.entries == [])
        }
    }

    @Test func `records may come byte by byte`() async throws {
        let (certificates, tls) = try await TestCertificates.forLocalhost()
        try await withServer({ $0.tls = tls }, handler: echo) { address, _ in
            let result = try await Program.python(
                records + """
                    send = drip
                    until(tls.do_handshake)
                    for i in range(5):
                        tls.write(b"GET /%d HTTP/1.1\\r\\n" % i)
                        tls.write(b"Host: localhost\\r\\n\\r\\n")
                        send()
                        print(until(lambda: tls.read(65536)).split(b"\\r\\n\\r\\n")[1].decode())
                    """, certificates.authority, "\(address.port)")
            #expect(result.output == (0..<5).map { "GET /\($0) []\n" }.joined())
        }
    }
}

/// The beginning of a script: a connection to `localhost` in `sock`, and `wrap` to make another.
private let connect = """
    import socket, ssl, sys
    context = ssl.create_default_context(cafile=sys.argv[1])
    context.minimum_version = context.maximum_version = ssl.TLSVersion[sys.argv[3]]
    def wrap():
        plain = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=50)
        return context.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=False)
    sock = wrap()

    """

/// The beginning of a script: TLS in `tls`, whose records go to `sock` by `send`, in one piece or byte by byte.
private let records = """
    import socket, ssl, sys
    context = ssl.create_default_context(cafile=sys.argv[1])
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    sock = socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=50)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    def send():
        if piece := outgoing.read(): sock.sendall(piece)
    def drip():
        for byte in outgoing.read(): sock.sendall(bytes([byte]))
    def until(step):
        while True:
            try:
                result = step()
                send()
                return result
            except ssl.SSLWantReadError:
                send()
                piece = sock.recv(65536)
                if piece: incoming.write(piece)
                else: incoming.write_eof()

    """

/// Answers with the body as it came.
private let sameBody: Handler = { request in
    var body: [UInt8] = []
    for try await piece in request.body { body += piece }
    return Response(body: .bytes(body))
}
