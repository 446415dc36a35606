import Foundation
import MartletTemplates
import Testing

/// Swift values as templates see them.
@Suite struct ValueTests {
    enum Status: String { case draft, published }
    enum Shape { case round, square(Int) }
    struct Author { var fullName = "Ann <3"; var age: Int? = 40; var status = Status.published; var nick: String? }
    struct Post {
        var author = Author(); var tags = ["a", "b"]; var pair = (1, label: "x"); var extra = ["k": 1.5];
        var shape = Shape.square(2)
    }
    final class Session: Sendable { let user = "u" }

    static let lookups: [(template: String, text: String)] = [
        ("{{ post.author.full_name }}", "Ann &lt;3"), ("{{ post.author.fullName }}", "Ann &lt;3"),
        ("{{ post.author.age }}", "40"),
        ("{{ post.author.nick }}", "None"), ("{{ post.author.status }}", "published"),
        ("{% if post.author.status == 'published' %}y{% endif %}", "y"),
        ("{% for t in post.tags %}{{ t }}{% endfor %}", "ab"), ("{{ post.tags.1 }}", "b"),
        ("{{ post.pair.0 }}{{ post.pair.label }}", "1x"),
        ("{{ post.extra.k }}", "1.5"), ("{{ post.shape }}", "square"), ("{{ post.nothing }}", ""),
        ("{% if post %}y{% endif %}", "y"),
        ("{{ big }}", "18446744073709551615"), ("{{ url }}", "https://a.b/?c&amp;d"), ("{{ float }}", "0.1"),
        ("{{ character }}", "é"),
        ("{{ range|join:',' }}", "1,2,3"), ("{{ uuid }}", "0196a7d0-1111-7222-8333-444455556666"),
        ("{{ optional }}", "None"), ("{{ set|length }}", "2"),
        ("{% for k, v in map.items %}{{ k }}{{ v }}{% endfor %}", "a1b2c3"),
        ("{{ map.keys|join:'' }}{{ map.values|join:'' }}", "abc123"),
    ]

    @Test(arguments: lookups)
    func `members are found by their Swift and their Django names`(_ example: (template: String, text: String)) throws {
        let context: TemplateContext = [
            "post": Post(), "big": UInt64.max, "url": URL(string: "https://a.b/?c&d"), "float": Float(0.1),
            "character": Character("é"),
            "range": 1...3, "uuid": UUID(uuidString: "0196A7D0-1111-7222-8333-444455556666"), "optional": Int?.none,
            "set": Set([1, 2]),
            "map": ["c": 3, "a": 1, "b": 2],
        ]
        #expect(try rendered(example.template, context) == example.text)
    }

    @Test func `the variables of a class are not read`() {
        #expect(
            failure("{{ s.user }}", ["s": Session()]).contains(
                "templates do not read the variables of classes. Conform it to TemplateObject"))
    }

    struct Form: TemplateObject {
        var templateText: String { "<form>" }
        var templateHTML: String? { "<form></form>" }
        func templateMember(_ name: String) -> TemplateValue? { nil }
        func templateElements() -> [TemplateValue]? { [.string("name"), .string("body")] }
    }

    @Test func `an object can be HTML and a collection`() throws {
        #expect(
            try rendered(
                "{{ f }}{{ f|length }}{{ f.1 }}{% for x in f %}{{ x }}{% endfor %}{{ f|upper }}", ["f": Form()])
                == "<form></form>2bodynamebody&lt;FORM&gt;")
    }

    @Test func `contexts merge, and defaults do not replace`() throws {
        var context: TemplateContext = ["a": 1, "b": 1]
        context.merge(["b": 2])
        context.addDefaults(["a": 9, "c": 3])
        context.set("d", 4)
        #expect(try rendered("{{ a }}{{ b }}{{ c }}{{ d }}", context) == "1234")
        #expect(context["b"]?.text == "2")
    }

    @Test func `a dictionary made of pairs keeps their order`() throws {
        let value: TemplateValue = ["z": 1, "a": 2, "z": 3]
        #expect(
            try rendered("{{ v }}{% for k in v %}{{ k }}{% endfor %}", ["v": value])
                == "{&#x27;z&#x27;: 3, &#x27;a&#x27;: 2}za")
    }

    @Test func `many renderings at once share a template`() async throws {
        let engine = TemplateEngine(loaders: [
            .memory(["page": "{% for v in l %}{% cycle 'a' 'b' %}{{ v }}{% endfor %}"])
        ])
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<200 { group.addTask { try engine.renderText("page", ["l": [1, 2, 3]]) } }
            for try await text in group { #expect(text == "a1b2a3") }
        }
    }
}
