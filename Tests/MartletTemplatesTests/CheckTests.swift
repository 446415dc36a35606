import MartletTemplates
import Testing

/// `check` finds what is wrong without rendering.
@Suite struct CheckTests {
    @Test func `all errors of all templates are reported at once`() throws {
        let engine = TemplateEngine(loaders: [
            .memory([
                "a.html": """
                {{ x|nope }}{{ y|cut }}
                {% nonsense %}x{% endnonsense %}
                {% for a of b %}{% empty %}{% endfor %}
                {% if a b %}{% elif c d %}{% else %}{% endif %}
                {{ }}
                {% include 'missing.html' %}
                """,
                "b.html": "{% extends 'a.htm' %}{% block x %}",
                "fine.html": "{% extends 'a.html' %}{% include name %}",
            ])
        ])
        let report = try engine.check()
        #expect(report.templates == ["a.html", "b.html", "fine.html"])
        #expect(
            report.errors.map { "\($0.template):\($0.line) \($0.problem)" } == [
                "a.html:1 There is no filter 'nope'.", "a.html:1 The filter 'cut' needs an argument.",
                "a.html:2 There is no tag 'nonsense'.",
                "a.html:3 The tag is not of the form 'name in values'.",
                "a.html:4 'b' follows a value without an operator between them.", "a.html:5 The braces are empty.",
                "a.html:6 No loader has the template 'missing.html'.", "b.html:1 The tag opened here is never closed.",
                "b.html:1 No loader has the template 'a.htm'.",
            ])
    }

    @Test func `the pages that templates link to are listed with their lines`() throws {
        let engine = TemplateEngine(loaders: [
            .memory(["a": "\n{% url 'blog:post' post.id page=2 %}{% url name %}", "b": "{% url \"home\" as home %}"])
        ])
        let uses = try engine.check().urls
        #expect(uses.map(\.name) == ["blog:post", "home"])
        #expect(uses.map(\.template) == ["a", "b"])
        #expect(uses.map(\.line) == [2, 1])
        #expect(uses.map(\.positional) == [1, 0])
        #expect(uses.map(\.keywords) == [["page"], []])
        #expect(uses.map(\.isOptional) == [false, true])
    }

    @Test func `templates that extend each other are found, each circle once`() throws {
        let engine = TemplateEngine(loaders: [
            .memory(["a": "{% extends 'b' %}", "b": "{% extends 'a' %}", "c": "{% extends 'a' %}"])
        ])
        #expect(try engine.check().errors.map(\.problem) == ["Templates extend each other in a circle: a → b → a."])
    }

    @Test func `a template with very many errors is not listed for ever`() throws {
        let engine = TemplateEngine(loaders: [.memory(["a": String(repeating: "{% if %}", count: 100_000)])])
        #expect(try (1...60).contains(engine.check().errors.count))
    }
}
