import FoundationEssentials
import MartletCommands
import MartletHTTP
import MartletJSON
import MartletShortcuts
import MartletSite
import TestPrograms
import Testing

@Suite struct CollectStaticTests {
    private static let files = [
        "A/css/site.css": """
        @import "base.css";
        @import url(parts/card.css);
        body { background: url('../img/bird.svg') }
        a { background: url( ../img/bird.svg ); cursor: url("../img/bird.svg?v=1#id") }
        @font-face { src: url("../font/a.eot?#iefix"), url(/static/font/a.eot) }
        b { background: url(data:image/gif;base64,AAAA) url(https://example.org/x.png) url(//cdn/x.png) url(#here) }
        i { background: URL(/elsewhere/x.png) }
        /*# sourceMappingURL=site.css.map */
        """,
        "A/css/site.css.map": "{\"version\": 3}", "A/css/base.css": "html { color: black }",
        "A/css/parts/card.css": ".card { background: url(../../img/bird.svg) }",
        "A/img/bird.svg": "<svg>" + String(repeating: "<g/>", count: 200) + "</svg>", "A/font/a.eot": "font",
        "A/js/app.js": "let url = 'url(none.png)'\n//# sourceMappingURL=app.js.map\n", "A/js/app.js.map": "{}",
        "A/noending": "x", "A/with blank.txt": "y", "A/a.tar.gz": "z", "A/ü.txt": "umlaut", "A/.hidden": "no",
        "A/old.css~": "no", "B/css/base.css": "hidden by the first", "B/empty.txt": "",
    ]

    private func site(_ files: [String: String]) throws -> (CommandSite, Site) {
        let desk = try CommandSite()
        for (path, text) in files {
            let file = desk.folder.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        var site = desk.site
        site.staticFiles = ["A", "B"]
        return (desk, site)
    }

    /// The contents of a folder's files, by their names.
    private func contents(of folder: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            contents[name] = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
        }
        return contents
    }

    private static let django = """
        import sys, os
        from django.conf import settings
        folder = sys.argv[1]
        settings.configure(
            DEBUG=False, STATIC_URL="/static/", STATIC_ROOT=folder + "/Django",
            STATICFILES_DIRS=[folder + "/A", folder + "/B"], INSTALLED_APPS=["django.contrib.staticfiles"],
            STORAGES={"staticfiles": {
                "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}})
        import django
        django.setup()
        from django.core.management import call_command
        call_command("collectstatic", interactive=False, verbosity=0)
        """

    @Test func `names, references and the manifest are those that Django makes`() async throws {
        let (desk, site) = try site(Self.files)
        let python = try await PythonEnvironment(PythonEnvironment.django)
        _ = try await python.run(Self.django, desk.folder.path)
        let result = await desk.manage(["collectstatic", "--no-input"], of: site)
        #expect(result.status == 0, "\(result.errors)")
        let expected = try contents(of: desk.folder.appendingPathComponent("Django"))
        // Django keeps versions of a style sheet whose references were not yet all renamed.
        let manifest = try JSON.decode(Manifest.self, from: Array(try #require(expected["staticfiles.json"])))
        let ours = try contents(of: desk.folder.appendingPathComponent("Collected"))
        let own = try JSON.decode(Manifest.self, from: Array(try #require(ours["staticfiles.json"])))
        #expect(own == manifest)
        #expect(manifest.paths.count == 13)
        for name in manifest.paths.values {
            #expect(ours[name] == expected[name], "\(name)")
        }
    }

    private struct Manifest: Decodable, Equatable {
        let paths: [String: String]
        let version: String
        let hash: String
    }

    @Test func `compressed forms stand beside what they make smaller`() async throws {
        let (desk, site) = try site(Self.files)
        _ = await desk.manage(["collectstatic", "--no-input"], of: site)
        let ours = try contents(of: desk.folder.appendingPathComponent("Collected"))
        for name in ["img/bird.svg", "img/bird.svg.gz", "img/bird.svg.br"] { #expect(ours[name] != nil, "\(name)") }
        #expect(ours["img/bird.svg.gz"]?.starts(with: [0x1F, 0x8B]) == true)
        #expect(ours["empty.txt.gz"] == nil && ours["a.tar.gz.gz"] == nil)
        #expect(ours[".hidden"] == nil && ours["old.css~"] == nil)
        // The second time there is nothing to do.
        let again = await desk.manage(["collectstatic", "--no-input"], of: site)
        #expect(again.output.contains(": 0 files written to "))
    }

    @Test(arguments: [
        (["A/a.css": "a { b: url(none.png) }"], "refers to 'none.png', and no folder of static files has 'none.png'."),
        (
            ["A/a.css": "@import 'b.css';", "A/b.css": "@import 'a.css';"],
            "a.css → b.css → a.css: these refer to each other"
        ),
        (["A/a.css": "a { b: url(../../../../etc/passwd) }"], "no folder of static files has 'etc/passwd'."),
    ])
    func `a reference that leads nowhere is told, and nothing is written`(
        _ files: [String: String], _ problem: String
    ) async throws {
        let (desk, site) = try site(files)
        let result = await desk.manage(["collectstatic", "--no-input"], of: site)
        #expect(result.status == 1)
        #expect(result.errors.contains(problem), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: desk.folder.appendingPathComponent("Collected").path))
    }

    @Test func `comments are left alone`() async throws {
        let sheet = "/* url(none.png) */ a { b: c } /* @import 'none.css'"
        let (desk, site) = try site(["A/a.css": sheet])
        #expect(await desk.manage(["collectstatic", "--no-input"], of: site).status == 1)
        let (other, closed) = try self.site(["A/a.css": sheet + " */"])
        #expect(await other.manage(["collectstatic", "--no-input"], of: closed).status == 0)
    }

    @Test func `options leave out, empty, and only look`() async throws {
        let (desk, site) = try site(["A/a.txt": "a", "A/b/c.log": "c", "Collected/old.txt": "old"])
        let folder = desk.folder.appendingPathComponent("Collected")
        let dry = await desk.manage(["collectstatic", "-n", "--clear", "--no-input"], of: site)
        #expect(dry.output.contains("would be written"))
        #expect(try contents(of: folder).keys.sorted() == ["old.txt"])
        let plain = ["collectstatic", "--no-input", "--no-post-process", "-i", "*.log", "--clear"]
        #expect(await desk.manage(plain, of: site).status == 0)
        #expect(try contents(of: folder).keys.sorted() == ["a.txt"])
        // Whoever is asked may say no.
        let refused = await desk.manage(["collectstatic", "--clear"], of: site, ask: { _ in "n" })
        #expect(refused.status == 1)
        #expect(try contents(of: folder).keys.sorted() == ["a.txt"])
    }

    @Test func `templates use the collected names in production, and the plain ones before`() async throws {
        var (desk, site) = try site([
            "A/a.css": "a {}", "Templates/a.html": "{% static 'a.css' %}|{% static 'a.css?v=1#b' %}",
            "Templates/b.html": "{% static 'b.css' %}",
        ])
        site.templates = ["Templates"]
        let production = ["SECRET_KEY": "k", "ALLOWED_HOSTS": "a", "SESSION_ENGINE": "signed_cookies"]
        let before = try await page("/a/", site, production)
        #expect(before == "/static/a.css|/static/a.css%3Fv=1%23b")
        #expect(await desk.manage(["collectstatic", "--no-input"], of: site).status == 0)
        #expect(
            try await page("/a/", site, production) == "/static/a.3d1a83e550d5.css|/static/a.3d1a83e550d5.css?v=1#b")
        #expect(try await page("/a/", site, ["DEBUG": "true"]).hasPrefix("/static/a.css|"))
        await #expect(throws: (any Error).self) { try await page("/b/", site, production) }
        // A manifest that is none stops the start and not the pages.
        let manifest = desk.folder.appendingPathComponent("Collected/staticfiles.json")
        try Data("{\"paths\": 1}".utf8).write(to: manifest)
        let error = await #expect(throws: StaticManifestError.self) { try await page("/a/", site, production) }
        #expect(error?.description.contains("is no manifest of static files. Run manage collectstatic again") == true)
    }

    /// What a page renders, without the layers around it.
    private func page(_ path: String, _ site: Site, _ variables: [String: String]) async throws -> String {
        let running = try RunningSite(site, settings: Settings(Environment(variables)))
        let template = path.split(separator: "/").joined() + ".html"
        let text = try await running.bound {
            let request = Request(
                method: .get, target: path, path: path, queryString: "", headers: Headers(), body: RequestBody([]),
                peerAddress: "192.0.2.7", isEncrypted: false)
            return String(decoding: try await render(request, template).body.collect(), as: UTF8.self)
        }
        await running.close()
        return text
    }
}
