import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import Testing

@Suite struct RequestLogTests {
    struct Broken: Error {}

    private static func events(
        _ method: HTTPMethod, _ path: String, id: String? = nil, layer: RequestLog = RequestLog(started: nil)
    ) async throws -> [LogEvent] {
        let table = try RouteTable(
            URLs {
                MartletRouting.path("posts/<int:id>/", { (_, id: Int) in Response("post \(id)") }).methods(.get)
                MartletRouting.path("broken/", { _ in throw Broken() })
                MartletRouting.path("busy/", { _ in throw HTTPError(.serviceUnavailable) })
                MartletRouting.path("quiet/", { _ in Response("up") })
                MartletRouting.path("live/", { _ in Response("up") })
                MartletRouting.path("ready/", { _ in throw HTTPError(.serviceUnavailable) })
                MartletRouting.path("stream/", { _ in Response(body: .stream { _ in }) })
            })
        let handler = Dispatcher(table, middleware: [RequestID(), layer]).handler
        let sink = MemorySink()
        _ = try await Logger.with(LogSettings(levels: LogLevels(.debug), sink: sink)) {
            let agent = "Test/1 (\"x\")"
            return try await handler(
                .make(
                    method, path,
                    headers: id.map { ["User-Agent": agent, "X-Request-ID": $0] } ?? ["User-Agent": agent]))
        }
        return sink.events
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        let path: String
        var event = "request_finished"
        let level: LogLevel
        let status: Int
        var route: String?
        var bytes: Int?
    }

    static let cases = [
        Case(
            testDescription: "a page", path: "/posts/7/", level: .info, status: 200, route: "posts/<int:id>/", bytes: 6),
        Case(testDescription: "no such page", path: "/nowhere/", level: .warning, status: 404),
        Case(testDescription: "a redirect to the slash", path: "/posts/7", level: .info, status: 301, bytes: 0),
        Case(
            testDescription: "another method", method: .post, path: "/posts/7/", level: .warning, status: 405,
            route: "posts/<int:id>/"),
        Case(
            testDescription: "an error", path: "/broken/", event: "request_failed", level: .error, status: 500,
            route: "broken/"),
        Case(
            testDescription: "an error with a status is no failure", path: "/busy/", level: .error, status: 503,
            route: "busy/"),
        Case(testDescription: "a probe that fails", path: "/ready/", level: .error, status: 503, route: "ready/"),
        Case(testDescription: "a stream", path: "/stream/", level: .info, status: 200, route: "stream/"),
    ]

    @Test(arguments: cases)
    func `each request is one event`(_ example: Case) async throws {
        let events = try await Self.events(example.method, example.path, id: "abc-1")
        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(event.name == example.event)
        #expect(event.level == example.level)
        #expect(event["request"] == .string("\(example.method.rawValue) \(example.path)"))
        #expect(event["code"] == example.status.logDatum)
        #expect(event["route"] == example.route.map { "/" + $0 }.logDatum)
        #expect(event["request_id"] == .string("abc-1"))
        #expect(event["duration"] != nil)
        #expect(event["ip"] == nil)
        if let bytes = example.bytes { #expect(event["bytes"] == bytes.logDatum) }
    }

    @Test func `a failure has the exception`() async throws {
        let event = try #require(try await Self.events(.get, "/broken/").first)
        #expect(event["exception"] == .string("Broken: Broken()"))
    }

    // The names and keys of django_structlog/middlewares/request.py; `route`, `duration` and `bytes` are more.
    @Test func `a request is told when it starts and when it has ended, with the keys of django-structlog`()
        async throws
    {
        let events = try await Self.events(.get, "/posts/7/", layer: RequestLog())
        #expect(events.map(\.name) == ["request_started", "request_finished"])
        #expect(events.map(\.level) == [.info, .info])
        let keys = events.map { $0.fields.map(\.name) }
        #expect(keys[0] == ["request_id", "request", "user_agent"])
        #expect(keys[1] == ["request_id", "code", "request", "route", "duration", "bytes"])
        #expect(events[0]["request"] == .string("GET /posts/7/"))
        #expect(events[0]["user_agent"] == .string("Test/1 (\"x\")"))
        let failed = try await Self.events(.get, "/broken/", layer: RequestLog())
        #expect(failed.map(\.name) == ["request_started", "request_failed"])
        #expect(
            failed[1].fields.map(\.name) == [
                "request_id", "code", "request", "route", "duration", "bytes", "exception",
            ])
    }

    @Test(arguments: [(LogLevel?.none, false), (.debug, true), (.info, true)])
    func `the start of a request has a level of its own, or is left out`(
        _ level: LogLevel?, _ isTold: Bool
    ) async throws {
        let events = try await Self.events(.get, "/posts/7/", layer: RequestLog(started: level))
        #expect(events.first { $0.name == "request_started" }?.level == level)
        #expect(events.count == (isTold ? 2 : 1))
    }

    @Test func `the client's address is in every event of the request where that is switched on`() async throws {
        let events = try await Self.events(.get, "/posts/7/", layer: RequestLog(tellsAddresses: true))
        #expect(events.map { $0["ip"] } == [.string("127.0.0.1"), .string("127.0.0.1")])
    }

    @Test(arguments: ["/live/", "/quiet/"])
    func `probes are left out`(_ path: String) async throws {
        let layer = RequestLog(quietPaths: RequestLog.probePaths.union(["/quiet/"]))
        #expect(try await Self.events(.get, path, layer: layer).isEmpty)
    }

    @Test func `a query is nobody's business`() async throws {
        let sink = MemorySink()
        _ = try await Logger.with(LogSettings(sink: sink)) {
            try await RequestLog().respond(to: .make(.get, "/search/", query: "q=hunter2"), next: echo)
        }
        #expect(sink.events.count == 2)
        #expect(!"\(sink.events)".contains("hunter2"))
    }

    @Test func `a request that is cancelled is told as that`() async throws {
        let sink = MemorySink()
        await #expect(throws: CancellationError.self) {
            try await Logger.with(LogSettings(sink: sink)) {
                try await RequestLog().respond(to: .make()) { _ in throw CancellationError() }
            }
        }
        #expect(sink.events.map(\.name) == ["request_started", "request_cancelled"])
    }
}

@Suite struct RequestIDTests {
    @Test(arguments: [
        ("abc-1", true), ("01HQ_x.y", true), (String(repeating: "a", count: 128), true), ("", false),
        (String(repeating: "a", count: 129), false), ("a b", false), ("é", false), ("a\"b", false), ("a\tb", false),
        ("<script>", false),
    ])
    func `a valid identifier is kept`(_ incoming: String, _ isKept: Bool) async throws {
        let request = try Request.make(headers: ["X-Request-ID": incoming])
        let response = try await RequestID(make: { "made" }).respond(to: request) { Response($0.id ?? "none") }
        #expect(response.text == (isKept ? incoming : "made"))
        #expect(response.headers[.xRequestID] == response.text)
    }

    @Test func `an identifier is made, and another one for each request`() async throws {
        let first = try await RequestID().respond(to: .make(), next: echo).headers[.xRequestID]
        let second = try await RequestID().respond(to: .make(), next: echo).headers[.xRequestID]
        #expect(first?.count == 32)
        #expect(first != second)
        #expect(try Request.make().id == nil)
    }

    @Test func `identifiers of strangers can be left out`() async throws {
        let request = try Request.make(headers: ["X-Request-ID": "theirs"])
        let layer = RequestID(keepsIncoming: false, make: { "ours" })
        #expect(try await layer.respond(to: request, next: echo).headers[.xRequestID] == "ours")
    }
}
