import MartletHTTP
import MartletIO
import MartletServer
import MartletTiming
import Testing

@Suite struct ConnectionTimeLimitTests {
    @Test func `a body that stands still is not waited for beyond the request's time`() async throws {
        let handler: Handler = { request in
            do {
                let body = try await withTimeLimit(.milliseconds(20)) { try await request.body.collect() }
                return Response("\(body.count) bytes")
            } catch is TimeLimitError {
                return Response("too late", status: .serviceUnavailable)
            }
        }
        try await withServer(
            {
                // Neither the server's patience nor the client's ends first.
                $0.bodyTimeout = .seconds(1_000)
            }, handler: handler
        ) { address, _ in
            let client = try await RawClient.connect(address)
            try await client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n123")
            let answer = try await client.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.hasSuffix("too late"))
            await client.close()
        }
    }

    @Test func `what has a time limit stays on its connection's worker, and the connection goes on afterwards`()
        async throws
    {
        let handler: Handler = { request in
            let isOver = request.path == "/over"
            do {
                return try await withTimeLimit(isOver ? .zero : .seconds(1_000)) {
                    let isHere = Worker.current?.isCurrent == true
                    try Task.checkCancellation()
                    return Response("\(isHere)")
                }
            } catch is TimeLimitError {
                return Response("over \(Worker.current?.isCurrent == true) \(Task.isCancelled)")
            }
        }
        try await withServer(handler: handler) { address, _ in
            let client = try await RawClient.connect(address)
            for (path, content) in [("/", "\r\n\r\ntrue"), ("/over", "\r\n\r\nover true false"), ("/", "\r\n\r\ntrue")]
            {
                try await client.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                let answer = try await client.receive(through: content)
                #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            await client.close()
        }
    }
}
