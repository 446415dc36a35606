import Foundation
import MartletHTTP
import MartletORM
import MartletPostgreSQL
import MartletRouting
import MartletSite
import Testing

extension PostgreSQLTests {
    /// The toolbar's own address for a plan, on PostgreSQL.
    @Suite(.timeLimit(.minutes(3))) struct ToolbarExplainTests {
        private static func makeSite() throws -> RunningSite {
            let fresh = try #require(FreshDatabase.current).configuration
            let host = try #require(fresh.host).replacing("/", with: "%2F")
            let database = try #require(fresh.database)
            let environment = [
                "DEBUG": "true", "DEBUG_PAGE": "false", "DEBUG_TOOLBAR": "true", "ALLOWED_HOSTS": "testserver",
                "LOG_N_PLUS_ONE": "0", "DATABASE_URL": "postgresql://martlet@\(host)/\(database)",
            ]
            let urls = URLs {
                path(
                    "search/",
                    { request in
                        let name = request.query["name"] ?? ""
                        let sql = "SELECT count(*) FROM birds WHERE name = $1"
                        let rows = try await Database.current.rows(Statement(sql, [.text(name)])) {
                            try $0.integer(at: 0)
                        }
                        return Response("\(rows)")
                    })
                path(
                    "remove/",
                    { _ in
                        try await Database.current.execute(
                            Statement("DELETE FROM birds WHERE name = $1", [.text("none")]))
                        return Response("removed")
                    })
            }
            let site = Site(apps: [], urls: urls, middleware: { _ in [] }, folder: "/nonexistent")
            return try RunningSite(site, settings: Settings(Environment(environment)))
        }

        private static func send(
            _ method: HTTPMethod, _ path: String, query: String = "", to site: RunningSite
        ) async throws -> (status: HTTPStatus, record: String?, text: String) {
            let response = try await site.handle(
                Request(
                    method: method, target: path, path: path, queryString: query,
                    headers: try Headers(["Host": "testserver", "Origin": "http://testserver"]), body: RequestBody(),
                    peerAddress: "127.0.0.1", isEncrypted: false))
            let timing = response.headers[HeaderName(literal: "Server-Timing")]
            let record = timing?.firstMatch(of: /martlet;desc="([0-9a-f]{16})"/).map { String($0.1) }
            return (response.status, record, String(decoding: try await response.body.collect(), as: UTF8.self))
        }

        private static func withBirds(_ operation: (RunningSite) async throws -> Void) async throws {
            let site = try makeSite()
            try await site.bound {
                try await Database.current.execute(Statement("CREATE TABLE birds (name text PRIMARY KEY)"))
                try await Database.current.execute(
                    Statement("INSERT INTO birds SELECT 'bird ' || n FROM generate_series(1, 2000) n"))
                try await Database.current.execute(Statement("ANALYZE birds"))
            }
            try await operation(site)
            await site.close()
        }

        @Test func `the plan is PostgreSQL's for the statement with its value`() async throws {
            try await Self.withBirds { site in
                let answer = try await Self.send(.get, "/search/", query: "name=bird%207", to: site)
                #expect(answer.text == "[1]")
                let record = try #require(answer.record)
                let plan = try await Self.send(
                    .post, "/__debug__/requests/\(record)/statements/1/explain/", to: site)
                #expect(plan.status == .ok)
                let text = try #require(plan.text.firstMatch(of: /<pre class="plan">([^<]+)<\/pre>/)).1
                #expect(text.contains("Aggregate") && text.contains("birds_pkey"))
                #expect(text.contains("bird 7"), "the value is that of the request: \(text)")
                #expect(text.contains("(cost="))
            }
        }

        @Test(arguments: [
            "'; DROP TABLE birds; --", "\"", "\\", "%_", "😀", "$1 $2", String(repeating: "x", count: 5_000),
        ])
        func `a hostile value is a value of the plan, too`(_ name: String) async throws {
            try await Self.withBirds { site in
                let encoded = name.utf8.map { "%" + String(Int($0) + 0x100, radix: 16).dropFirst() }.joined()
                let answer = try await Self.send(.get, "/search/", query: "name=\(encoded)", to: site)
                #expect(answer.text == "[0]")
                let record = try #require(answer.record)
                let plan = try await Self.send(
                    .post, "/__debug__/requests/\(record)/statements/1/explain/", to: site)
                #expect(plan.status == .ok)
                #expect(plan.text.contains("Aggregate"))
                #expect(try await Self.send(.get, "/search/", query: "name=bird%207", to: site).text == "[1]")
            }
        }

        @Test func `a statement that writes is explained and not run once more`() async throws {
            try await Self.withBirds { site in
                try await site.bound {
                    try await Database.current.execute(Statement("DELETE FROM birds WHERE name <> 'bird 7'"))
                }
                let record = try #require(try await Self.send(.get, "/remove/", to: site).record)
                try await site.bound {
                    try await Database.current.execute(Statement("INSERT INTO birds VALUES ('none')"))
                }
                let plan = try await Self.send(
                    .post, "/__debug__/requests/\(record)/statements/1/explain/", to: site)
                #expect(plan.status == .ok)
                #expect(plan.text.contains("Delete on birds"))
                #expect(try await Self.send(.get, "/search/", query: "name=none", to: site).text == "[1]")
            }
        }

        @Test func `a statement that cannot be explained any more says why, and is no error of the site`() async throws
        {
            try await Self.withBirds { site in
                let record = try #require(try await Self.send(.get, "/search/", query: "name=x", to: site).record)
                try await site.bound { try await Database.current.execute(Statement("DROP TABLE birds")) }
                let plan = try await Self.send(
                    .post, "/__debug__/requests/\(record)/statements/1/explain/", to: site)
                #expect(plan.status == .ok)
                #expect(plan.text.contains("does not exist"))
            }
        }
    }
}
