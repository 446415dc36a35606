import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletTiming
import Testing

@Suite struct RequestTimeoutTests {
    private static func answer(
        _ path: String, _ time: ManualTime = ManualTime(), limit: Duration? = .seconds(10),
        headers: KeyValuePairs<String, String> = [:], sink: MemorySink = MemorySink()
    ) async throws -> Response {
        let urls = URLs {
            MartletRouting.path(
                "after/<int:seconds>/",
                { (_, seconds: Int) in
                    time.advance(by: .seconds(seconds))
                    try Task.checkCancellation()
                    return Response("in time")
                })
            MartletRouting.path(
                "long/<int:seconds>/",
                { (_, seconds: Int) in
                    time.advance(by: .seconds(seconds))
                    try Task.checkCancellation()
                    return Response("in time")
                }
            ).timeout(.seconds(60))
            MartletRouting.path(
                "endless/<int:seconds>/",
                { (_, seconds: Int) in
                    time.advance(by: .seconds(seconds))
                    return Response(TimeLimit.current == nil ? "no limit" : "limit")
                }
            ).timeout(nil)
            MartletRouting.path(
                "stubborn/",
                { _ in
                    time.advance(by: .seconds(11))
                    return Response("late")
                })
            MartletRouting.path(
                "broken/",
                { _ in
                    time.advance(by: .seconds(11))
                    throw Broken()
                })
            MartletRouting.path(
                "missing/",
                { _ in
                    time.advance(by: .seconds(11))
                    throw HTTPError(.notFound)
                })
            MartletRouting.path(
                "stream/",
                { _ in
                    Response.stream(contentType: .plainText) { writer in
                        time.advance(by: .seconds(100))
                        try await writer.write("\(Task.isCancelled) \(TimeLimit.current == nil)")
                    }
                })
        }
        let layers: [any Middleware] = [RequestID(), RequestLog(), RequestTimeout(limit, time: time.source), Inner()]
        let handler = Dispatcher(try RouteTable(urls), middleware: layers).handler
        return try await Logger.with(LogSettings(sink: sink)) {
            try await handler(.make(.get, path, headers: headers))
        }
    }

    struct Broken: Error {}

    /// A layer inside: what is thrown when the time is over passes by it, and by the error pages.
    private struct Inner: Middleware {
        func respond(to request: Request, next: Handler) async throws -> Response { try await next(request) }
    }

    static let times: [(String, HTTPStatus, String?)] = [
        ("/after/9/", .ok, "in time"), ("/after/10/", .serviceUnavailable, nil),
        ("/long/59/", .ok, "in time"), ("/long/60/", .serviceUnavailable, nil), ("/endless/9999/", .ok, "no limit"),
        // Nothing can stop it, and what it has done is done.
        ("/stubborn/", .ok, "late"),
        ("/broken/", .serviceUnavailable, nil),
        // The view has an answer, and it is not that the time was over.
        ("/missing/", .notFound, nil),
    ]

    @Test(arguments: times)
    func `a request has its time`(_ path: String, _ status: HTTPStatus, _ text: String?) async throws {
        let response = try await Self.answer(path)
        #expect(response.status == status)
        if let text { #expect(response.text == text) }
    }

    @Test func `without a limit of the site only routes have one`() async throws {
        #expect(try await Self.answer("/after/9999/", limit: nil).status == .ok)
        #expect(try await Self.answer("/long/60/", limit: nil).status == .serviceUnavailable)
    }

    @Test func `a stream goes on when the time of its view is over`() async throws {
        #expect(try await Self.answer("/stream/").content == "false true")
    }

    @Test func `the answer is a page, or JSON for whoever prefers it`() async throws {
        let page = try await Self.answer("/after/10/", headers: ["Accept": "text/html"])
        #expect(page.text.contains("<p>The answer took too long. Try again later.</p>"))
        let json = try await Self.answer("/after/10/", headers: ["Accept": "application/json"])
        #expect(json.text == #"{"detail":"The answer took too long. Try again later."}"#)
    }

    @Test func `the log has what was given up`() async throws {
        let sink = MemorySink()
        _ = try await Self.answer("/broken/", sink: sink)
        #expect(sink.events.map(\.name) == ["request_started", "request_timed_out", "request_finished"])
        let event = try #require(sink.events.dropFirst().first)
        #expect(event.level == .warning)
        #expect(event["limit"] == .double(10))
        #expect(event["route"] == .string("/broken/"))
        #expect(event["error"] == .string("Broken: Broken()"))
        #expect(event["request_id"] != nil)
        #expect(sink.events.last?["code"] == .int(503))
    }

    @Test func `an outer layer can still wait after the time is over`() async throws {
        let time = ManualTime()
        let layer = RequestTimeout(.seconds(1), time: time.source)
        await #expect(throws: RequestTimeoutError.self) {
            try await layer.respond(to: .make()) { _ in
                time.advance(by: .seconds(1))
                try Task.checkCancellation()
                return Response("never")
            }
        }
        #expect(!Task.isCancelled)
    }

    @Test func `a client that leaves is no time-out`() async throws {
        let layer = RequestTimeout(.seconds(1), time: ManualTime().source)
        let task = Task {
            try await layer.respond(to: .make()) { _ in
                let (never, _) = AsyncStream.makeStream(of: Never.self)
                for await _ in never {}
                try Task.checkCancellation()
                return Response("never")
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
