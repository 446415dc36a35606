import Foundation
import MartletTemplates
import Testing

/// What the web gives to templates: addresses, static files, the CSRF token, the clock.
@Suite struct ServicesTests {
    struct NoReverseMatch: Error {}

    static let services = TemplateServices(
        url: { name, positional, named in
            guard name == "blog:post" else { throw NoReverseMatch() }
            let words = positional.map(\.text) + named.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }
            return "/" + words.joined(separator: "/") + "?a=1&b=2"
        },
        staticURL: { "/static/" + $0 }, csrfToken: { "to<ken" }, cspNonce: { "no-nce" },
        now: { Date(timeIntervalSince1970: 1_767_225_600) },
        timeZone: TemplateTimeZone(identifier: "Europe/Berlin") { _ in
            TemplateTimeZone.Offset(seconds: 3600, abbreviation: "CET", isDaylight: false)
        })

    static let pages: [(template: String, text: String)] = [
        ("{% url 'blog:post' 5 %}", "/5?a=1&amp;b=2"), ("{% url \"blog:post\" id %}", "/7?a=1&amp;b=2"),
        ("{% url 'blog:post' id=5 slug='a'|upper %}", "/id=5/slug=A?a=1&amp;b=2"),
        ("{% url page id|add:1 %}", "/8?a=1&amp;b=2"),
        ("{% url 'blog:post' 5 as there %}<{{ there }}>", "</5?a=1&amp;b=2>"),
        ("{% url 'nowhere' as there %}<{{ there }}>", "<>"),
        ("{% autoescape off %}{% url 'blog:post' %}{% endautoescape %}", "/?a=1&b=2"),
        ("{% static 'a/b.css' %}", "/static/a/b.css"), ("{% static file as f %}{{ f }}", "/static/&lt;x&gt;"),
        ("{% static file %}", "/static/&lt;x&gt;"),
        ("{% csrf_token %}", #"<input type="hidden" name="csrfmiddlewaretoken" value="to&lt;ken">"#),
        ("{{ csrf_token }}", "to&lt;ken"),
        (#"<script nonce="{{ csp_nonce }}">"#, #"<script nonce="no-nce">"#),
        ("{% with csp_nonce='mine' %}{{ csp_nonce }}{% endwith %}{{ csp_nonce.x }}", "mine"),
        ("{% include 'inner' only %}", #"<input type="hidden" name="csrfmiddlewaretoken" value="to&lt;ken">"#),
        ("{% now 'Y-m-d H:i T e O' %}", "2026-01-01 01:00 CET Europe/Berlin +0100"),
        ("{% now \"jS F\" as d %}[{{ d }}]", "[1st January]"),
        ("{{ date|date:'c' }} {{ date.hour }}", "2026-01-01T01:00:00+01:00 1"), ("{{ date }}", "Jan. 1, 2026, 1 a.m."),
        ("{{ past|timesince }}", "1\u{A0}day"), ("{{ past|timeuntil }}", "0\u{A0}minutes"),
        ("{{ date|time }}", "1 a.m."),
    ]

    @Test(arguments: pages)
    func `services reach the tags that need them`(_ example: (template: String, text: String)) throws {
        let engine = TemplateEngine(loaders: [.memory(["page": example.template, "inner": "{% csrf_token %}"])])
        let context: TemplateContext = [
            "id": 7, "page": "blog:post", "file": "<x>", "date": Date(timeIntervalSince1970: 1_767_225_600),
            "past": Date(timeIntervalSince1970: 1_767_225_600 - 86_400),
        ]
        #expect(try engine.renderText("page", context, services: Self.services) == example.text)
    }

    @Test func `without a token the tag writes nothing`() throws {
        #expect(try rendered("<{% csrf_token %}{{ csrf_token }}{{ csp_nonce }}>") == "<>")
        #expect(try rendered("<{% csrf_token %}>", services: TemplateServices(csrfToken: { "" })) == "<>")
    }

    @Test func `a page that does not exist is an error with its cause`() throws {
        let engine = TemplateEngine(loaders: [.memory(["page": "\n{% url 'nowhere' %}"])])
        let error = try #require(throws: TemplateError.self) { try engine.render("page", services: Self.services) }
        #expect(error.line == 2)
        #expect(error.cause is NoReverseMatch)
    }

    struct QueryCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let template: String
        var query: [(name: String, value: String)] = []
        let text: String
    }

    // tests/template_tests/syntax_tests/test_querystring.py
    static let queries = [
        QueryCase(testDescription: "no query", template: "{% querystring %}", text: ""),
        QueryCase(
            testDescription: "the last one is removed", template: "{% querystring a=None %}", query: [("a", "b")],
            text: "?"),
        QueryCase(testDescription: "nothing to remove", template: "{% querystring a=None %}", text: ""),
        QueryCase(testDescription: "a query", template: "{% querystring %}", query: [("a", "b")], text: "?a=b"),
        QueryCase(
            testDescription: "two fields, escaped", template: "{% querystring %}", query: [("x", "y"), ("a", "b")],
            text: "?x=y&amp;a=b"),
        QueryCase(
            testDescription: "a field twice", template: "{% querystring b=1 %}", query: [("a", "1"), ("a", "2")],
            text: "?a=1&amp;a=2&amp;b=1"),
        QueryCase(testDescription: "None for a dictionary", template: "{% querystring none %}", text: ""),
        QueryCase(testDescription: "an empty dictionary", template: "{% querystring empty %}", text: ""),
        QueryCase(
            testDescription: "replaced in its place", template: "{% querystring x=1 %}",
            query: [("x", "y"), ("a", "b")],
            text: "?x=1&amp;a=b"),
        QueryCase(
            testDescription: "added", template: "{% querystring test_new='something' %}", query: [("a", "b")],
            text: "?a=b&amp;test_new=something"),
        QueryCase(
            testDescription: "removed", template: "{% querystring test=None a=1 %}",
            query: [("test", "value"), ("a", "1")], text: "?a=1"),
        QueryCase(
            testDescription: "one that is not there is removed", template: "{% querystring nonexistent=None a=1 %}",
            query: [("x", "y"), ("a", "1")], text: "?x=y&amp;a=1"),
        QueryCase(testDescription: "a list", template: "{% querystring a=list %}", text: "?a=2&amp;a=3"),
        QueryCase(
            testDescription: "the names of a dictionary", template: "{% querystring a=qd %}", text: "?a=a&amp;a=b"),
        QueryCase(
            testDescription: "a dictionary in place of the query", template: "{% querystring qd a=2 %}",
            query: [("z", "1")], text: "?a=2&amp;b=2"),
        QueryCase(
            testDescription: "a value that must be encoded", template: "{% querystring a=odd %}",
            text: "?a=%C3%A9+%26%3D%2B%3C%2F~"),
        QueryCase(
            testDescription: "under a name", template: "{% querystring a=1 as there %}<{{ there }}>",
            query: [("b", "2")], text: "<?b=2&amp;a=1>"),
    ]

    @Test(arguments: queries)
    func `the query of the page is changed`(_ example: QueryCase) throws {
        let engine = TemplateEngine(loaders: [.memory(["page": example.template])])
        let context: TemplateContext = [
            "none": TemplateValue.null, "empty": [:] as TemplateValue, "list": [2, 3] as TemplateValue,
            "qd": ["a": 1, "b": 2] as TemplateValue, "odd": "é &=+</~",
        ]
        let services = TemplateServices(query: { example.query })
        #expect(try engine.renderText("page", context, services: services) == example.text)
    }

    @Test(arguments: [
        ("{% querystring %}", "There is no request whose query could be changed."),
        ("{% querystring 'text' %}", "'text' is no dictionary."),
        ("{% querystring a b %}", "The tag takes one dictionary at most."),
    ])
    func `a query that cannot be changed is an error`(_ template: String, _ message: String) throws {
        let engine = TemplateEngine(loaders: [.memory(["page": template])])
        let error = try #require(throws: TemplateError.self) { try engine.render("page") }
        #expect("\(error)".contains(message))
    }
}
