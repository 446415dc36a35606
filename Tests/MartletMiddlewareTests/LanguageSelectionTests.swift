import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

@Suite struct LanguageSelectionTests {
    private static let languages = SiteLanguages(["en", "de", "pt-br"], default: "en")

    private static func handler(_ layer: LanguageSelection = LanguageSelection(languages)) throws -> Handler {
        let table = try RouteTable(
            URLs {
                path("", { request in Response(request.language ?? "none") })
                path("de/", { request in Response(request.language ?? "none") })
                path("task/", { _ in Response(SelectedLanguage.current ?? "none") })
                path("plain/", echo)
                path(
                    "stream/",
                    { request in
                        _ = request.language
                        return .stream { try await $0.write(SelectedLanguage.current ?? "none") }
                    })
                path(
                    "own/",
                    { request in
                        var response = Response(request.language ?? "none")
                        try response.headers.set(.contentLanguage, "fr")
                        return response
                    })
            })
        return Dispatcher(table, middleware: [layer]).handler
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var path = "/"
        var headers: KeyValuePairs<String, String> = [:]
        let language: String
    }

    // How the language is found is tested where that is done; Django: i18n, MiscTests.test_parse_language_cookie.
    static let examples = [
        Example(testDescription: "the site's own", language: "en"),
        Example(
            testDescription: "what the browser asks for", headers: ["Accept-Language": "fr, de-AT;q=0.8"],
            language: "de"),
        Example(
            testDescription: "the cookie counts more",
            headers: ["Accept-Language": "de", "Cookie": "django_language=pt-br"], language: "pt-br"),
        Example(
            testDescription: "a cookie with another language does not",
            headers: ["Accept-Language": "de", "Cookie": "django_language=xx"], language: "de"),
        Example(
            testDescription: "nor one that is no language",
            headers: ["Accept-Language": "de", "Cookie": "django_language=../../etc"], language: "de"),
        Example(testDescription: "of the task", path: "/task/", headers: ["Accept-Language": "de"], language: "de"),
        Example(testDescription: "in a stream", path: "/stream/", headers: ["Accept-Language": "de"], language: "de"),
    ]

    @Test(arguments: examples)
    func `the language is selected, and the answer says so`(_ example: Example) async throws {
        let response = try await Self.handler()(.make(.get, example.path, headers: example.headers))
        #expect(try await response.content == example.language)
        #expect(response.headers[.contentLanguage] == example.language)
        #expect(response.headers[.vary] == "Accept-Language, Cookie")
    }

    // Django says so of every page; a page that is the same for everybody then is kept once for each browser's settings.
    @Test func `a page that does not ask is one for everybody`() async throws {
        let response = try await Self.handler()(.make(.get, "/plain/", headers: ["Accept-Language": "de"]))
        #expect(!response.headers.contains(.contentLanguage))
        #expect(!response.headers.contains(.vary))
    }

    @Test func `what the view says stays`() async throws {
        let response = try await Self.handler()(.make(.get, "/own/"))
        #expect(response.headers.values(.contentLanguage) == ["fr"])
    }

    @Test func `a path may say the language`() async throws {
        let layer = LanguageSelection(Self.languages, cookie: nil, fromPath: true)
        let ofPath = try await Self.handler(layer)(.make(.get, "/de/", headers: ["Accept-Language": "pt"]))
        #expect(ofPath.text == "de")
        #expect(ofPath.headers[.contentLanguage] == "de")
        #expect(!ofPath.headers.contains(.vary))
        let other = try await Self.handler(layer)(.make(.get, "/", headers: ["Accept-Language": "pt"]))
        #expect(other.text == "pt-br")
        #expect(other.headers[.vary] == "Accept-Language")
    }

    @Test func `without the layer there is no language`() async throws {
        #expect(try Request.make().language == nil)
        #expect(SelectedLanguage.current == nil)
    }
}
