import MartletHTTP
import MartletReporting
import MartletSite
import Testing

@testable import MartletServer

@Suite struct ReportedErrorTests {
    @Test func `a fault of a view is reported with its request, secrets hidden`() async throws {
        let reporter = CollectingReporter()
        let variables = ["RELEASE": "1.2.3", "ENVIRONMENT": "staging"]
        let site = try FailingSite(variables: variables, reporters: [reporter])
        _ = try await site.answer(
            "/form/", method: .post, query: "page=2&reset_token=abc",
            headers: [
                "Authorization": "Bearer abc", "Cookie": "sessionid=abc; theme=dark", "X-Request-ID": "r1",
                "Content-Type": "application/x-www-form-urlencoded", "Referer": "https://testserver/?token=abc",
            ], body: "name=Ann&password=abc")
        await site.running.close()
        let report = try #require(reporter.reports.first)
        #expect(report.error is FailingSite.Broken)
        let context = report.context
        #expect(context.route == "/form/")
        #expect(context.routeDeclaration?.hasPrefix("MartletSiteTests/FailingSite.swift:") == true)
        #expect(context.requestID == "r1")
        #expect(context.release == "1.2.3" && context.environment == "staging")
        let request = try #require(context.request)
        #expect(request.method == "POST" && request.url == "http://testserver/form/")
        #expect(request.query.map(\.value) == ["2", "[hidden]"])
        #expect(request.queryString == "page=2&reset_token=%5Bhidden%5D")
        #expect(request.form.map(\.value) == ["Ann", "[hidden]"])
        #expect(request.cookies.map(\.value) == ["[hidden]", "dark"])
        #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "[hidden]" })
        #expect(!"\(request)".contains("abc"))
    }

    @Test func `no client can make a report too long to be sent`() async throws {
        let reporter = CollectingReporter()
        let site = try FailingSite(reporters: [reporter])
        let body = (0..<200).map { "field\($0)=" + String(repeating: "%0A", count: 3_000) }.joined(separator: "&")
        _ = try await site.answer(
            "/form/", method: .post, query: "", headers: ["Content-Type": "application/x-www-form-urlencoded"],
            body: body)
        await site.running.close()
        let form = try #require(reporter.reports.first?.context.request?.form)
        #expect(form.reduce(0) { $0 + $1.value.utf8.count } < 33_000)
        #expect(form.last?.value == "\(200 - (form.count - 1)) more")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let count: Int
        let why: String
        var testDescription: String { "\(path): \(why)" }
    }

    static let cases = [
        Case(path: "/broken/", count: 1, why: "nobody has expected the error"),
        Case(path: "/http/500/", count: 1, why: "a view says that it has failed"),
        Case(path: "/http/502/", count: 1, why: "something behind the view has failed"),
        Case(path: "/http/503/", count: 0, why: "not available is said on purpose"),
        Case(path: "/http/404/", count: 0, why: "the client asks for nothing"),
        Case(path: "/nowhere/", count: 0, why: "no route"),
    ]

    @Test(arguments: cases) func `faults of the site are reported, refusals are not`(_ example: Case) async throws {
        let reporter = CollectingReporter()
        let site = try FailingSite(reporters: [reporter])
        _ = try await site.answer(example.path)
        await site.running.close()
        #expect(reporter.reports.count == example.count)
    }

    @Test func `an answer does not wait for its report`() async throws {
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        struct Waiting: ErrorReporter {
            let gate: AsyncStream<Void>
            func capture(_ error: any Error, _ context: ErrorContext) async {
                for await _ in gate { return }
            }
        }
        let site = try FailingSite(reporters: [Waiting(gate: gate)])
        // The gate opens only after the answer is there.
        #expect(try await site.answer("/broken/").response.status == .internalServerError)
        opening.yield()
        await site.running.close()
    }

    @Test func `an application reports what it has dealt with itself`() async throws {
        let reporter = CollectingReporter()
        let site = try FailingSite(reporters: [reporter])
        site.running.report(FailingSite.Broken(), extra: ["feed": "a", "api_key": "b"])
        await site.running.close()
        #expect(reporter.reports.map(\.context.extra) == [["feed": "a", "api_key": "[hidden]"]])
    }

    @Test func `a stream that fails after its answer has begun is reported, a client's fault is not`() async throws {
        let reporter = CollectingReporter()
        let site = try FailingSite(reporters: [reporter])
        let error = FailingSite.Broken()
        for kind in [ServerEvent.Kind.responseFailed, .upgradeFailed, .requestRefused, .handshakeFailed] {
            site.running.report(ServerEvent(kind: kind, message: "", path: "/stream/", error: error))
        }
        await site.running.close()
        let told = reporter.reports.map(\.context.extra)
        #expect(told.map { $0["event"] } == ["response_failed", "upgrade_failed"])
        #expect(told.map { $0["path"] } == ["/stream/", "/stream/"])
    }
}
