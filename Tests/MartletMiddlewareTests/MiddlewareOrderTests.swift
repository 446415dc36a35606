import MartletHTTP
import MartletMiddleware
import Testing

@Suite struct MiddlewareOrderTests {
    private struct Outer: OrderedMiddleware {
        static let order: [MiddlewareOrder] = [.outside(Inner.self, because: "it must see everything")]
        func respond(to request: Request, next: Handler) async throws -> Response { try await next(request) }
    }

    private struct Inner: OrderedMiddleware {
        static let order: [MiddlewareOrder] = [
            .inside(Outer.self, because: "the other said so"),
            .inside(Needed.self, isRequired: true, because: "it reads what that has stored"),
        ]
        func respond(to request: Request, next: Handler) async throws -> Response { try await next(request) }
    }

    private struct Needed: OrderedMiddleware {
        static let mayRepeat = true
        func respond(to request: Request, next: Handler) async throws -> Response { try await next(request) }
    }

    private struct Plain: Middleware {
        func respond(to request: Request, next: Handler) async throws -> Response { try await next(request) }
    }

    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let layers: [any Middleware]
        let problems: [String]
    }

    static let examples = [
        Example(testDescription: "no layers", layers: [], problems: []),
        Example(testDescription: "the right order", layers: [Needed(), Outer(), Plain(), Inner()], problems: []),
        Example(
            testDescription: "a wrong pair is told once, though both say so", layers: [Needed(), Inner(), Outer()],
            problems: [
                "middleware.E001: Outer stands after Inner but must come first, because the other said so. "
                    + "Move Outer above Inner in the site's middleware."
            ]),
        Example(
            testDescription: "one that is needed is missing", layers: [Inner()],
            problems: [
                "middleware.E003: Inner needs Needed, because it reads what that has stored. "
                    + "Put Needed above Inner in the site's middleware."
            ]),
        Example(
            testDescription: "one stands there twice", layers: [Outer(), Plain(), Outer()],
            problems: [
                "middleware.E002: Outer stands there more than once. "
                    + "Remove all but one from the site's middleware."
            ]),
        Example(
            testDescription: "what may repeat, and what says nothing, may repeat",
            layers: [Needed(), Plain(), Needed(), Plain()], problems: []),
        Example(
            testDescription: "the framework's own layers, the wrong way round",
            layers: [CSRFProtection(), AllowedHosts(["a"]), RequestLog(), RequestID()],
            problems: [
                "middleware.E001: AllowedHosts stands after CSRFProtection but must come first, because it compares "
                    + "Origin with the host that the client sent. "
                    + "Move AllowedHosts above CSRFProtection in the site's middleware.",
                "middleware.E001: RequestLog stands after AllowedHosts but must come first, because requests that are "
                    + "refused are to be logged, too. Move RequestLog above AllowedHosts in the site's middleware.",
                "middleware.E001: RequestLog stands after CSRFProtection but must come first, because requests that are "
                    + "refused are to be logged, too. Move RequestLog above CSRFProtection in the site's middleware.",
                "middleware.E001: RequestID stands after RequestLog but must come first, because the log tells the "
                    + "identifier with each request. Move RequestID above RequestLog in the site's middleware.",
            ]),
    ]

    @Test(arguments: examples)
    func `a wrong order is told with both layers and the remedy`(_ example: Example) {
        #expect(MiddlewareOrder.problems(in: example.layers).map(\.description) == example.problems)
    }

    @Test func `the error lists every problem`() {
        let problems = MiddlewareOrder.problems(in: [Outer(), Outer(), Inner()])
        let lines = MiddlewareOrderError(problems: problems).description.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first == "The order of the middleware is wrong:")
    }

    @Test func `a closure is a layer`() async throws {
        let shout = Layer { request, next in
            var response = try await next(request)
            try response.headers.set(.server, "Loud")
            return response
        }
        #expect(try await compose([shout], around: echo)(.make()).headers[.server] == "Loud")
    }
}
