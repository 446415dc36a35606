import MartletHTTP
import MartletRouting
import Testing

@Suite struct ErrorFormatTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let accept: String?
        let isJSON: Bool

        var testDescription: String { "\(path) for \(accept ?? "no Accept")" }
    }

    static let cases = [
        // A page is what routes have.
        Case(path: "/page/", accept: nil, isJSON: false),
        Case(path: "/page/", accept: "*/*", isJSON: false),
        Case(path: "/page/", accept: "application/json", isJSON: true),
        Case(path: "/page/", accept: "text/html, */*;q=0.8", isJSON: false),
        Case(path: "/missing/", accept: "*/*", isJSON: false),
        // curl, and whoever has no preference, gets JSON from an API; a browser gets a page.
        Case(path: "/api/posts/", accept: nil, isJSON: true),
        Case(path: "/api/posts/", accept: "*/*", isJSON: true),
        Case(path: "/api/posts/", accept: "application/json, text/html", isJSON: true),
        Case(path: "/api/posts/", accept: "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", isJSON: false),
        // Paths below the prefix that no route matches.
        Case(path: "/api/missing/", accept: "*/*", isJSON: true),
        Case(path: "/api/", accept: "*/*", isJSON: true),
        Case(path: "/apiary/", accept: "*/*", isJSON: false),
        // What an inner route or include says counts over its outer one.
        Case(path: "/api/docs/intro/", accept: "*/*", isJSON: false),
        Case(path: "/api/docs/missing/", accept: "*/*", isJSON: false),
        Case(path: "/api/plain/", accept: "*/*", isJSON: false),
        Case(path: "/single/", accept: "*/*", isJSON: true),
    ]

    static func fail(_ request: Request) async throws -> Response { throw HTTPError(.conflict, "No.") }

    @Test(arguments: cases)
    func `errors are told in the form that the client wants, or else the route`(_ example: Case) async throws {
        let docs = URLs { path("intro/", Self.fail) }
        let api = URLs {
            path("posts/", Self.fail)
            path("plain/", Self.fail).errors(as: .html)
            include("docs/", docs).errors(as: .html)
        }
        let table = try RouteTable(
            URLs {
                path("page/", Self.fail)
                include("api/", api).errors(as: .json)
                path("single/", Self.fail).errors(as: .json)
            })
        let headers = try example.accept.map { try Headers(["Accept": $0]) } ?? Headers()
        let response = try await Dispatcher(table).handler(.make(.get, example.path, headers: headers))
        #expect(response.headers[.contentType] == (example.isJSON ? "application/json" : "text/html; charset=utf-8"))
        #expect(response.headers[.vary] == "Accept")
    }
}
