import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Testing

/// A project's own layer, which knows who has sent a request.
private struct Members: Middleware {
    func respond(to request: Request, next: Handler) async throws -> Response {
        if request.path != "/anonymous/" { Logger.bind(["user_id": 7]) }
        return try await next(request)
    }
}

/// What the log of a running site has of each request.
@Suite struct RequestLinesTests {
    private struct Broken: Error {}
    private static let log = Logger("blog.views")

    private static let site = Site(
        apps: [],
        urls: URLs {
            path("", page)
            path("anonymous/", page)
            path("broken/", { _ in throw Broken() })
            path("quiet/", { _ in Response("quiet") })
            path("quiet/busy/", { _ in throw HTTPError(.serviceUnavailable) })
            path(
                "streamed/",
                { _ in
                    Response(
                        body: .stream { writer in
                            log.info("streamed")
                            try await writer.write("x")
                        })
                })
            include("", healthURLs)
        },
        middleware: { settings in
            var layers = try Site.standardMiddleware(settings)
            // Outside of the log, as its order asks for, and the member's inside of all.
            layers.insert(TraceContext(), at: 2)
            return layers + [Members()]
        }, templates: [], staticFiles: [])

    /// Tells something in the task of the request, in a child of it and in one that is only started there.
    @Sendable private static func page(_ request: Request) async throws -> Response {
        log.info("opened")
        async let child: Void = log.info("child")
        await child
        await Task { log.info("started_there") }.value
        _ = try await Database.current.rows(Statement("SELECT 1")) { $0.value(at: 0) }
        return Response("page")
    }

    private static func events(
        _ target: String, _ variables: [String: String] = [:], headers: Headers = Headers()
    ) async throws -> [LogEvent] {
        let tests = TestSite(site, variables: variables)
        let running = try await tests.makeSite()
        let sink = MemorySink()
        try await Logger.with(LogSettings(levels: running.settings.logging.levels, sink: sink)) {
            _ = try await TestClient(running).get(target, headers: headers)
        }
        await running.close()
        withExtendedLifetime(tests) {}
        return sink.events
    }

    private static let variables = ["LOG_IP": "true", "LOG_LEVELS": "martlet.sql=debug", "LOG_N_PLUS_ONE": "0"]

    @Test(arguments: ["/", "/broken/", "/streamed/"])
    func `request, trace and address are on every line of a request, whoever tells it`(_ target: String) async throws {
        let headers = try Headers([
            "X-Request-ID": "abc-1", "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            // Nobody trusts whoever says so.
            "X-Forwarded-For": "203.0.113.7",
        ])
        let events = try await Self.events(target, Self.variables, headers: headers)
        let names = events.map(\.name)
        #expect(names.first == "request_started")
        #expect(names.contains(target == "/broken/" ? "request_failed" : "request_finished"))
        if target == "/" {
            #expect(
                names == [
                    "request_started", "opened", "child", "started_there", "statement_finished", "request_finished",
                ])
        }
        for event in events {
            #expect(event["request_id"] == .string("abc-1"), "\(event)")
            #expect(event["trace_id"] == .string("4bf92f3577b34da6a3ce929d0e0e4736"), "\(event)")
            #expect(event["span_id"] != nil && event["span_id"] == events.first?["span_id"], "\(event)")
            #expect(event["ip"] == .string("127.0.0.1"), "\(event)")
        }
    }

    // What django-structlog has of a user who is logged in, and `bind_contextvars` of anything else.
    @Test(arguments: ["/", "/broken/", "/streamed/"])
    func `what a project's layer binds is on every line from there on, to the end of the request`(_ target: String)
        async throws
    {
        let events = try await Self.events(target, Self.variables)
        #expect(events.count >= 2)
        #expect(events.first?.name == "request_started" && events.first?["user_id"] == nil)
        for event in events.dropFirst() { #expect(event["user_id"] == .int(7), "\(event)") }
        // It ends with its request.
        let next = try await Self.events("/anonymous/", Self.variables)
        #expect(next.allSatisfy { $0["user_id"] == nil })
    }

    @Test func `addresses are nowhere unless they are asked for`() async throws {
        let events = try await Self.events("/")
        #expect(events.count == 5)
        #expect(events.allSatisfy { $0["ip"] == nil } && !"\(events)".contains("127.0.0.1"))
    }

    struct Telling: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var variables: [String: String] = [:]
        let target: String
        let told: [String]
    }

    static let tellings = [
        Telling(
            testDescription: "as usual", target: "/quiet/", told: ["info request_started", "info request_finished"]),
        Telling(
            testDescription: "without the start", variables: ["LOG_REQUEST_STARTED": "off"], target: "/quiet/",
            told: ["info request_finished"]),
        Telling(
            testDescription: "the start for developers only", variables: ["LOG_REQUEST_STARTED": "debug"],
            target: "/quiet/", told: ["info request_finished"]),
        Telling(
            testDescription: "a developer",
            variables: [
                "LOG_REQUEST_STARTED": "debug", "LOG_LEVELS": "martlet.request=debug",
            ], target: "/quiet/", told: ["debug request_started", "info request_finished"]),
        Telling(
            testDescription: "a path that nobody wants to hear of",
            variables: ["LOG_QUIET_PATHS": "/quiet/,/quiet/busy/"], target: "/quiet/", told: []),
        Telling(
            testDescription: "one of them that fails", variables: ["LOG_QUIET_PATHS": "/quiet/,/quiet/busy/"],
            target: "/quiet/busy/", told: ["error request_finished"]),
        Telling(
            testDescription: "a path below it", variables: ["LOG_QUIET_PATHS": "/quiet/"], target: "/quiet/x/",
            told: ["info request_started", "warning request_finished"]),
        Telling(testDescription: "a probe", target: "/live/", told: []),
        Telling(
            testDescription: "a probe that is to be heard of", variables: ["LOG_QUIET_PATHS": "/quiet/"],
            target: "/live/", told: ["info request_started", "info request_finished"]),
        Telling(
            testDescription: "only what is worse", variables: ["LOG_LEVEL": "warning"], target: "/quiet/", told: []),
        Telling(
            testDescription: "hostile paths change nothing", variables: ["LOG_QUIET_PATHS": "'\"; DROP,%_\\,/😀/"],
            target: "/quiet/", told: ["info request_started", "info request_finished"]),
    ]

    @Test(arguments: tellings)
    func `what is told of a request is as the environment says`(_ example: Telling) async throws {
        let events = try await Self.events(example.target, example.variables)
        let told = events.filter { $0.logger == "martlet.request" }.map { "\($0.level) \($0.name)" }
        #expect(told == example.told)
    }
}
