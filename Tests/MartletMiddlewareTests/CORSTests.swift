import MartletHTTP
import MartletMiddleware
import MartletRouting
import Testing

/// Expectations of django-cors-headers' tests/test_middleware.py.
@Suite struct CORSTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let layer: CORS
        var method = HTTPMethod.get
        var path = "/"
        let headers: KeyValuePairs<String, String>
        /// What follows `Access-Control-Allow-` and `Access-Control-`, in any order.
        let sent: [String]
        var vary: String? = "Origin"
        var status = HTTPStatus.ok
    }

    private static let preflight: KeyValuePairs = [
        "Origin": "https://example.com", "Access-Control-Request-Method": "GET",
    ]
    private static let example: KeyValuePairs = ["Origin": "https://example.com"]
    private static let other: KeyValuePairs = ["Origin": "https://example.org"]
    private static let standard = [
        "Allow-Headers: accept, authorization, content-type, user-agent, x-csrftoken, x-requested-with",
        "Allow-Methods: DELETE, GET, OPTIONS, PATCH, POST, PUT", "Max-Age: 86400",
    ]

    static func reading() throws -> [Example] {
        [
            Example(testDescription: "get_no_origin", layer: try CORS(), headers: [:], sent: []),
            Example(
                testDescription: "get_invalid_origin", layer: try CORS(origins: ["https://example.com"]),
                headers: ["Origin": "https://example.com]"], sent: []),
            Example(
                testDescription: "get_not_in_allowed_origins", layer: try CORS(origins: ["https://example.com"]),
                headers: other, sent: []),
            Example(
                testDescription: "get_not_in_allowed_origins_due_to_wrong_scheme",
                layer: try CORS(origins: ["http://example.org"]), headers: other, sent: []),
            Example(
                testDescription: "get_in_allowed_origins",
                layer: try CORS(origins: ["https://example.com", "https://example.org"]), headers: other,
                sent: ["Allow-Origin: https://example.org"]),
            Example(
                testDescription: "null_in_allowed_origins", layer: try CORS(origins: ["https://example.com", "null"]),
                headers: ["Origin": "null"], sent: ["Allow-Origin: null"]),
            Example(
                testDescription: "null is not allowed unasked", layer: try CORS(origins: ["https://example.com"]),
                headers: ["Origin": "null"], sent: []),
            Example(
                testDescription: "file_in_allowed_origins",
                layer: try CORS(origins: ["https://example.com", "file://"]), headers: ["Origin": "file://"],
                sent: ["Allow-Origin: file://"]),
            Example(
                testDescription: "get_expose_headers",
                layer: try CORS(
                    allowsAllOrigins: true,
                    exposedHeaders: [HeaderName(literal: "accept"), HeaderName(literal: "origin")]),
                headers: example, sent: ["Allow-Origin: *", "Expose-Headers: accept, origin"]),
            Example(
                testDescription: "get_allow_credentials",
                layer: try CORS(origins: ["https://example.com"], allowsCredentials: true), headers: example,
                sent: ["Allow-Origin: https://example.com", "Allow-Credentials: true"]),
            Example(
                testDescription: "get_allow_credentials_bad_origin",
                layer: try CORS(origins: ["https://example.com"], allowsCredentials: true), headers: other, sent: []),
            Example(
                testDescription: "get_allow_credentials_disabled", layer: try CORS(origins: ["https://example.com"]),
                headers: example, sent: ["Allow-Origin: https://example.com"]),
            // django-cors-headers names the origin and allows credentials: any site could then act as the user.
            Example(
                testDescription: "allow_all_origins_get",
                layer: try CORS(allowsAllOrigins: true, allowsCredentials: true), headers: example,
                sent: ["Allow-Origin: *"]),
            Example(
                testDescription: "a listed origin beside all others",
                layer: try CORS(
                    origins: ["https://example.com"], allowsAllOrigins: true, allowsCredentials: true),
                headers: example, sent: ["Allow-Origin: https://example.com", "Allow-Credentials: true"]),
            Example(
                testDescription: "every host below a domain", layer: try CORS(origins: ["https://*.example.com"]),
                headers: ["Origin": "https://a.b.example.com"], sent: ["Allow-Origin: https://a.b.example.com"]),
            Example(
                testDescription: "not a host that only ends like it",
                layer: try CORS(origins: ["https://*.example.com"]),
                headers: ["Origin": "https://evilexample.com"], sent: []),
            Example(
                testDescription: "a listed origin in capitals is the same",
                layer: try CORS(origins: ["https://Example.com"]),
                headers: example, sent: ["Allow-Origin: https://example.com"]),
            Example(
                testDescription: "a longer origin is another", layer: try CORS(origins: ["https://example.com"]),
                headers: ["Origin": "https://example.com.evil.org"], sent: []),
            Example(
                testDescription: "another port is another origin", layer: try CORS(origins: ["https://example.com"]),
                headers: ["Origin": "https://example.com:8443"], sent: []),
            Example(
                testDescription: "allow_private_network_added_if_enabled_and_requested",
                layer: try CORS(allowsAllOrigins: true, allowsPrivateNetwork: true),
                headers: ["Origin": "http://example.com", "Access-Control-Request-Private-Network": "true"],
                sent: ["Allow-Origin: *", "Allow-Private-Network: true"]),
            Example(
                testDescription: "allow_private_network_not_added_if_enabled_and_not_requested",
                layer: try CORS(allowsAllOrigins: true, allowsPrivateNetwork: true), headers: example,
                sent: ["Allow-Origin: *"]),
            Example(
                testDescription: "allow_private_network_not_added_if_enabled_and_no_cors_origin",
                layer: try CORS(origins: ["http://example.com"], allowsPrivateNetwork: true),
                headers: ["Origin": "http://example.org", "Access-Control-Request-Private-Network": "true"], sent: []),
            Example(
                testDescription: "allow_private_network_not_added_if_disabled_and_requested",
                layer: try CORS(allowsAllOrigins: true),
                headers: ["Origin": "http://example.com", "Access-Control-Request-Private-Network": "true"],
                sent: ["Allow-Origin: *"]),
            Example(
                testDescription: "non_200_headers_still_set", layer: try CORS(origins: ["https://example.com"]),
                path: "/unauthorized/", headers: example, sent: ["Allow-Origin: https://example.com"],
                status: .unauthorized),
            Example(
                testDescription: "get_regex_matches",
                layer: try CORS(origins: ["https://example.com"], paths: ["/foo/"]),
                path: "/foo/", headers: example, sent: ["Allow-Origin: https://example.com"]),
            Example(
                testDescription: "get_regex_doesnt_match",
                layer: try CORS(origins: ["https://example.com"], paths: ["/not-foo/"]), path: "/foo/",
                headers: example, sent: [], vary: nil),
        ]
    }

    static func asking() throws -> [Example] {
        [
            Example(
                testDescription: "options_allowed_origin",
                layer: try CORS(
                    allowsAllOrigins: true, allowedHeaders: [HeaderName(literal: "content-type")],
                    allowedMethods: [.get, .options], preflightMaxAge: .seconds(1_002)),
                headers: preflight,
                sent: [
                    "Allow-Origin: *", "Allow-Headers: content-type", "Allow-Methods: GET, OPTIONS", "Max-Age: 1002",
                ]),
            Example(
                testDescription: "options_no_max_age",
                layer: try CORS(
                    allowsAllOrigins: true, allowedHeaders: [HeaderName(literal: "content-type")],
                    allowedMethods: [.get, .options], preflightMaxAge: .zero),
                headers: preflight,
                sent: ["Allow-Origin: *", "Allow-Headers: content-type", "Allow-Methods: GET, OPTIONS"]),
            Example(
                testDescription: "options_allowed_origins_with_port",
                layer: try CORS(origins: ["https://localhost:9000"]),
                headers: ["Origin": "https://localhost:9000", "Access-Control-Request-Method": "GET"],
                sent: ["Allow-Origin: https://localhost:9000"] + standard),
            Example(
                testDescription: "options_adds_origin_when_domain_found_in_allowed_regexes",
                layer: try CORS(patterns: [TextPattern(#"^https://\w+\.example\.com$"#)]),
                headers: ["Origin": "https://foo.example.com", "Access-Control-Request-Method": "GET"],
                sent: ["Allow-Origin: https://foo.example.com"] + standard),
            Example(
                testDescription: "options_adds_origin_when_domain_found_in_allowed_regexes_second",
                layer: try CORS(
                    patterns: [
                        TextPattern(#"^https://\w+\.example\.org$"#), TextPattern(#"^https://\w+\.example\.com$"#),
                    ]),
                headers: ["Origin": "https://foo.example.com", "Access-Control-Request-Method": "GET"],
                sent: ["Allow-Origin: https://foo.example.com"] + standard),
            Example(
                testDescription: "options_doesnt_add_origin_when_domain_not_found_in_allowed_regexes",
                layer: try CORS(patterns: [TextPattern(#"^https://\w+\.example\.org$"#)]),
                headers: ["Origin": "https://foo.example.com", "Access-Control-Request-Method": "GET"], sent: []),
            Example(
                testDescription: "options_empty_request_method", layer: try CORS(),
                headers: ["Origin": "https://example.com", "Access-Control-Request-Method": ""], sent: []),
            Example(
                testDescription: "options_no_headers", layer: try CORS(), headers: [:], sent: [],
                status: .methodNotAllowed),
            Example(
                testDescription: "auth_view_options", layer: try CORS(origins: ["https://example.com"]),
                path: "/unauthorized/", headers: preflight,
                sent: ["Allow-Origin: https://example.com"] + standard),
            // With credentials django-cors-headers would allow those, too.
            Example(
                testDescription: "signal_handler_that_returns_true",
                layer: try CORS(allowsCredentials: true) { _ in true }, headers: preflight,
                sent: ["Allow-Origin: https://example.com"] + standard),
            Example(
                testDescription: "signal_handler_that_returns_false", layer: try CORS { _ in false },
                headers: preflight, sent: []),
            Example(
                testDescription: "signal_handler_allow_some_urls_to_everyone",
                layer: try CORS(origins: ["https://example.com"], paths: ["/foo/"]) { $0.path.hasPrefix("/api/") },
                path: "/api/something/",
                headers: ["Origin": "https://example.org", "Access-Control-Request-Method": "GET"],
                sent: ["Allow-Origin: https://example.org"] + standard),
        ].map { example in
            var example = example
            example.method = .options
            return example
        }
    }

    private static func names(_ headers: Headers) -> [String] {
        headers.compactMap { field in
            field.name.rawName.hasPrefix("Access-Control-")
                ? "\(field.name.rawName.dropFirst("Access-Control-".count)): \(field.value)" : nil
        }.sorted()
    }

    @Test func `pages of other origins are told what they may do`() async throws {
        let table = try RouteTable(
            URLs {
                path("", echo).methods(.get, .post)
                path("foo/", echo)
                path("unauthorized/", { _ in throw HTTPError(.unauthorized) })
            })
        for example in try Self.reading() + Self.asking() {
            var handler = Dispatcher(table, middleware: [example.layer]).handler
            if example.status == .methodNotAllowed {
                // A view that takes only GET and does not let the dispatcher answer OPTIONS.
                handler =
                    Dispatcher(
                        table, middleware: [example.layer, Layer { _, _ in throw HTTPError(.methodNotAllowed) }]
                    ).handler
            }
            let response = try await handler(.make(example.method, example.path, headers: example.headers))
            #expect(response.status == example.status, "\(example.testDescription)")
            #expect(Self.names(response.headers) == example.sent.sorted(), "\(example.testDescription)")
            let varies = response.headers[.vary]?.split(separator: ", ").contains("Origin") ?? false
            #expect(varies == (example.vary != nil), "\(example.testDescription)")
        }
    }

    // tests/test_checks.py
    @Test(arguments: [
        "example.com", "https://", "https://example.com/", "https://example.com?a", "https://example.com#a", "*",
        "https://*", "https://a.*.com", "", "//example.com",
    ])
    func `what is no origin is refused at start`(_ text: String) throws {
        let error = try #require(throws: CORSOriginError.self) { try CORS(origins: [text]) }
        #expect(error.description.contains("Write scheme and host, and nothing behind them"))
    }
}
