import Foundation
import MartletTemplates
import Testing

/// Templates in folders, and names that try to get out of them.
@Suite final class LoaderTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-templates-\(UUID())").path
    var root: String { folder + "/templates" }

    init() throws {
        try FileManager.default.createDirectory(atPath: root + "/blog", withIntermediateDirectories: true)
        try write("blog/list.html", "list of {{ n }}")
        try Data("secret".utf8).write(to: URL(filePath: folder + "/secret"))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: root + "/" + name))
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: root + "/" + name, withDestinationPath: target)
    }

    @Test func `a file is found by its path in the folder`() throws {
        let engine = TemplateEngine(loaders: [.directory(root)])
        #expect(try engine.renderText("blog/list.html", ["n": 3]) == "list of 3")
        #expect(engine.hasTemplate("blog/list.html"))
        #expect(!engine.hasTemplate("blog"))
        #expect(try engine.check().templates == ["blog/list.html"])
    }

    @Test(arguments: [
        "../secret", "blog/../../secret", "blog/../blog/list.html", "/etc/passwd", "//etc/passwd", "./blog/list.html",
        "blog//list.html", "",
        "blog/", ".", "..", "blog", "blog\\list.html", "blog/list.html\0", "blog/list.html\0.txt", "\0",
        String(repeating: "a/", count: 5000),
        String(repeating: "a", count: 300), "blog/list.html/x", "%2e%2e/secret", "..%2fsecret",
    ])
    func `a hostile name finds nothing`(_ name: String) throws {
        let engine = TemplateEngine(loaders: [.directory(root)])
        #expect(!engine.hasTemplate(name))
        let error = try #require(throws: TemplateError.self) { try engine.render(name) }
        #expect(error.kind == .notFound)
        // As the name of an included template it is relative, and means what it says.
        guard !name.hasPrefix("./") else { return }
        let includer = TemplateEngine(loaders: [.directory(root), .memory(["page": "{% include name %}"])])
        let inner = try #require(throws: TemplateError.self) { try includer.render("page", ["name": name]) }
        #expect(inner.kind == .notFound || inner.kind == .syntax)
    }

    @Test func `a link out of the folder is refused, one inside it is followed`() throws {
        try link("out.html", to: folder + "/secret")
        try link("in.html", to: "blog/list.html")
        let engine = TemplateEngine(loaders: [.directory(root)])
        let error = try #require(throws: TemplateError.self) { try engine.render("out.html") }
        #expect(error.kind == .unreadable)
        #expect(error.problem.contains("is a link out of its directory"))
        #expect(try engine.renderText("in.html", ["n": 1]) == "list of 1")
    }

    @Test func `links to folders above are walked once`() throws {
        try link("blog/one", to: "..")
        try link("blog/two", to: "..")
        #expect(try TemplateEngine(loaders: [.directory(root)]).check().templates.count < 10)
    }

    @Test func `what is no regular file, too large or not UTF-8 is refused`() throws {
        #expect(mkfifo(root + "/pipe.html", 0o600) == 0)
        try write("large.html", String(repeating: "x", count: 1001))
        try Data([0xFF, 0xFE]).write(to: URL(filePath: root + "/latin.html"))
        let engine = TemplateEngine(loaders: [.directory(root, maximumBytes: 1000)])
        #expect(message { try engine.renderText("pipe.html") }.contains("No loader has the template"))
        #expect(message { try engine.renderText("large.html") }.contains("has 1001 bytes; at most 1000 are read."))
        #expect(
            message { try engine.renderText("latin.html") }
                == "latin.html: The template is not UTF-8. Save it in UTF-8.")
    }

    @Test func `a folder that does not exist is an error of check`() {
        let engine = TemplateEngine(loaders: [.directory(folder + "/nowhere")])
        #expect(message { "\(try engine.check())" }.contains("nowhere"))
    }

    @Test func `the first loader that has a name wins, and a template can extend the one it hides`() throws {
        let mine = TemplateLoader.memory([
            "base": "{% extends 'base' %}{% block a %}mine {{ block.super }}{% endblock %}"
        ])
        let theirs = TemplateLoader.memory(["base": "<{% block a %}theirs{% endblock %}>", "other": "other"])
        let engine = TemplateEngine(loaders: [mine, theirs])
        #expect(try engine.renderText("base") == "<mine theirs>")
        #expect(try engine.renderText("other") == "other")
        #expect(try engine.check().errors.isEmpty)
    }

    @Test func `a changed file is compiled again where reloading is on`() throws {
        let development = TemplateEngine(loaders: [.directory(root)], reload: true)
        let production = TemplateEngine(loaders: [.directory(root)])
        try write("base.html", "<{% block a %}{% endblock %}>")
        try write("page.html", "{% extends 'base.html' %}{% block a %}{% include 'blog/list.html' %}{% endblock %}")
        #expect(try development.renderText("page.html", ["n": 1]) == "<list of 1>")
        #expect(try production.renderText("page.html", ["n": 1]) == "<list of 1>")
        try write("base.html", "[[{% block a %}{% endblock %}]]")
        try write("blog/list.html", "changed {{ n }}")
        #expect(try development.renderText("page.html", ["n": 1]) == "[[changed 1]]")
        #expect(try production.renderText("page.html", ["n": 1]) == "<list of 1>")
        try write("blog/list.html", "{% broken %}")
        #expect(message { try development.renderText("page.html") }.contains("There is no tag 'broken'."))
        try write("blog/list.html", "mended")
        #expect(try development.renderText("page.html") == "[[mended]]")
        try FileManager.default.removeItem(atPath: root + "/blog/list.html")
        #expect(
            message { try development.renderText("page.html") }.contains("No loader has the template 'blog/list.html'.")
        )
    }
}
