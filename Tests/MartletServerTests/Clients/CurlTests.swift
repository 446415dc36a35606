import MartletHTTP
import MartletIO
import MartletServer
import TestPrograms
import Testing

/// What curl, a client that others have written, makes of the server.
@Suite(.enabled(if: Program.exists("curl"), "curl is not installed: apt install curl")) struct CurlTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// `URL` stands for the address of the server.
        let arguments: [String]
        var input = ""
        /// What curl writes, in this order.
        let output: [String]
        /// What it does not write.
        var absent: [String] = ["curl:"]
    }

    static let cases = [
        Case(
            testDescription: "RFC 9112 §2.3: HTTP/1.1", arguments: ["-i", "URL/a"],
            output: ["HTTP/1.1 200 OK\r\n", "Content-Length: 9\r\n", "\r\n\r\nGET /a []"],
            absent: ["Connection:", "curl:"]),
        Case(
            testDescription: "RFC 9112 §2.3: HTTP/1.0", arguments: ["-i", "--http1.0", "URL/a"],
            output: ["HTTP/1.1 200 OK\r\n", "Connection: close\r\n", "\r\n\r\nGET /a []"]),
        Case(
            testDescription: "RFC 9112 §9.3: one connection for three requests",
            arguments: ["-w", " %{num_connects};", "URL/1", "URL/2", "URL/3"],
            output: ["GET /1 [] 1;", "GET /2 [] 0;", "GET /3 [] 0;"]),
        Case(
            testDescription: "RFC 9112 §9.3: HTTP/1.0 that asks to stay",
            arguments: [
                "--http1.0", "-H", "Connection: keep-alive", "-w", " %{num_connects};", "URL/1", "URL/2",
            ], output: ["GET /1 [] 1;", "GET /2 [] 0;"]),
        Case(
            testDescription: "RFC 9112 §9.6: a client that closes",
            arguments: ["-H", "Connection: close", "-w", " %{num_connects};", "URL/1", "URL/2"],
            output: ["GET /1 [] 1;", "GET /2 [] 1;"]),
        Case(
            testDescription: "RFC 9110 §8.6: an upload of known length", arguments: ["-d", "a=b&c", "URL/"],
            output: ["POST / [a=b&c]"]),
        Case(
            testDescription: "RFC 9112 §7.1: a chunked upload",
            arguments: ["-H", "Transfer-Encoding: chunked", "--data-binary", "@-", "URL/"],
            input: String(repeating: "0123456789", count: 10_000), output: ["POST / [0123456789012", "456789]"]),
        Case(
            testDescription: "RFC 9110 §10.1.1: 100 Continue, then the answer",
            arguments: ["-i", "-H", "Expect: 100-continue", "-d", "Hello", "URL/"],
            output: ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n", "\r\n\r\nPOST / [Hello]"]),
        Case(
            testDescription: "RFC 9110 §10.1.1: no 100 where the body is not wanted",
            arguments: ["-i", "-H", "Expect: 100-continue", "-d", "Hello", "URL/refuse"],
            output: ["HTTP/1.1 413 Content Too Large\r\n", "Connection: close\r\n", "too much"],
            absent: ["100 Continue", "curl:"]),
        Case(
            testDescription: "RFC 9110 §10.1.1: an expectation nobody knows",
            arguments: ["-i", "-H", "Expect: coffee", "URL/"], output: ["HTTP/1.1 417 Expectation Failed\r\n"]),
        Case(
            testDescription: "RFC 9110 §9.3.2: HEAD, and the connection goes on",
            arguments: ["-I", "-w", "%{size_download} %{num_connects};", "URL/a", "URL/b"],
            output: ["HTTP/1.1 200 OK\r\n", "Content-Length: 10\r\n", "0 1;", "HTTP/1.1 200 OK\r\n", "0 0;"]),
        Case(
            testDescription: "RFC 9112 §3.2.2: an absolute target, sent to a proxy",
            arguments: ["--proxy", "URL", "http://other.example:81/host?a=b"], output: ["other.example:81 /host a=b"]),
        Case(
            testDescription: "RFC 9112 §3.2.4: OPTIONS *",
            arguments: ["-X", "OPTIONS", "--request-target", "*", "URL/"], output: ["OPTIONS * []"]),
        Case(
            testDescription: "RFC 9112 §7.1: a streamed answer", arguments: ["-i", "URL/stream"],
            output: ["Transfer-Encoding: chunked\r\n", "\r\n\r\nfirst second"]),
        Case(
            testDescription: "RFC 9112 §6.3: a streamed answer to HTTP/1.0",
            arguments: ["-i", "--http1.0", "URL/stream"],
            output: ["Connection: close\r\n", "\r\n\r\nfirst second"], absent: ["Transfer-Encoding", "curl:"]),
        Case(
            testDescription: "RFC 3986 §5.2.4: a path that leads out", arguments: ["-i", "--path-as-is", "URL/../etc"],
            output: ["HTTP/1.1 400 Bad Request\r\n"]),
        Case(
            testDescription: "RFC 9110 §15.5.15: a long target",
            arguments: ["-i", "URL/\(String(repeating: "a", count: 9_000))"],
            output: ["HTTP/1.1 414 URI Too Long\r\n"]),
        Case(
            testDescription: "RFC 9110 §15.5.14: an early answer to 50 MB, which curl would send whole",
            arguments: ["-i", "-H", "Expect:", "-X", "POST", "-T", "FILE", "URL/refuse"],
            output: ["HTTP/1.1 413 Content Too Large\r\n", "too much"], absent: ["curl: (56)", "curl: (55)"]),
        Case(
            testDescription: "RFC 9110 §15.5.14: an early answer to an endless chunked upload",
            arguments: [
                "-i", "-H", "Expect:", "-H", "Transfer-Encoding: chunked", "-X", "POST", "-T", "FILE", "URL/refuse",
            ],
            output: ["HTTP/1.1 413 Content Too Large\r\n", "too much"], absent: ["curl: (56)", "curl: (55)"]),
        Case(
            testDescription: "RFC 9110 §15.5.14: a declared length beyond the limit",
            arguments: ["-i", "-H", "Expect:", "-X", "POST", "-T", "FILE", "URL/"],
            output: ["HTTP/1.1 413 Content Too Large\r\n", "Connection: close\r\n"],
            absent: ["curl: (56)", "curl: (55)"]),
    ]

    @Test(arguments: cases)
    func `curl gets what it asks for`(_ example: Case) async throws {
        let folder = try TemporaryFolder()
        let needsFile = example.arguments.contains("FILE")
        if needsFile { try TemporaryFolder.makeFile(folder.file("large"), byteCount: 50_000_000) }
        try await withServer({ $0.requestLimits.bodyBytes = 40_000_000 }, handler: clientHandler) { address, _ in
            let arguments = example.arguments.map {
                $0.replacing("URL", with: "http://\(address)").replacing("FILE", with: folder.file("large"))
            }
            let result = try await Program.run(
                "curl", ["-sS", "--max-time", "50", "--noproxy", ""] + arguments, input: example.input)
            var rest = result.output[...]
            for part in example.output {
                let range = try #require(rest.firstRange(of: part), "\(part.debugDescription) in \(result.output)")
                rest = rest[range.upperBound...]
            }
            for text in example.absent { #expect(!result.output.contains(text)) }
        }
    }
}

/// Answers what the tests with foreign clients ask for.
let clientHandler: Handler = { request in
    switch request.path {
    case "/refuse":
        return Response("too much", status: .contentTooLarge)
    case "/host":
        return Response("\(request.headers[.host] ?? "") \(request.path) \(request.queryString)")
    case "/stream":
        return Response(
            body: .stream { writer in
                try await writer.write("first ")
                try await writer.write("second")
            })
    default:
        return try await echo(request)
    }
}
