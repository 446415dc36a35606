import FoundationEssentials
import MartletHTTP
import Testing

@testable import MartletRouting

// What a package that knows users adds to routes from outside: nothing here is known to the dispatcher.

private enum CurrentUser: RequestStorageKey { typealias Value = User }

private struct User: Sendable {
    let name: String
    let permissions: Set<String>
}

/// Who asks, as a layer of the site finds out.
private struct Authentication: Middleware {
    func respond(to request: Request, next: Handler) async throws -> Response {
        var request = request
        switch request.headers[.authorization] {
        case "ann": request.storage[CurrentUser.self] = User(name: "ann", permissions: ["blog.add", "blog.change"])
        case "bob": request.storage[CurrentUser.self] = User(name: "bob", permissions: ["blog.add"])
        default: break
        }
        return try await next(request)
    }
}

private struct LoginRequired: Middleware {
    func respond(to request: Request, next: Handler) async throws -> Response {
        if request.storage[CurrentUser.self] != nil { return try await next(request) }
        return try Response.redirect(to: "/login/?next=\(request.target)&for=\(request.route?.name ?? "")")
    }
}

private struct PermissionRequired: Middleware {
    let permission: String
    func respond(to request: Request, next: Handler) async throws -> Response {
        guard request.storage[CurrentUser.self]?.permissions.contains(permission) == true else {
            throw HTTPError(.forbidden, "\(request.route?.name ?? "") needs \(permission).")
        }
        return try await next(request)
    }
}

extension Route {
    fileprivate func loginRequired() -> Route { middleware(LoginRequired()) }
    fileprivate func permissionRequired(_ permission: String) -> Route {
        middleware(LoginRequired(), PermissionRequired(permission: permission))
    }
}

@Suite struct ModifierTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        let path: String
        var user: String?
        let status: HTTPStatus
        var text: String?
        var location: String?
    }

    static let cases = [
        Case(testDescription: "a page for all", path: "/open/", status: .ok, text: "open"),
        Case(
            testDescription: "nobody is sent to the login, with the route known", path: "/mine/", status: .found,
            location: "/login/?next=/mine/&for=mine"),
        Case(testDescription: "somebody sees the page", path: "/mine/", user: "bob", status: .ok, text: "bob"),
        Case(
            testDescription: "an include asks for all below it", path: "/staff/add/", status: .found,
            location: "/login/?next=/staff/add/&for=add"),
        Case(testDescription: "the permission is there", path: "/staff/add/", user: "bob", status: .ok, text: "added"),
        Case(
            testDescription: "both permissions are needed", path: "/staff/change/", user: "bob", status: .forbidden,
            text: "change needs blog.change."),
        Case(
            testDescription: "both permissions are there", path: "/staff/change/", user: "ann", status: .ok,
            text: "changed"),
        Case(
            testDescription: "a method that is not allowed comes first", method: .post, path: "/mine/",
            status: .methodNotAllowed),
    ]

    @Test(arguments: cases)
    func `a modifier from outside runs before the view and may answer instead`(_ example: Case) async throws {
        let table = try RouteTable(
            URLs {
                path("open/", { _ in Response("open") }, name: "open")
                path("mine/", { Response($0.storage[CurrentUser.self]?.name ?? "nobody") }, name: "mine")
                    .methods(.get).loginRequired()
                include(
                    "staff/",
                    URLs {
                        path("add/", { _ in Response("added") }, name: "add")
                        path("change/", { _ in Response("changed") }, name: "change").permissionRequired("blog.change")
                    }
                ).permissionRequired("blog.add")
            })
        var headers = Headers()
        if let user = example.user { try headers.set(.authorization, user) }
        let handler = Dispatcher(table, middleware: [Authentication()]).handler
        let response = try await handler(.make(example.method, example.path, headers: headers))
        #expect(response.status == example.status)
        #expect(response.headers[.location] == example.location)
        if let text = example.text { #expect(response.text.contains(text)) }
    }

    @Test func `a route tells its modifiers in words`() throws {
        let table = try RouteTable(
            URLs {
                include(
                    "a/",
                    URLs {
                        path("b/", empty).cached(for: .minutes(5)).csrfExempt().bodyLimit(64_000)
                            .setting(CurrentUser.self, to: User(name: "x", permissions: []))
                    }
                ).permissionRequired("blog.add")
            })
        #expect(
            table.routes[0].modifiers == [
                "LoginRequired PermissionRequired", "cached(300 s)", "csrfExempt", "bodyLimit(64000)", "CurrentUser",
            ])
    }

    struct Kept: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        var status = HTTPStatus.ok
        var fields: [String: String] = [:]
        var age = Duration.seconds(300)
        var cacheControl: String?
        var isKept: Bool
    }

    // tests/cache/tests.py, CacheUtils.test_patch_cache_control and CacheMiddlewareTest
    static let kept = [
        Kept(testDescription: "a page", cacheControl: "max-age=300", isKept: true),
        Kept(testDescription: "HEAD", method: .head, cacheControl: "max-age=300", isKept: true),
        Kept(
            testDescription: "not modified", status: .notModified, cacheControl: "max-age=300", isKept: true),
        Kept(testDescription: "no time", age: .zero, cacheControl: "no-cache", isKept: true),
        Kept(testDescription: "less than no time", age: .seconds(-1), cacheControl: "no-cache", isKept: true),
        Kept(testDescription: "POST", method: .post, isKept: false),
        Kept(testDescription: "a page that is not found", status: .notFound, isKept: false),
        Kept(testDescription: "a redirect", status: .found, isKept: false),
        Kept(
            testDescription: "the view says it itself", fields: ["Cache-Control": "private"], cacheControl: "private",
            isKept: false),
        Kept(testDescription: "the view says when", fields: ["Expires": "0"], isKept: false),
        Kept(
            testDescription: "a cookie is for one client (Django sends both)", fields: ["Set-Cookie": "a=b"],
            isKept: false),
    ]

    @Test(arguments: kept)
    func `an answer says how long it may be kept`(_ example: Kept) async throws {
        let view: Handler = { _ in
            var response = Response("x", status: example.status)
            for (name, value) in example.fields { try response.headers.add(HeaderName(unchecked: name), value) }
            return response
        }
        let table = try RouteTable(URLs { path("a/", view).cached(for: example.age) })
        let response = try await Dispatcher(table).handler(.make(example.method, "/a/"))
        #expect(response.headers[.cacheControl] == example.cacheControl)
        #expect(response.headers.contains(.expires) == (example.isKept || example.fields["Expires"] != nil))
        #expect(table.routes[0].storage[PageLifetime.self] == example.age)
    }

    @Test func `a cookie that a layer sets counts, too`() async throws {
        struct SetsCookie: Middleware {
            func respond(to request: Request, next: Handler) async throws -> Response {
                var response = try await next(request)
                try response.headers.add(.setCookie, "a=b")
                return response
            }
        }
        let table = try RouteTable(URLs { path("a/", empty).cached(for: .seconds(60)) })
        let response = try await Dispatcher(table, middleware: [SetsCookie()]).handler(.get("/a/"))
        #expect(!response.headers.contains(.cacheControl))
    }

    @Test func `minutes, hours and days are seconds`() {
        #expect([Duration.minutes(2), .hours(3), .days(4)] == [.seconds(120), .seconds(10_800), .seconds(345_600)])
    }

    @Test func `the moment of expiry follows the clock`() {
        var response = Response("x")
        response.addLifetime(.seconds(90), now: Date(timeIntervalSince1970: 784_111_687))
        #expect(response.headers[.expires] == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(response.headers[.cacheControl] == "max-age=90")
    }
}
