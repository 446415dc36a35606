import Foundation
import MartletHTTP
import MartletORM
import MartletPostgreSQL
import MartletRouting
import MartletShortcuts
import MartletSite
import Synchronization
import Testing

extension PostgreSQLTests {
    /// A site whose environment names a PostgreSQL database.
    @Suite struct SiteTests {
        private static func makeSite(_ variables: [String: String], _ urls: URLs) throws -> RunningSite {
            let fresh = try #require(FreshDatabase.current).configuration
            let host = try #require(fresh.host).replacing("/", with: "%2F")
            let database = try #require(fresh.database)
            let environment = [
                "DEBUG": "true", "DEBUG_PAGE": "false", "ALLOWED_HOSTS": "testserver",
                "DATABASE_URL": "postgresql://martlet@\(host)/\(database)?application_name=by%20environment",
            ]
            let site = Site(apps: [], urls: urls, middleware: { _ in [] }, folder: "/nonexistent")
            return try RunningSite(site, settings: Settings(Environment(environment.merging(variables) { $1 })))
        }

        private static func get(_ path: String, from site: RunningSite) async throws -> Response {
            try await site.handle(
                Request(
                    method: .get, target: path, path: path, queryString: "",
                    headers: try Headers(["Host": "testserver"]), body: RequestBody(), peerAddress: "127.0.0.1",
                    isEncrypted: false))
        }

        private static func text(_ response: Response) -> String? {
            response.body.bytes.map { String(decoding: $0, as: UTF8.self) }
        }

        @Test func `a site runs on PostgreSQL by its environment alone`() async throws {
            let site = try Self.makeSite(
                [:],
                URLs {
                    path(
                        "",
                        { _ in
                            let sql = "SELECT current_setting('application_name') || ' ' || current_database()"
                            let rows = try await Database.current.rows(Statement(sql)) { try $0.text(at: 0) }
                            return Response(rows.joined())
                        }, name: "home")
                })
            let database = try #require(FreshDatabase.current?.configuration.database)
            let response = try await Self.get("/", from: site)
            #expect(response.status == .ok)
            #expect(Self.text(response) == "by environment \(database)")
            try await site.migrate()
            await site.close()
        }

        @Test func `a request that finds no connection is answered with 503 and when to come again`() async throws {
            let entered = AsyncStream.makeStream(of: Void.self)
            let leave = AsyncStream.makeStream(of: Void.self)
            let reports = Mutex<[String]>([])
            let site = try Self.makeSite(
                ["DATABASE_POOL_SIZE": "1", "DATABASE_POOL_TIMEOUT": "50ms"],
                URLs {
                    path(
                        "slow/",
                        { _ in
                            try await transaction {
                                try await Database.current.execute(Statement("SELECT 1"))
                                entered.continuation.finish()
                                for await _ in leave.stream {}
                            }
                            return Response("done")
                        }, name: "slow")
                    path(
                        "quick/",
                        { _ in
                            do {
                                try await Database.current.execute(Statement("SELECT 1"))
                            } catch {
                                reports.withLock { $0.append("\(error)") }
                                throw error
                            }
                            return Response("quick")
                        }, name: "quick")
                })
            let slow = Task { try await Self.get("/slow/", from: site) }
            for await _ in entered.stream {}
            let refused = try await Self.get("/quick/", from: site)
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.headers[.retryAfter] == "5")
            #expect(refused.headers[.cacheControl] == "no-store")
            // Who holds the connection is for those who run the site, not for clients.
            #expect(Self.text(refused)?.contains("slow") == false)
            let report = reports.withLock { $0.first ?? "" }
            #expect(report.contains("all 1 are in use and 1 wait. They are held by GET /slow/ (for "))
            leave.continuation.finish()
            #expect(try await slow.value.status == .ok)
            #expect(try await Self.get("/quick/", from: site).status == .ok)
            await site.close()
        }
    }
}
