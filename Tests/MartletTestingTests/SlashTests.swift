import MartletHTTP
import MartletRouting
import MartletSite
import MartletTesting
import Testing

/// A site's `APPEND_SLASH`, in production and in debug mode.
@Suite struct SlashTests {
    private static let site = Site(
        apps: [], urls: URLs { path("page/", { request in Response("\(request.method)") }) }, templates: [],
        staticFiles: [])

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var method = HTTPMethod.get
        var variables: [String: String] = [:]
        let status: HTTPStatus
        var location: String?
        var text = ""
    }

    private static let remedy = "Send POST to '/page/': a redirect would lose its content."

    static let cases = [
        Case(testDescription: "GET is redirected", status: .movedPermanently, location: "/page/?a=1"),
        Case(
            testDescription: "GET is redirected in production", variables: ["DEBUG": "false"],
            status: .movedPermanently, location: "/page/?a=1"),
        Case(testDescription: "not where it is turned off", variables: ["APPEND_SLASH": "false"], status: .notFound),
        Case(testDescription: "POST learns where to go", method: .post, status: .notFound, text: remedy),
        Case(
            testDescription: "POST learns it in production, too", method: .post, variables: ["DEBUG": "false"],
            status: .notFound, text: remedy),
    ]

    @Test(arguments: cases)
    func `a missing slash is appended where the site says so`(_ example: Case) async throws {
        let running = try await TestSite(Self.site, variables: example.variables).makeSite()
        let headers = try Headers(["Accept": "application/json"])
        let response = try await TestClient(running).send(example.method, "/page?a=1", headers: headers)
        #expect(response.status == example.status)
        #expect(response.headers[.location] == example.location)
        #expect(response.text.contains(example.text) || example.text.isEmpty)
        await running.close()
    }
}
