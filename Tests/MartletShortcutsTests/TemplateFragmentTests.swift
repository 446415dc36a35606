import MartletCache
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletShortcuts
import MartletTemplates
import Synchronization
import Testing

/// Source of the expectations: Django's tests/template_tests/syntax_tests/test_cache.py.
@Suite struct TemplateFragmentTests {
    private final class Ticks: Sendable {
        private let count = Atomic<Int>(0)
        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
    }

    private let cache: Cache
    private let ticks = Ticks()

    /// The page as a view makes it; `{% tick %}` tells how often it was rendered.
    private func page(
        _ source: String, _ context: TemplateContext = [:], others: [String: String] = [:],
        middleware: [any Middleware] = []
    ) async throws -> String {
        var library = TemplateLibrary.standard
        library.register("tests") { [ticks] tags in tags.simpleTag("tick") { _ in .int(ticks.next()) } }
        let engine = TemplateEngine(
            loaders: [.memory(others.merging(["page.html": source]) { $1 })], library: library)
        let table = try RouteTable(URLs { path("", { try render($0, "page.html", context) }) })
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "", headers: try Headers(["Host": "a"]),
            body: RequestBody([]), peerAddress: "127.0.0.1", isEncrypted: false)
        let response = try await Cache.$current.withValue(cache) {
            try await Rendering.$current.withValue(Rendering(engine: engine, staticURL: "/static/")) {
                try await Dispatcher(table, middleware: middleware).handler(request)
            }
        }
        let bytes = try #require(response.body.bytes, "the content is there before a layer sees it")
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a part is rendered once, and what is around it each time`() async throws {
        let source = "{% load cache %}{% tick %}<{% cache 60 part %}{{ name }}{% tick %}{% endcache %}>"
        let first = try await page(source, ["name": "<Ann>"])
        #expect(first.hasSuffix("<&lt;Ann&gt;3>"))
        #expect(try await page(source, ["name": "Ben"]).hasSuffix("<&lt;Ann&gt;3>"))
        #expect(try await cache.get(CacheKey(fragment: "part"), as: String.self) == "&lt;Ann&gt;3")
        try await cache.delete(CacheKey(fragment: "part"))
        #expect(try await page(source, ["name": "Ben"]).contains("<Ben"))
    }

    // test_cache05 to test_cache10, test_cache18
    @Test func `each value has a part of its own`() async throws {
        let source = "{% cache 60 part user.name number %}{{ user.name }}{% endcache %}"
        #expect(try await page(source, ["user": ["name": "Ann"], "number": 1]) == "Ann")
        #expect(try await page(source, ["user": ["name": "Ben"], "number": 1]) == "Ben")
        #expect(try await page(source, ["user": ["name": "Ann"], "number": 2]) == "Ann")
        #expect(cache.statistics.writes == 3)
        #expect(try await page(source, ["user": ["name": "Ben"], "number": 1]) == "Ben")
        #expect(cache.statistics.writes == 3)
    }

    // FORMATS: made with Django 5.2.19; TestMakeTemplateFragmentKey
    @Test func `keys are Django's`() throws {
        #expect(
            try CacheKey(fragment: "sidebar", varyOn: ["alice"]).description
                == "template.cache.sidebar.770553c33dfa3a641da8312d60b3b9ef")
        #expect(
            try CacheKey(fragment: "a.fragment").description
                == "template.cache.a.fragment.d41d8cd98f00b204e9800998ecf8427e")
        #expect(
            try CacheKey(fragment: "foo", varyOn: ["abc"]).description
                == "template.cache.foo.493e283d571a73056196f1a68efd0f66")
        #expect(
            try CacheKey(fragment: "bar", varyOn: ["abc", "def"]).description
                == "template.cache.bar.17c1a507a0cb58384f4c639067a93520")
        #expect(
            try CacheKey(fragment: "spam", varyOn: ["abc:def%"]).description
                == "template.cache.spam.06c8ae8e8c430b69fb0a6443504153dc")
        #expect(
            try CacheKey(fragment: "foo", varyOn: ["42º", "😀"]).description
                == "template.cache.foo.7ced1c94e543668590ba39b3c08b0237")
    }

    @Test func `parts within parts, filters, included templates and blocks are kept, too`() async throws {
        let source = """
            {% extends "base.html" %}{% block a %}{% cache 60 outer %}[{% tick %}{% cache 60 inner %}({% tick %})\
            {% endcache %}]{% endcache %}{% filter upper %}{% cache 60 filtered %}x{% tick %}{% endcache %}{% endfilter %}\
            {% include "part.html" %}{% endblock %}
            """
        let others = [
            "base.html": "{% block a %}{% endblock %}|{% cache 60 base %}{% tick %}{% endcache %}",
            "part.html": "{% cache 60 included %}{% tick %}{% endcache %}",
        ]
        let first = try await page(source, others: others)
        #expect(first.contains("X") && first.contains("(") && first.contains("|"))
        #expect(try await page(source, others: others) == first)
        #expect(try await cache.get(CacheKey(fragment: "outer"), as: String.self)?.contains("(") == true)
    }

    @Test func `a part with a token is not kept`() async throws {
        let source = "{% cache 60 form %}{% csrf_token %}{% endcache %}{% cache 60 plain %}x{% endcache %}"
        _ = try await page(source, middleware: [CSRFProtection()])
        #expect(try await !cache.contains(CacheKey(fragment: "form")))
        #expect(try await cache.contains(CacheKey(fragment: "plain")))
    }

    // test_cache11, test_cache13: the time may be a variable, None is for ever, 0 is not kept.
    @Test func `the time is a value`() async throws {
        #expect(try await page("{% cache time a %}x{% endcache %}", ["time": 60]) == "x")
        #expect(try await page("{% cache None b %}x{% endcache %}") == "x")
        #expect(try await page("{% cache '60' c %}x{% endcache %}") == "x")
        #expect(try await page("{% cache 0 d %}x{% endcache %}") == "x")
        for name in ["a", "b", "c"] { #expect(try await cache.contains(CacheKey(fragment: name))) }
        #expect(try await !cache.contains(CacheKey(fragment: "d")))
    }

    @Test func `a part ends with its time`() async throws {
        let start = ContinuousClock.now
        let passed = Mutex(0)
        let test = Self(cache: Cache(MemoryBackend { start + .seconds(passed.withLock { $0 }) }))
        func text(_ source: String, after second: Int) async throws -> String {
            passed.withLock { $0 = second }
            return try await test.page(source)
        }
        let minute = "{% cache 60 minute %}{% tick %}{% endcache %}"
        let first = try await text(minute, after: 0)
        #expect(try await text(minute, after: 59) == first)
        #expect(try await text(minute, after: 60) != first)
        let always = "{% cache None always %}{% tick %}{% endcache %}"
        let kept = try await text(always, after: 60)
        #expect(try await text(always, after: 1_000_000_000) == kept)
    }

    // test_cache11 to test_cache14, test_none_timeout
    @Test(arguments: [
        "{% cache %}{% endcache %}", "{% cache 60 %}{% endcache %}", "{% cache x y %}{% endcache %}",
        "{% cache 'x' y %}{% endcache %}", "{% cache 60 a %}", "{% cache 60 a using='b' %}{% endcache %}",
        "{% cache missing a %}{% endcache %}",
    ])
    func `a tag that makes no sense is an error`(_ source: String) throws {
        let engine = TemplateEngine(loaders: [.memory(["page.html": source])])
        #expect(throws: TemplateError.self) { try engine.render("page.html", ["x": "foo"]) }
    }

    @Test func `without a cache every part is rendered`() throws {
        let engine = TemplateEngine(loaders: [.memory(["page.html": "{% cache 60 a %}x{{ n }}{% endcache %}"])])
        #expect(try engine.renderText("page.html", ["n": 1]) == "x1")
    }

    @Test func `a cache that is down is a miss`() async throws {
        let down = Cache(try MemcachedBackend(at: "unix:/tmp/martlet-none-\(UInt64.random(in: 0 ... .max))"))
        try await Logger.with(LogSettings(sink: MemorySink())) { () async throws in
            let source = "{% cache 60 a %}x{% tick %}{% endcache %}"
            let test = Self(cache: down)
            #expect(try await test.page(source) == "x1")
            #expect(try await test.page(source) == "x2")
        }
    }

    @Test func `a name with a blank is an error of the key`() async throws {
        await #expect(throws: CacheError.self) { try await cache.get(CacheKey(fragment: "a b"), as: String.self) }
    }

    init() { cache = Cache(MemoryBackend()) }

    private init(cache: Cache) { self.cache = cache }
}
