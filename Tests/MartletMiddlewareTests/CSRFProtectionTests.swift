import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

/// Expectations of Django's tests/csrf_tests.
@Suite struct CSRFProtectionTests {
    static let secret = "lcccccccX2kcccccccY2jcccccccssIC"
    static let token = "1bcdefghij2bcdefghij3bcdefghij4bcdefghij5bcdefghij6bcdefghijABCD"
    static let otherToken = "2JgchWvM1tpxT2lfz9aydoXW9yT1DN3NdLiejYxOOlzzV4nhBbYqmqZYbAV3V5Bg"

    struct TokenCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.post
        var cookie: String? = secret
        var field: String?
        var header: String?
        /// `nil`: the request is let through.
        var reason: String?
    }

    static let tokens = [
        TokenCase(testDescription: "a masked token in the form", field: token),
        TokenCase(testDescription: "the secret itself in the form", field: secret),
        TokenCase(testDescription: "a masked token in the header", header: token),
        TokenCase(testDescription: "the secret itself in the header", header: secret),
        TokenCase(testDescription: "a masked cookie, as Django before 4.0 set it", cookie: token, field: secret),
        TokenCase(testDescription: "PUT takes the header", method: .put, header: token),
        TokenCase(testDescription: "an empty field falls back to the header", field: "", header: token),
        TokenCase(
            testDescription: "the field counts before the header", field: otherToken, header: token,
            reason: "the CSRF token in the form field 'csrfmiddlewaretoken' is wrong."),
        TokenCase(testDescription: "no cookie", cookie: nil, field: token, reason: "the CSRF cookie is missing."),
        TokenCase(testDescription: "no token", reason: "the CSRF token is missing."),
        TokenCase(
            testDescription: "DELETE does not take the form", method: .delete, field: token,
            reason: "the CSRF token is missing."),
        TokenCase(
            testDescription: "an unknown method is unsafe", method: HTTPMethod(rawValue: "FOO"),
            reason: "the CSRF token is missing."),
        TokenCase(
            testDescription: "a cookie of another length", cookie: "abc", field: token,
            reason: "the CSRF cookie has the wrong length."),
        TokenCase(
            testDescription: "a cookie with other characters", cookie: String(repeating: "*", count: 32),
            field: token, reason: "the CSRF cookie has a character that no token has."),
        TokenCase(
            testDescription: "an empty cookie", cookie: "", field: token,
            reason: "the CSRF cookie has the wrong length."),
        TokenCase(
            testDescription: "a token of another length", field: "abc",
            reason: "the CSRF token in the form field 'csrfmiddlewaretoken' has the wrong length."),
        TokenCase(
            testDescription: "a header of another length", header: "abc",
            reason: "the CSRF token in the header 'X-CSRFToken' has the wrong length."),
        TokenCase(
            testDescription: "a token with other characters", header: String(repeating: "*", count: 64),
            reason: "the CSRF token in the header 'X-CSRFToken' has a character that no token has."),
        TokenCase(
            testDescription: "a token of another secret", header: otherToken,
            reason: "the CSRF token in the header 'X-CSRFToken' is wrong."),
        TokenCase(testDescription: "GET is safe", method: .get, cookie: nil),
        TokenCase(testDescription: "HEAD is safe", method: .head, cookie: nil),
        TokenCase(testDescription: "OPTIONS is safe", method: .options, cookie: nil),
        TokenCase(testDescription: "TRACE is safe", method: .trace, cookie: nil),
    ]

    @Test(arguments: tokens)
    func `an unsafe request needs cookie and token of one secret`(_ example: TokenCase) async throws {
        var headers = try Headers(["Host": "www.example.com"])
        if let cookie = example.cookie { try headers.set(.cookie, "csrftoken=\(cookie)") }
        if let header = example.header { try headers.set(HeaderName(literal: "X-CSRFToken"), header) }
        if example.field != nil { try headers.set(.contentType, "application/x-www-form-urlencoded") }
        let body = example.field.map { "name=1&csrfmiddlewaretoken=\($0)" } ?? ""
        let request = Request(
            method: example.method, target: "/", path: "/", queryString: "", headers: headers,
            body: RequestBody(Array(body.utf8)), peerAddress: "", isEncrypted: false)
        #expect(try await Self.reason(CSRFProtection(), request) == example.reason)
    }

    /// Why the request is refused; `nil` when the view is reached.
    private static func reason(_ protection: CSRFProtection, _ request: Request) async throws -> String? {
        do {
            #expect(try await protection.respond(to: request, next: echo).status == .ok)
            return nil
        } catch let failure as CSRFFailure {
            #expect(failure.status == .forbidden)
            return failure.reason
        }
    }

    struct OriginCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var host = "www.example.com"
        var origin: String?
        var referer: String?
        var isSecure = true
        var trusted: [String] = []
        var domain: String?
        let isAllowed: Bool
    }

    static let origins = [
        OriginCase(testDescription: "this site", origin: "https://www.example.com", isAllowed: true),
        OriginCase(
            testDescription: "this site over HTTP", origin: "http://www.example.com", isSecure: false,
            isAllowed: true),
        OriginCase(testDescription: "another site", origin: "https://www.evil.org", isAllowed: false),
        OriginCase(
            testDescription: "another site over HTTP", origin: "http://www.evil.org", isSecure: false,
            isAllowed: false),
        OriginCase(testDescription: "this site in another scheme", origin: "http://www.example.com", isAllowed: false),
        OriginCase(testDescription: "another port", origin: "https://www.example.com:444", isAllowed: false),
        OriginCase(
            testDescription: "this port", host: "www.example.com:444", origin: "https://www.example.com:444",
            isAllowed: true),
        OriginCase(testDescription: "null", origin: "null", isAllowed: false),
        OriginCase(
            testDescription: "a trusted one", origin: "https://dashboard.example.com",
            trusted: ["https://dashboard.example.com"], isAllowed: true),
        OriginCase(
            testDescription: "a trusted one in another scheme", origin: "http://dashboard.example.com",
            isSecure: false, trusted: ["https://dashboard.example.com"], isAllowed: false),
        OriginCase(
            testDescription: "below a trusted one", origin: "https://foo.example.com",
            trusted: ["https://*.example.com"], isAllowed: true),
        OriginCase(
            testDescription: "below a trusted one in another scheme", origin: "http://foo.example.com",
            isSecure: false, trusted: ["https://*.example.com"], isAllowed: false),
        OriginCase(
            testDescription: "a site that ends alike", origin: "https://evilexample.com",
            trusted: ["https://*.example.com"], isAllowed: false),
        OriginCase(
            testDescription: "brackets that hold nothing", origin: "https://[", trusted: ["https://*.example.com"],
            isAllowed: false),
        OriginCase(
            testDescription: "a malformed host", host: "@malformed", origin: "https://www.example.com",
            isAllowed: false),
        OriginCase(testDescription: "over HTTP neither is needed", isSecure: false, isAllowed: true),
        OriginCase(testDescription: "neither Origin nor Referer", isAllowed: false),
        OriginCase(
            testDescription: "the Referer of this site", referer: "https://www.example.com/somepage",
            isAllowed: true),
        OriginCase(
            testDescription: "the Referer of this site without a path", referer: "https://www.example.com",
            isAllowed: true),
        OriginCase(
            testDescription: "the Referer with this port", host: "www.example.com:4443",
            referer: "https://www.example.com:4443/somepage", isAllowed: true),
        OriginCase(
            testDescription: "the Referer of another site", referer: "https://www.evil.org/somepage",
            isAllowed: false),
        OriginCase(
            testDescription: "the Referer of a site that names this one",
            referer: "https://www.evil.org/https://www.example.com", isAllowed: false),
        OriginCase(testDescription: "an insecure Referer", referer: "http://www.example.com/", isAllowed: false),
        OriginCase(testDescription: "no scheme", referer: "www.example.com", isAllowed: false),
        OriginCase(testDescription: "no host", referer: "https://", isAllowed: false),
        OriginCase(testDescription: "no host, but a path", referer: "https:///somepage", isAllowed: false),
        OriginCase(testDescription: "no URL", referer: "http://http://www.example.com/", isAllowed: false),
        OriginCase(testDescription: "brackets in the Referer", referer: "https://[", isAllowed: false),
        OriginCase(
            testDescription: "a trusted Referer", referer: "https://dashboard.example.com",
            trusted: ["https://dashboard.example.com"], isAllowed: true),
        OriginCase(
            testDescription: "a Referer below a trusted one", referer: "https://dashboard.example.com/x",
            trusted: ["https://*.example.com"], isAllowed: true),
        OriginCase(
            testDescription: "a Referer of the cookie's domain", referer: "https://foo.example.com/",
            domain: ".example.com", isAllowed: true),
        OriginCase(
            testDescription: "a Referer of the cookie's domain with another port", host: "www.example.com:4443",
            referer: "https://foo.example.com:444/", domain: ".example.com", isAllowed: false),
        OriginCase(
            testDescription: "a Referer of the cookie's domain with this port", host: "www.example.com:4443",
            referer: "https://foo.example.com:4443/", domain: ".example.com", isAllowed: true),
        OriginCase(
            testDescription: "Origin counts before Referer", origin: "https://www.evil.org",
            referer: "https://www.example.com/", isAllowed: false),
    ]

    @Test(arguments: origins)
    func `an unsafe request comes from this site or a trusted one`(_ example: OriginCase) async throws {
        var headers = try Headers([
            "Host": example.host, "Cookie": "csrftoken=\(Self.secret)", "X-CSRFToken": Self.token,
        ])
        if let origin = example.origin { try headers.set(.origin, origin) }
        if let referer = example.referer { try headers.set(.referer, referer) }
        let request = Request(
            method: .post, target: "/", path: "/", queryString: "", headers: headers, body: RequestBody(),
            peerAddress: "", isEncrypted: example.isSecure)
        var protection = CSRFProtection(trustedOrigins: example.trusted.compactMap(TrustedOrigin.init))
        protection.cookie.domain = example.domain
        #expect(try await (Self.reason(protection, request) == nil) == example.isAllowed)
    }

    @Test(arguments: [
        "example.com", "https://", "https://example.com/", "https://a*.example.com", "*", "", "https://*.",
    ])
    func `what is no origin cannot be trusted`(_ text: String) {
        #expect(TrustedOrigin(text) == nil)
    }

    private static let form: Handler = { request in Response(try request.csrfToken) }

    @Test func `a page with a token sets the cookie and varies by it`() async throws {
        let response = try await CSRFProtection().respond(to: .make(), next: Self.form)
        let field = try #require(response.headers[.setCookie])
        let secret = try #require(field.split(separator: ";").first?.split(separator: "=").last)
        #expect(secret.utf8.count == 32)
        #expect(field.hasSuffix("; Max-Age=31449600; Path=/; SameSite=Lax"))
        #expect(response.headers[.vary] == "Cookie")
        let post = try Request.make(
            .post, headers: ["Cookie": "csrftoken=\(secret)", "X-CSRFToken": response.text])
        #expect(try await CSRFProtection().respond(to: post, next: echo).status == .ok)
    }

    @Test func `a page without a token sets no cookie`() async throws {
        let response = try await CSRFProtection().respond(to: .make(), next: echo)
        #expect(response.headers[.setCookie] == nil)
        #expect(response.headers[.vary] == nil)
    }

    @Test func `a client keeps its secret, unmasked`() async throws {
        let request = try Request.make(headers: ["Cookie": "csrftoken=\(Self.token)"])
        let response = try await CSRFProtection().respond(to: request, next: Self.form)
        #expect(response.headers[.setCookie]?.hasPrefix("csrftoken=\(Self.secret);") == true)
    }

    @Test func `a cookie that cannot be read is replaced`() async throws {
        let request = try Request.make(headers: ["Cookie": "csrftoken=broken"])
        let response = try await CSRFProtection().respond(to: request, next: echo)
        #expect(response.headers[.setCookie]?.hasPrefix("csrftoken=") == true)
        #expect(response.headers[.setCookie]?.contains("broken") == false)
    }

    @Test func `rotation makes a new secret`() async throws {
        let request = try Request.make(headers: ["Cookie": "csrftoken=\(Self.secret)"])
        let response = try await CSRFProtection().respond(to: request) { request in
            try request.rotateCSRFToken()
            return Response("")
        }
        let field = try #require(response.headers[.setCookie])
        #expect(!field.contains(Self.secret))
    }

    @Test func `without protection there is no token`() throws {
        #expect(throws: MissingCSRFProtection.self) { try Request.make().csrfToken }
    }

    @Test func `the view can still read form and body`() async throws {
        let body = "csrfmiddlewaretoken=\(Self.token)&title=Hi"
        let request = try Request.make(
            .post,
            headers: ["Cookie": "csrftoken=\(Self.secret)", "Content-Type": "application/x-www-form-urlencoded"],
            body: body)
        let response = try await CSRFProtection().respond(to: request) { request in
            let bytes = try await request.body.collect(upTo: 1_000)
            return Response("\(try await request.form().require("title")) \(bytes.count)")
        }
        #expect(response.text == "Hi \(body.utf8.count)")
    }

    private static func multipart(_ token: String, headers: KeyValuePairs<String, String> = [:]) throws -> Request {
        let body = """
            --b\r
            Content-Disposition: form-data; name="photo"; filename="me.png"\r
            \r
            PNG\r
            --b\r
            Content-Disposition: form-data; name="csrfmiddlewaretoken"\r
            \r
            \(token)\r
            --b--\r

            """
        var request = try Request.make(.post, headers: headers)
        request.body = RequestBody(source: OneTimeSource(Array(body.utf8)), contentLength: nil)
        return request
    }

    @Test func `a multipart form has its token among the fields, and the view gets the files`() async throws {
        let headers: KeyValuePairs = [
            "Cookie": "csrftoken=\(Self.secret)", "Content-Type": "multipart/form-data; boundary=b",
        ]
        let view: Handler = { request in
            let photo = try await request.form().files.require("photo")
            return Response("\(photo.fileName) \(String(decoding: try await photo.read(), as: UTF8.self))")
        }
        let response = try await CSRFProtection().respond(to: Self.multipart(Self.token, headers: headers), next: view)
        #expect(response.text == "me.png PNG")
        let forged = try Self.multipart(Self.otherToken, headers: headers)
        await #expect(throws: CSRFFailure.self) { try await CSRFProtection().respond(to: forged, next: view) }
    }

    @Test func `with a token in the header a view can stream a multipart form`() async throws {
        let request = try Self.multipart(
            "",
            headers: [
                "Cookie": "csrftoken=\(Self.secret)", "X-CSRFToken": Self.token,
                "Content-Type": "multipart/form-data; boundary=b",
            ])
        let response = try await CSRFProtection().respond(to: request) { request in
            var names: [String] = []
            for try await part in try request.multipart() { names.append(part.name) }
            return Response(names.joined(separator: " "))
        }
        #expect(response.text == "photo csrfmiddlewaretoken")
    }

    @Test func `a multipart form that is broken is told what is wrong`() async throws {
        let request = try Request.make(
            .post, headers: ["Cookie": "csrftoken=\(Self.secret)", "Content-Type": "multipart/form-data; boundary=x"],
            body: "--x")
        let error = try await #require(throws: HTTPError.self) {
            try await CSRFProtection().respond(to: request, next: echo)
        }
        #expect(error.status == .badRequest)
    }

    @Test func `a view of an exempt route can ask for the check, as sessions need it and tokens do not`() async throws {
        // As an API does: a client that brings a token of its own is no browser that another site could use.
        let view: @Sendable (Request) async throws -> Response = { request in
            guard request.headers[.authorization] == "Token abc" else {
                try await request.checkCSRF()
                return Response("by session")
            }
            return Response("by token")
        }
        let table = try RouteTable(URLs { path("api/", view).csrfExempt() })
        let handler = Dispatcher(table, middleware: [CSRFProtection()]).handler
        func answer(_ method: HTTPMethod, _ headers: KeyValuePairs<String, String>) async throws -> String {
            let response = try await handler(.make(method, "/api/", headers: headers))
            return response.status == .ok ? response.text : "\(response.status.code)"
        }
        let cookie = "csrftoken=\(Self.secret)"
        #expect(try await answer(.post, ["Authorization": "Token abc"]) == "by token")
        #expect(try await answer(.post, ["Authorization": "Token abc", "Origin": "https://evil.org"]) == "by token")
        #expect(try await answer(.post, ["Cookie": "sessionid=x"]) == "403")
        #expect(try await answer(.post, ["Cookie": cookie]) == "403")
        #expect(try await answer(.post, ["Cookie": cookie, "X-CSRFToken": Self.token]) == "by session")
        #expect(
            try await answer(
                .post, ["Cookie": cookie, "X-CSRFToken": Self.token, "Origin": "https://evil.org", "Host": "a.org"])
                == "403")
        #expect(try await answer(.delete, ["Cookie": cookie, "X-CSRFToken": Self.otherToken]) == "403")
        #expect(try await answer(.get, [:]) == "by session")
        await #expect(throws: MissingCSRFProtection.self) { try await Request.make(.post).checkCSRF() }
    }

    @Test func `an exempt route's view can hand out tokens`() async throws {
        let table = try RouteTable(URLs { path("", Self.form).csrfExempt() })
        let response = try await Dispatcher(table, middleware: [CSRFProtection()]).handler(.make(.post, "/"))
        #expect(response.text.utf8.count == 64)
        #expect(response.headers[.setCookie]?.hasPrefix("csrftoken=") == true)
    }

    @Test func `the cookie and the header have the names and attributes of the settings`() async throws {
        var protection = CSRFProtection()
        protection.cookie = Cookie(
            "myname", "", path: "/test/", domain: ".example.com", isSecure: true, isHTTPOnly: true, sameSite: .strict)
        protection.headerName = HeaderName(literal: "X-CSRF-Customized")
        let response = try await protection.respond(to: .make(), next: Self.form)
        let field = try #require(response.headers[.setCookie])
        #expect(field.hasSuffix("; Domain=.example.com; HttpOnly; Path=/test/; SameSite=Strict; Secure"))
        let post = try Request.make(
            .post, headers: ["Cookie": "myname=\(Self.secret)", "X-CSRF-Customized": Self.token])
        #expect(try await protection.respond(to: post, next: echo).status == .ok)
        let usual = try Request.make(.post, headers: ["Cookie": "myname=\(Self.secret)", "X-CSRFToken": Self.token])
        #expect(try await Self.reason(protection, usual) == "the CSRF token is missing.")
    }

    @Test func `a route can be exempt, and an unknown path is just not found`() async throws {
        let table = try RouteTable(
            URLs {
                path("form/", echo)
                include("api/", URLs { path("hook/", echo) }).csrfExempt()
            })
        let handler = Dispatcher(table, middleware: [CSRFProtection()]).handler
        #expect(try await handler(.make(.post, "/form/")).status == .forbidden)
        #expect(try await handler(.make(.post, "/api/hook/")).status == .ok)
        #expect(try await handler(.make(.post, "/nowhere/")).status == .notFound)
    }
}

/// A body that a socket would deliver: it can be read once.
private actor OneTimeSource: RequestBody.Source {
    private var bytes: [UInt8]?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func next() -> [UInt8]? {
        defer { bytes = nil }
        return bytes
    }
}
