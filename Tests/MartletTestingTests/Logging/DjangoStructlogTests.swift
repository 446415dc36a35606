import MartletHTTP
import MartletJSON
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletSite
import MartletTesting
import TestPrograms
import Testing

/// The events of requests beside those of the package itself, for the same views in Django.
@Suite(.timeLimit(.minutes(5))) struct DjangoStructlogTests {
    private struct Broken: Error {}

    private static let script = """
        import json, logging
        import django, structlog
        from django.conf import settings
        from django.http import HttpResponse
        from django.urls import path
        logging.disable(logging.CRITICAL)
        told = []
        def keep(logger, method, event):
            told.append({"level": method, **event})
            raise structlog.DropEvent
        structlog.configure(processors=[structlog.contextvars.merge_contextvars, keep])
        def broken(request): raise ValueError("no")
        def page(request, id):
            structlog.contextvars.bind_contextvars(cart=5)
            structlog.get_logger("blog").info("page_opened", n=1)
            return HttpResponse("page")
        urlpatterns = [path("posts/<int:id>/", page), path("broken/", broken)]
        settings.configure(
            DEBUG=False, ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x",
            DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID=True,
            INSTALLED_APPS=["django_structlog"], MIDDLEWARE=["django_structlog.middlewares.RequestMiddleware"])
        django.setup()
        from django.test import Client
        client = Client(raise_request_exception=False, headers={"User-Agent": "Test/1", "X-Request-ID": "abc-1"})
        for target in ["/posts/7/", "/broken/", "/nowhere/"]: client.get(target)
        print(json.dumps(told, default=repr))
        """

    private static func theirs() async throws -> [JSONValue] {
        let python = try await PythonEnvironment(
            PythonEnvironment.django, "django-structlog==11.0.0", "structlog==26.1.0")
        return try JSON.parse(try await python.run(script)).arrayValue ?? []
    }

    private static func ours() async throws -> [LogEvent] {
        let urls = URLs {
            path(
                "posts/<int:id>/",
                { (_, _: Int) in
                    Logger.bind(["cart": 5])
                    Logger("blog").info("page_opened", n: 1)
                    return Response("page")
                })
            path("broken/", { _ in throw Broken() })
        }
        let tests = TestSite(
            Site(apps: [], urls: urls, templates: [], staticFiles: []), variables: ["LOG_IP": "true"])
        let site = try await tests.makeSite()
        let sink = MemorySink()
        let headers = try Headers(["User-Agent": "Test/1", "X-Request-ID": "abc-1"])
        try await Logger.with(LogSettings(sink: sink)) {
            for target in ["/posts/7/", "/broken/", "/nowhere/"] {
                _ = try await TestClient(site).get(target, headers: headers)
            }
        }
        await site.close()
        withExtendedLifetime(tests) {}
        return sink.events
    }

    /// What we tell besides.
    private static let more: [String: Set<String>] = [
        "request_started": [], "page_opened": [], "request_finished": ["route", "duration", "bytes"],
        "request_failed": ["route", "duration", "bytes", "exception"],
    ]
    /// What we tell under another name: structlog makes the text `exception` of it.
    private static let other: [String: Set<String>] = ["request_failed": ["exc_info"]]

    @Test func `events, levels, keys and values are those of django-structlog, and what is more is known`() async throws
    {
        let (theirs, ours) = (try await Self.theirs(), try await Self.ours())
        #expect(
            theirs.map { $0["event"]?.stringValue } == [
                "request_started", "page_opened", "request_finished", "request_started", "request_failed",
                "request_started", "request_finished",
            ])
        try #require(ours.map(\.name) == theirs.compactMap { $0["event"]?.stringValue })
        for (their, our) in zip(theirs, ours) {
            #expect(their["level"]?.stringValue == our.level.description)
            let known = Set(their.objectValue?.map(\.name) ?? []).subtracting(["event", "level"])
            let kept = known.subtracting(Self.other[our.name] ?? [])
            #expect(Set(our.fields.map(\.name)) == kept.union(Self.more[our.name] ?? []), "\(our.name)")
            for name in kept {
                #expect(
                    Self.text(our[name]) == their[name]?.stringValue ?? their[name]?.description, "\(our.name) \(name)")
            }
        }
    }

    private static func text(_ datum: LogDatum?) -> String? {
        switch datum {
        case .string(let text): text
        case .int(let number): "\(number)"
        default: nil
        }
    }
}
