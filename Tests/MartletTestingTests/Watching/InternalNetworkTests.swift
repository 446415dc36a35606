import MartletHTTP
import MartletSite
import MartletTesting
import Testing

/// Who may ask for health and metrics.
struct InternalNetworkTests {
    struct Asking: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var variables: [String: String] = [:]
        var fields: [String: String] = [:]
        let status: HTTPStatus
    }

    // The client of the tests has the address 127.0.0.1.
    static let askings = [
        Asking(testDescription: "from this machine", status: .ok),
        Asking(
            testDescription: "from elsewhere than the settings say", variables: ["INTERNAL_NETWORKS": "10.0.0.0/8"],
            status: .notFound),
        Asking(
            testDescription: "from anywhere, where everybody may",
            variables: ["INTERNAL_NETWORKS": "0.0.0.0/0,::/0", "TRUSTED_PROXIES": "127.0.0.1"],
            fields: ["X-Forwarded-For": "203.0.113.7"], status: .ok),
        Asking(
            testDescription: "from this machine, where private networks and another may",
            variables: ["INTERNAL_NETWORKS": "203.0.113.0/24, private"], status: .ok),
        Asking(
            testDescription: "through a proxy that nobody trusts", fields: ["X-Forwarded-For": "10.1.2.3"],
            status: .notFound),
        Asking(
            testDescription: "through another one", fields: ["Forwarded": "for=10.1.2.3"], status: .notFound),
        Asking(
            testDescription: "from a visitor of a trusted proxy", variables: ["TRUSTED_PROXIES": "127.0.0.1"],
            fields: ["X-Forwarded-For": "203.0.113.7"], status: .notFound),
        Asking(
            testDescription: "from a visitor who invents an address", variables: ["TRUSTED_PROXIES": "127.0.0.1"],
            fields: ["X-Forwarded-For": "10.0.0.1, 203.0.113.7"], status: .notFound),
        Asking(
            testDescription: "from inside through a trusted proxy", variables: ["TRUSTED_PROXIES": "127.0.0.1"],
            fields: ["X-Forwarded-For": "192.168.4.5"], status: .ok),
        Asking(
            testDescription: "from an IPv6 network of one's own", variables: ["TRUSTED_PROXIES": "127.0.0.1"],
            fields: ["X-Forwarded-For": "fd00::5"], status: .ok),
        Asking(
            testDescription: "from a public IPv6 address", variables: ["TRUSTED_PROXIES": "127.0.0.1"],
            fields: ["X-Forwarded-For": "2001:db8::5"], status: .notFound),
        Asking(
            testDescription: "with nonsense for an address", fields: ["X-Forwarded-For": #"'"; DROP\%_🐦"#],
            status: .notFound),
    ]

    @Test(arguments: askings)
    func `only the internal networks are answered`(_ example: Asking) async throws {
        let site = try await WatchedSite.tested(example.variables).makeSite()
        var headers = Headers()
        for (name, value) in example.fields { try headers.set(try #require(HeaderName(name)), value) }
        for path in ["/live/", "/ready/", "/metrics"] {
            let response = try await TestClient(site).get(path, headers: headers)
            #expect(response.status == example.status, "\(path)")
        }
        // The site itself is for everybody.
        #expect(try await TestClient(site).get("/", headers: headers).status == .ok)
        await site.close()
    }

    @Test func `a stranger cannot tell the pages from those that are not there`() async throws {
        let variables = ["INTERNAL_NETWORKS": "10.0.0.0/8", "DEBUG": "false"]
        let site = try await WatchedSite.tested(variables).makeSite()
        let metrics = try await TestClient(site).get("/metrics")
        let nowhere = try await TestClient(site).get("/nothing")
        #expect(metrics.text.replacing("/metrics", with: "/nothing") == nowhere.text)
        await site.close()
    }

    @Test func `networks that are none are told at the start`() throws {
        let environment = Environment(["DEBUG": "true", "INTERNAL_NETWORKS": "10.0.0.0/8, everybody"])
        let error = #expect(throws: SettingsError.self) { try Settings(environment) }
        #expect(error?.description.contains("INTERNAL_NETWORKS") == true)
        #expect(error?.description.contains("private, unix, addresses or networks such as 10.0.0.0/8") == true)
    }

    // Kubernetes asks a pod by its address, over HTTP, also during maintenance.
    @Test func `programs that watch the site may ask by an address, over HTTP and during maintenance`() async throws {
        let variables = ["SECURE_SSL_REDIRECT": "true", "MAINTENANCE_MODE": "true", "MAINTENANCE_EXEMPT_PATHS": "/x/"]
        let site = try await WatchedSite.tested(variables).makeSite()
        var headers = Headers()
        try headers.set(.host, "10.2.3.4:8000")
        for path in ["/live/", "/ready/", "/metrics"] {
            #expect(try await TestClient(site).get(path, headers: headers).status == .ok, "\(path)")
        }
        #expect(try await TestClient(site).get("/", headers: headers).status == .badRequest)
        #expect(try await TestClient(site).get("/").status == .serviceUnavailable)
        await site.close()
    }

    @Test func `other methods are refused`() async throws {
        let site = try await WatchedSite.tested().makeSite()
        for path in ["/live/", "/ready/", "/metrics"] {
            #expect(try await TestClient(site).send(.post, path).status == .methodNotAllowed, "\(path)")
            #expect(try await TestClient(site).send(.head, path).status == .ok, "\(path)")
        }
        await site.close()
    }
}
