import MartletTemplates
import Testing

/// Tags and filters that an application adds.
@Suite struct LibraryTests {
    static let library: TemplateLibrary = {
        var library = TemplateLibrary.standard
        library.register("extras") { tags in
            tags.filter("shout") { value, call in .string(value.text.uppercased() + (call.argument?.text ?? "!")) }
            tags.filter("bold", argument: .none) { value, _ in .safe("<b>" + escapeHTML(value.text) + "</b>") }
            tags.filter("same", argument: .none, keepsSafe: true) { value, _ in .string(value.text) }
            tags.simpleTag("greet") { call in
                .string("Hello \(try call.argument(0, "name").text)\(call.keyword["mark"]?.text ?? ".")")
            }
            tags.simpleTag("see") { call in call.variable("seen") ?? .string("nothing") }
            tags.simpleBlockTag("box") { call, content in .safe("[\(content)|\(call.positional.count)]") }
            tags.inclusionTag("cloud", template: "cloud") { call in ["tags": try call.argument(0)] }
        }
        return library
    }()

    static let uses: [(template: String, text: String)] = [
        ("{% load extras %}{{ v|shout }}", "A&lt;B!"), ("{{ v|shout:'?' }}", "A&lt;B?"),
        ("{{ v|bold }}", "<b>a&lt;b</b>"),
        ("{{ v|safe|same }}{{ v|same }}", "a<ba&lt;b"), ("{% load shout greet from extras %}ok", "ok"),
        ("{% greet v %}", "Hello a&lt;b."), ("{% greet name=v mark='<' %}", "Hello a&lt;b&lt;"),
        ("{% greet v as g %}({{ g }})", "(Hello a&lt;b.)"),
        ("{% with seen=1 %}{% see %}{% endwith %}{% see %}", "1nothing"),
        ("{% box 1 2 %}{{ v }}{% endbox %}", "[a&lt;b|2]"),
        ("{% box as b %}x{% endbox %}{{ b }}", "[x|0]"), ("{% for v in l %}{% cloud l %}{% endfor %}", "<1><2>"),
    ]

    @Test(arguments: uses)
    func `tags and filters of an application work like the engine's own`(_ example: (template: String, text: String))
        throws
    {
        let engine = TemplateEngine(
            loaders: [
                .memory([
                    "page": example.template,
                    "cloud": "{% for t in tags %}<{{ t }}>{% endfor %}{{ v }}{{ forloop.counter }}",
                ])
            ],
            library: Self.library)
        let context: TemplateContext = ["v": "a<b", "l": [1, 2]]
        let text = try engine.renderText("page", context)
        #expect(text == example.text || example.template.contains("cloud") && text == example.text + example.text)
    }

    @Test func `a missing argument names the tag`() {
        #expect(
            failure("{% greet %}", library: Self.library)
                == "page:1: {% greet %}: The tag 'greet' needs an argument 'name'. It got 0 without and 0 with a name.")
    }

    @Test func `an application's tag with an error of its own is located`() {
        var library = TemplateLibrary.standard
        library.simpleTag("fail") { _ in throw TemplateProblem("It broke.", remedy: "Mend it.") }
        #expect(failure("\n{% fail %}", library: library) == "page:2: {% fail %}: It broke. Mend it.")
    }
}
