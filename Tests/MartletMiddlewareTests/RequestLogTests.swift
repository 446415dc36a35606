import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import Testing

@Suite struct RequestLogTests {
    struct Broken: Error {}

    private static func events(_ method: HTTPMethod, _ path: String, id: String? = nil) async throws -> [LogEvent] {
        let table = try RouteTable(
            URLs {
                MartletRouting.path("posts/<int:id>/", { (_, id: Int) in Response("post \(id)") }).methods(.get)
                MartletRouting.path("broken/", { _ in throw Broken() })
                MartletRouting.path("busy/", { _ in throw HTTPError(.serviceUnavailable) })
                MartletRouting.path("live/", { _ in Response("up") })
                MartletRouting.path("ready/", { _ in throw HTTPError(.serviceUnavailable) })
                MartletRouting.path("stream/", { _ in Response(body: .stream { _ in }) })
            })
        let handler = Dispatcher(table, middleware: [RequestID(), RequestLog()]).handler
        let sink = MemorySink()
        _ = try await Logger.with(LogSettings(levels: LogLevels(.debug), sink: sink)) {
            try await handler(.make(method, path, headers: id.map { ["X-Request-ID": $0] } ?? [:]))
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
        Case(testDescription: "a probe", path: "/live/", level: .debug, status: 200, route: "live/", bytes: 2),
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
        #expect(event["method"] == .string(example.method.rawValue))
        #expect(event["path"] == .string(example.path))
        #expect(event["status"] == example.status.logDatum)
        #expect(event["route"] == example.route.map { "/" + $0 }.logDatum)
        #expect(event["request_id"] == .string("abc-1"))
        #expect(event["duration"] != nil)
        #expect(event["ip"] == .string("127.0.0.1"))
        if let bytes = example.bytes { #expect(event["bytes"] == bytes.logDatum) }
    }

    @Test func `a failure has the error`() async throws {
        let event = try #require(try await Self.events(.get, "/broken/").first)
        #expect(event["error"] == .string("Broken: Broken()"))
    }

    @Test func `a request that is cancelled is told as that`() async throws {
        let sink = MemorySink()
        await #expect(throws: CancellationError.self) {
            try await Logger.with(LogSettings(sink: sink)) {
                try await RequestLog().respond(to: .make()) { _ in throw CancellationError() }
            }
        }
        #expect(sink.events.map(\.name) == ["request_cancelled"])
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
