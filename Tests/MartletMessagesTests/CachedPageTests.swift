import MartletCache
import MartletHTTP
import MartletMessages
import MartletMiddleware
import MartletRouting
import MartletShortcuts
import MartletTemplates
import Synchronization
import Testing

/// What is said to one client is shown to no other, where pages and parts of pages are kept.
@Suite struct CachedPageTests {
    private final class Runs: Sendable {
        private let runs = Atomic<Int>(0)
        var count: Int { runs.load(ordering: .relaxed) }
        func next() -> Int { runs.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    private let cache = Cache(MemoryBackend())
    private let runs = Runs()

    private func browser() -> MessageBrowser {
        MessageBrowser(layers: [Messages(store: FallbackMessageStore(cookie: .test)), page])
    }

    /// Stands inside of the messages, as that of one route does.
    private var page: PageCache { PageCache(for: .seconds(60), cache: { [cache] in cache }) }

    /// Leaves a message by a page that is never kept.
    private func order(_ browser: inout MessageBrowser) async throws {
        let layers = browser.layers
        browser.layers = Array(layers.prefix(1))
        try await browser.visit { request in
            try request.messages.success("Order 17 was placed.")
            return Response(status: .created)
        }
        browser.layers = layers
    }

    private func list(_ browser: inout MessageBrowser) async throws -> String {
        let response = try await browser.visit { [runs] request in
            let messages = try request.messages.map(\.text)
            return Response("\(messages) \(runs.next())")
        }
        return String(decoding: response.body.bytes ?? [], as: UTF8.self)
    }

    @Test func `a page that shows messages is not kept`() async throws {
        var (ann, ben) = (browser(), browser())
        try await order(&ann)
        #expect(try await list(&ann) == "[\"Order 17 was placed.\"] 1")
        #expect(try await list(&ben) == "[] 2")
    }

    @Test func `a page that found none is kept for the same cookies`() async throws {
        var (ann, ben) = (browser(), browser())
        #expect(try await list(&ben) == "[] 1")
        #expect(try await list(&ben) == "[] 1")
        try await order(&ann)
        #expect(try await list(&ann) == "[\"Order 17 was placed.\"] 2")
        #expect(try await list(&ann) == "[] 1")
    }

    @Test func `a page that leaves a message is made for each client`() async throws {
        var (ann, ben) = (browser(), browser())
        let view: Handler = { [runs] request in
            try request.messages.info("Welcome \(runs.next())")
            return Response("x")
        }
        try await ann.visit(view)
        try await ben.visit(view)
        #expect(runs.count == 2)
        #expect(try await list(&ben) == "[\"Welcome 2\"] 3")
    }

    @Test func `a page without messages is kept for all, also for those who have some`() async throws {
        var (ann, ben) = (browser(), browser())
        try await order(&ann)
        let view: Handler = { [runs] _ in Response("page \(runs.next())") }
        for response in [try await ann.visit(view), try await ben.visit(view)] {
            #expect(response.body.bytes == Array("page 1".utf8))
        }
        #expect(try await list(&ann).hasPrefix("[]") == false)
    }

    @Test(arguments: ["{% for message in messages %}{{ message }}{% endfor %}", "{% if messages %}some{% endif %}"])
    func `a part with messages in it is not kept, and others are`(_ asking: String) async throws {
        let source = "{% cache 60 banner %}\(asking){% endcache %}{% cache 60 plain %}x{% endcache %}"
        let engine = TemplateEngine(loaders: [.memory(["page.html": source])])
        let table = try RouteTable(URLs { path("", { try render($0, "page.html") }) })
        let dispatcher = Dispatcher(table, middleware: [Messages(store: FallbackMessageStore(cookie: .test))])
        let view: Handler = { [cache] request in
            try await Cache.$current.withValue(cache) {
                try await Rendering.$current.withValue(Rendering(engine: engine, staticURL: "/static/")) {
                    try await dispatcher.handler(request)
                }
            }
        }
        var ann = MessageBrowser()
        try await order(&ann)
        ann.layers = []
        let page = try await ann.visit(view)
        #expect(String(decoding: page.body.bytes ?? [], as: UTF8.self).count > 1)
        #expect(try await !cache.contains(CacheKey(fragment: "banner")))
        #expect(try await cache.contains(CacheKey(fragment: "plain")))
    }
}
