import Glibc
import MartletHTTP
import MartletIO
import MartletServer
import Testing

/// Limits at their very border, with the values they have unless told.
@Suite(.timeLimit(.minutes(5))) struct BorderTests {
    @Test func `a body is collected up to 2.5 MB to the byte, and one byte more gives 413`() async throws {
        let handler: Handler = { request in Response("\(try await request.body.collect().count)") }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2621440\r\n\r\n")
            try await client.send([UInt8](repeating: 0x61, count: 2_621_440))
            #expect(try await client.receive(through: "\r\n\r\n2621440").hasPrefix("HTTP/1.1 200 OK\r\n"))
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2621441\r\n\r\n")
            let answer = try await client.receive(through: "the limit: 2621440 bytes (collectedBytes).")
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            await client.close()
            // The same without a length that could be judged beforehand.
            let chunked = try await RawClient.connect(address)
            try await chunked.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n280000\r\n")
            try await chunked.send([UInt8](repeating: 0x61, count: 2_621_440))
            try await chunked.send("\r\n1\r\na\r\n0\r\n\r\n")
            let refusal = try await chunked.receive(through: "the limit: 2621440 bytes (collectedBytes).")
            #expect(refusal.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            await chunked.close()
        }
    }

    @Test func `what no view wants is dropped up to the border, beyond it the connection closes`() async throws {
        try await withServer({ $0.maximumDrainedBodySize = 1_000 }, handler: { _ in Response("early") }) { address, _ in
            let kept = try await RawClient.connect(address)
            try await kept.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n")
            #expect(try await kept.receive(through: "early").contains("Connection: close") == false)
            try await kept.send([UInt8](repeating: 0x61, count: 1_000))
            try await kept.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await kept.receive(through: "early").hasPrefix("HTTP/1.1 200 OK\r\n"))
            await kept.close()
            let closed = try await RawClient.connect(address)
            try await closed.send("POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n")
            #expect(try await closed.receiveAll().contains("\r\nConnection: close\r\n"))
            await closed.close()
        }
    }

    @Test func `the limit of all connections counts those of every worker`() async throws {
        let counts = try await answers { $0.maximumConnections = 3 }
        #expect(counts == [200: 3, 503: 37])
    }

    @Test func `the limit of a worker is that of each of them`() async throws {
        // Which worker a connection comes to is the kernel's choice; of forty no worker gets less than two.
        let counts = try await answers { $0.maximumConnectionsPerWorker = 2 }
        #expect(counts == [200: 4, 503: 36])
    }

    /// How often each status answers forty connections that stay open, of a server with two workers.
    private func answers(_ limit: (inout ServerSettings) -> Void) async throws -> [Int: Int] {
        var counts: [Int: Int] = [:]
        try await withServer(
            {
                limit(&$0)
                $0.connectionLimitAnswer = .refuse
            }, handler: echo
        ) { address, _ in
            var clients: [RawClient] = []
            for _ in 0..<40 {
                let client = try await RawClient.connect(address)
                clients.append(client)
                try await client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                let head = try await client.receive(through: "\r\n\r\n")
                counts[Int(head.split(separator: " ")[1]) ?? 0, default: 0] += 1
            }
            for client in clients { await client.close() }
        }
        return counts
    }

    @Test func `the backlog is what the kernel is told`() throws {
        for backlog in [1, 7, 300] {
            let (descriptor, _) = try Socket.listen(host: "127.0.0.1", port: 0, backlog: backlog)
            defer { Socket.close(descriptor) }
            var info = tcp_info()
            var size = socklen_t(MemoryLayout<tcp_info>.size)
            try #require(getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0)
            // Of a listening socket this field is the length of its queue (net/ipv4/tcp_diag.c, `tcp_get_info`).
            #expect(info.tcpi_sacked == UInt32(backlog))
        }
    }

    @Test func `a client that has only finished sending is taken for gone within a second`() {
        #expect(ServerSettings().halfCloseTimeout < .seconds(1))
    }
}
