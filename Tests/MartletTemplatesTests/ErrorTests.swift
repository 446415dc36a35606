import MartletTemplates
import Testing

/// Errors tell the template, the line, the tag, what happened and what to do.
@Suite struct ErrorTests {
    static let errors: [(template: String, message: String)] = [
        (
            "a\n{{ title|uper }}",
            "page:2: {{ title|uper }}: There is no filter 'uper'. Did you mean 'upper'? Filters of an application are registered in its TemplateLibrary."
        ),
        ("{{ title|cut }}", "page:1: {{ title|cut }}: The filter 'cut' needs an argument. Write cut:argument."),
        (
            "{{ title|upper:1 }}",
            "page:1: {{ title|upper:1 }}: The filter 'upper' takes no argument. Remove the colon and what follows."
        ),
        (
            "{% iff x %}",
            "page:1: {% iff x %}: There is no tag 'iff'. Did you mean 'if'? Tags of an application are registered in its TemplateLibrary."
        ),
        (
            "\n\n{% for x of y %}",
            "page:3: {% for x of y %}: The tag is not of the form 'name in values'. Write {% for post in posts %} or {% for key, value in d.items %}."
        ),
        (
            "{% for x in y %}\n",
            "page:1: {% for x in y %}: The tag opened here is never closed. Add {% endfor %} (also possible before it: empty)."
        ),
        ("{% block a %}", "page:1: {% block a %}: The tag opened here is never closed. Add {% endblock %}."),
        (
            "{% if a %}\n{% endfor %}",
            "page:2: {% endfor %}: 'endfor' does not belong here. Expected elif or else or endif here."
        ),
        ("{% endif %}", "page:1: {% endif %}: 'endif' does not belong here. No tag is open here."),
        (
            "{% block a %}\n{% endblock b %}",
            "page:2: {% endblock b %}: The block 'a' of line 1 is still open. Close it with {% endblock a %}."
        ),
        (
            "{% block a %}{% endblock %}\n{% block a %}{% endblock %}",
            "page:2: {% block a %}: The block 'a' exists already, in line 1. Give one of them another name."
        ),
        (
            "{% if a b %}{% endif %}",
            "page:1: {% if a b %}: 'b' follows a value without an operator between them. Put 'and', 'or' or a comparison there."
        ),
        (
            "{% if a == %}{% endif %}",
            "page:1: {% if a == %}: The condition ends where a value should follow. Complete or shorten it."
        ),
        (
            "{% if a %}{% else if b %}{% endif %}",
            "page:1: {% else if b %}: 'else' takes no condition. Write {% elif b %}."
        ),
        (
            "{{ _secret }}",
            "page:1: {{ _secret }}: '_secret': names may not begin with an underscore. Give the value a public name."
        ),
        (
            "{{ a b }}",
            "page:1: {{ a b }}: Could not read 'b' in 'a b'. Write a name, a number or quoted text, then filters as |name:argument."
        ),
        (
            "{% load statik %}",
            "page:1: {% load statik %}: There is no tag library 'statik'. Did you mean 'static'? Register it with TemplateLibrary.register(\"statik\")."
        ),
        (
            "{% cycle c %}",
            "page:1: {% cycle c %}: There is no cycle 'c' before this tag. Define it with {% cycle 'a' 'b' as c %}."
        ),
        (
            "{% include 'pag' %}",
            "page:1: {% include 'pag' %}: No loader has the template 'pag'. Did you mean 'page'? Create it in a folder of templates, with this path, or correct the name."
        ),
        (
            "{% extends 'base' %}",
            "page:1: {% extends 'base' %}: No loader has the template 'base'. Create it in a folder of templates, with this path, or correct the name."
        ),
        (
            "{% for x in 5 %}{% endfor %}",
            "page:1: {% for x in 5 %}: '5' cannot be walked through. Pass a list or a dictionary."
        ),
        (
            "{% url 'home' %}",
            "page:1: {% url 'home' %}: There are no routes to find 'home' in. Render with TemplateServices that have 'url'."
        ),
        (
            "{% static 'a.css' %}",
            "page:1: {% static 'a.css' %}: There is no address for the static file 'a.css'. Render with TemplateServices that have 'staticURL'."
        ),
        (
            "{{ 5|divisibleby:0 }}",
            "page:1: {{ 5|divisibleby:0 }}: 'divisibleby' needs two whole numbers, the second not zero."
        ),
    ]

    @Test(arguments: errors)
    func `an error says where, what and what to do`(_ example: (template: String, message: String)) {
        #expect(failure(example.template) == example.message)
    }

    @Test func `an error in an included template names that template`() {
        let engine = TemplateEngine(loaders: [.memory(["page": "{% include 'card' %}", "card": "\n{{ a|nope }}"])])
        #expect(message { try engine.renderText("page") }.hasPrefix("card:2: {{ a|nope }}: There is no filter 'nope'."))
    }

    @Test func `an error has its parts beside its text`() throws {
        let engine = TemplateEngine(loaders: [.memory(["page": "\n{% if %}"])])
        let error = try #require(throws: TemplateError.self) { try engine.render("page") }
        #expect(error.kind == .syntax)
        #expect(error.template == "page")
        #expect(error.line == 2)
        #expect(error.tag == "{% if %}")
        #expect(error.problem == "The condition is missing.")
        #expect(error.remedy == "Write {% if value %}.")
        #expect(error.cause == nil)
    }

    @Test func `a template that does not exist is named, with one that does`() throws {
        let engine = TemplateEngine(loaders: [.memory(["blog/list.html": ""])])
        let error = try #require(throws: TemplateError.self) { try engine.render("blog/lst.html") }
        #expect(error.kind == .notFound)
        #expect(error.problem == "No loader has the template 'blog/lst.html'.")
        #expect(error.remedy.hasPrefix("Did you mean 'blog/list.html'?"))
        #expect(
            message { String(decoding: try engine.render(firstOf: ["a", "b"]), as: UTF8.self) }
                == "a, b: No loader has any of the templates. Create one of them.")
    }

    struct Lazy: TemplateObject {
        struct NotLoaded: Error, CustomStringConvertible {
            let description = "The relation 'author' was not loaded. Add .selectRelated { $0.author }."
        }

        var templateText: String { "lazy" }
        func templateMember(_ name: String) throws -> TemplateValue? {
            if name == "author" { throw NotLoaded() }
            return nil
        }
    }

    @Test(arguments: [
        "{{ post.author }}", "{{ post.author.name|upper }}", "{% if post.author %}{% endif %}",
        "{% if not post.author.name == 1 %}{% endif %}",
        "{% for x in post.author %}{% endfor %}", "{% with a=post.author %}{% endwith %}",
        "{{ post|default:post.author }}", "{% firstof post.author %}",
        "{{ l|dictsort:'author'|length }}", "{% regroup l by author as g %}", "{{ missing|default:post.author }}",
        "{% if t or post.author %}{% endif %}{{ post.author }}",
    ])
    func `a relation that was not loaded is an error wherever it is touched`(_ template: String) throws {
        let engine = TemplateEngine(loaders: [.memory(["page": "\n" + template])])
        let context: TemplateContext = ["post": Lazy(), "l": [Lazy()], "t": true]
        let error = try #require(throws: TemplateError.self) { try engine.render("page", context) }
        #expect(error.line == 2)
        #expect(error.problem == "The relation 'author' was not loaded. Add .selectRelated { $0.author }.")
        #expect(error.cause is Lazy.NotLoaded)
    }

    @Test func `names without a value can be made errors`() throws {
        func strict(_ text: String) -> String {
            failure(text, ["title": "x", "user": ["name": "Ann"]], undefined: .error)
        }
        #expect(strict("{{ titel }}") == "page:1: {{ titel }}: 'titel' is not in the context. Did you mean 'title'?")
        #expect(
            strict("{{ user.nam }}") == "page:1: {{ user.nam }}: 'user.nam' has no value. Add it, or give a |default.")
        #expect(strict("{% for x in nothing %}{% endfor %}").contains("'nothing' is not in the context."))
        #expect(strict("{{ forloop.counter }}").contains("There is no loop here. Use 'forloop' inside {% for %}."))
        #expect(try rendered("{{ titel|default:'-' }}{% if titel %}x{% endif %}", undefined: .error) == "-")
    }

    @Test func `an argument without a value is an error, as in Django`() {
        #expect(failure("{{ 1|add:missing }}").contains("'missing' is not in the context."))
    }
}
