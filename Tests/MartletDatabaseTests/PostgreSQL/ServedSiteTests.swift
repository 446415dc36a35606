import FoundationEssentials
import MartletHTTP
import MartletIO
import MartletMiddleware
import MartletORM
import MartletPostgreSQL
import MartletRouting
import MartletServer
import MartletShortcuts
import MartletSite
import MartletTesting
import Synchronization
import Testing

extension PostgreSQLTests {
    /// A site on PostgreSQL behind a server, asked over a socket.
    @Suite(.timeLimit(.minutes(2))) struct ServedSiteTests {
        private struct Served {
            let backend: PostgreSQLBackend
            let port: Int

            func get(_ path: String) async throws -> String {
                let host = "Host: localhost\r\nConnection: close"
                return try await LiveServer.send("GET \(path) HTTP/1.1\r\n\(host)\r\n\r\n", port: port)
            }

            var pool: PoolStatistics { backend.statistics }
        }

        private static func serving(
            _ variables: [String: String], _ urls: URLs, _ body: (Served) async throws -> Void
        ) async throws {
            let fresh = try #require(FreshDatabase.current).configuration
            let host = try #require(fresh.host).replacing("/", with: "%2F")
            let environment = [
                "DEBUG": "true", "DEBUG_PAGE": "false", "DEBUG_TOOLBAR": "false", "PORT": "0",
                "SESSION_ENGINE": "signed_cookies",
                "DATABASE_URL": "postgresql://martlet@\(host)/\(try #require(fresh.database))",
            ]
            let site = Site(apps: [], urls: urls, templates: [], staticFiles: [], folder: "/nonexistent")
            let running = try RunningSite(site, settings: Settings(Environment(environment.merging(variables) { $1 })))
            var settings = running.settings.server
            settings.keepAliveGrace = .zero
            let server = Server(settings: settings, scope: running.scope, handler: running.handler)
            let address = try await server.start()
            do {
                let backend = try #require(running.database.backend as? PostgreSQLBackend)
                try await body(Served(backend: backend, port: address.port))
            } catch {
                await server.stop(grace: .zero)
                await running.close()
                throw error
            }
            await server.stop(grace: .seconds(5))
            await running.close()
        }

        @Test func `who finds no connection is answered with 503 and when to come again, over the wire`() async throws {
            let (entered, leave) = (Gate(), Gate())
            let urls = URLs {
                path(
                    "slow/",
                    { _ in
                        try await transaction {
                            try await Database.current.execute(Statement("SELECT 1"))
                            entered.open()
                            await leave.pass()
                        }
                        return Response("slow")
                    })
                path(
                    "quick/",
                    { _ in
                        try await Database.current.execute(Statement("SELECT 1"))
                        return Response("quick")
                    })
            }
            try await Self.serving(["DATABASE_POOL_SIZE": "1", "DATABASE_POOL_TIMEOUT": "50ms"], urls) { served in
                async let slow = served.get("/slow/")
                await entered.pass()
                let refused = try await served.get("/quick/")
                #expect(refused.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"), "\(refused)")
                #expect(refused.lowercased().contains("\r\nretry-after: 5\r\n"))
                #expect(!refused.contains("slow"))
                #expect(served.pool.timeouts == 1 && served.pool.waiting == 0 && served.pool.used == 1)
                leave.open()
                #expect(try await slow.hasSuffix("\r\n\r\nslow"))
                #expect(try await served.get("/quick/").hasSuffix("\r\n\r\nquick"))
                #expect(served.pool.used == 0 && served.pool.open == 1)
            }
        }

        @Test func `the gauges tell of those that wait`() async throws {
            let (entered, leave) = (Gate(), Gate())
            let urls = URLs {
                path(
                    "held/",
                    { _ in
                        try await transaction {
                            try await Database.current.execute(Statement("SELECT 1"))
                            entered.open()
                            await leave.pass()
                        }
                        return Response("held")
                    })
                path(
                    "write/",
                    { _ in
                        try await transaction { _ = try await Database.current.execute(Statement("SELECT 1")) }
                        return Response("written")
                    })
            }
            try await Self.serving(["DATABASE_POOL_SIZE": "1"], urls) { served in
                async let held = served.get("/held/")
                await entered.pass()
                async let first = served.get("/write/")
                async let second = served.get("/write/")
                async let third = served.get("/write/")
                while served.pool.waiting < 3 { await Task.yield() }
                #expect(served.pool.open == 1 && served.pool.idle == 0 && served.pool.used == 1)
                #expect(served.pool.waits.count == 0)
                leave.open()
                #expect(try await held.hasSuffix("held"))
                let answers = try await [first, second, third]
                #expect(answers.allSatisfy { $0.hasSuffix("written") })
                #expect(served.pool.waiting == 0 && served.pool.used == 0)
                #expect(served.pool.waits.count == 3 && served.pool.timeouts == 0)
            }
        }

        @Test func `the time of a request is that of its statements, and what it wrote is undone`() async throws {
            let test = try TestDatabase.open { $0.limit = 1 }
            try await test.run("CREATE TABLE written (id integer)")
            let errors = Mutex<[DatabaseError]>([])
            let urls = URLs {
                path(
                    "report/",
                    { _ in
                        do {
                            try await transaction {
                                try await Database.current.execute(Statement("INSERT INTO written VALUES (1)"))
                                try await Database.current.execute(Statement("SELECT pg_sleep(600)"))
                            }
                        } catch let error as DatabaseError {
                            errors.withLock { $0.append(error) }
                            throw error
                        }
                        return Response("never")
                    }
                ).timeout(.milliseconds(200))
                path(
                    "quick/",
                    { _ in
                        let sql = "SELECT current_setting('statement_timeout')"
                        let rows = try await Database.current.rows(Statement(sql)) { try $0.text(at: 0) }
                        return Response(rows.joined())
                    })
            }
            try await Self.serving(["DATABASE_POOL_SIZE": "1", "REQUEST_TIMEOUT": "600s"], urls) { served in
                let answer = try await served.get("/report/")
                #expect(answer.hasPrefix("HTTP/1.1 503 "), "\(answer)")
                let error = errors.withLock { $0.first }
                #expect(error?.kind == .timeout)
                #expect(error?.sql == "SELECT pg_sleep(600)")
                #expect(error?.message.contains("The time limit of 0.2 seconds was over.") == true)
                // The server has ended it, too, and the connection serves the next request.
                let sleeping =
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
                #expect(try await test.value(sleeping) == .integer(0))
                #expect(try await served.get("/quick/").hasSuffix("\r\n\r\n0"))
                #expect(try await test.value("SELECT count(*) FROM written") == .integer(0))
                #expect(served.pool.open == 1 && served.pool.used == 0 && served.pool.closed == 0)
            }
        }
    }
}
