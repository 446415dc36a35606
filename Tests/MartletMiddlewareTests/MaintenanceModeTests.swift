import FoundationEssentials
import MartletHTTP
import MartletRouting
import Synchronization
import Testing

@testable import MartletMiddleware

@Suite struct MaintenanceModeTests {
    private static func handler(_ layer: MaintenanceMode) throws -> Handler {
        let table = try RouteTable(
            URLs {
                path("", echo); path("live/", echo); path("api/", echo)
            })
        let proxies = ["10.0.0.1"].compactMap(AddressRange.init)
        return Dispatcher(table, middleware: [ForwardedHeaders(ForwardedSettings(proxies: proxies)), layer]).handler
    }

    @Test func `the site says when to come again`() async throws {
        let handler = try Self.handler(MaintenanceMode(isOn: true, retryAfter: .seconds(90), exemptPaths: ["/live/"]))
        let page = try await handler(.make())
        #expect(page.status == .serviceUnavailable)
        #expect(page.headers[.retryAfter] == "90")
        #expect(page.headers[.cacheControl] == "no-store")
        #expect(page.text.contains("The site is being maintained."))
        let json = try await handler(.make(.post, "/api/", headers: ["Accept": "application/json"]))
        #expect(json.status == .serviceUnavailable)
        #expect(json.text == #"{"detail":"The site is being maintained. Please try again later."}"#)
        #expect(try await handler(.make(.get, "/nowhere/")).status == .serviceUnavailable)
        #expect(try await handler(.make(.get, "/live/")).status == .ok)
    }

    @Test(arguments: [
        ("192.0.2.7", nil, 200), ("192.0.3.7", nil, 503), ("10.0.0.1", "192.0.2.9", 200), ("10.0.0.1", "8.8.8.8", 503),
        ("8.8.8.8", "192.0.2.9", 503), ("unix", nil, 503),
    ])
    func `some clients are served all the same`(_ peer: String, _ forwarded: String?, _ status: Int) async throws {
        let addresses = ["192.0.2.0/24"].compactMap(AddressRange.init)
        let handler = try Self.handler(MaintenanceMode(isOn: true, exemptAddresses: addresses))
        let request = try Request.make(
            headers: forwarded.map { ["X-Forwarded-For": $0] } ?? [:], peer: peer)
        #expect(try await handler(request).status.code == status)
    }

    @Test func `it is off unless it is switched on`() async throws {
        #expect(try await Self.handler(MaintenanceMode(exemptPaths: ["/x/"]))(.make()).status == .ok)
    }

    @Test func `a file switches it on and off, and is looked for once a second`() async throws {
        let start = ContinuousClock.now
        let clock = Mutex(start)
        let looks = Mutex((count: 0, isThere: false))
        let file = MaintenanceFile(isThere: false, interval: .seconds(1), now: { clock.withLock { $0 } }) {
            looks.withLock { looks in
                looks.count += 1
                return looks.isThere
            }
        }
        let handler = try Self.handler(MaintenanceMode(file: file))
        func status(after milliseconds: Int) async throws -> Int {
            clock.withLock { $0 = start + .milliseconds(milliseconds) }
            return try await handler(.make()).status.code
        }
        #expect(try await status(after: 10) == 200)
        looks.withLock { $0.isThere = true }
        #expect(try await status(after: 999) == 200)
        #expect(looks.withLock { $0.count } == 0)
        #expect(try await status(after: 1_000) == 503)
        #expect(try await status(after: 1_900) == 503)
        #expect(looks.withLock { $0.count } == 1)
        looks.withLock { $0.isThere = false }
        #expect(try await status(after: 2_000) == 200)
        #expect(looks.withLock { $0.count } == 2)
    }

    @Test func `a real file is seen`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("maintenance-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let start = ContinuousClock.now
        let clock = Mutex(start)
        let file = MaintenanceFile(path: path, now: { clock.withLock { $0 } })
        #expect(await !file.isThere())
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        clock.withLock { $0 = start + .seconds(1) }
        #expect(await file.isThere())
        #expect(try await Self.handler(MaintenanceMode(file: path))(.make()).status == .serviceUnavailable)
        try FileManager.default.removeItem(atPath: path)
        clock.withLock { $0 = start + .seconds(2) }
        #expect(await !file.isThere())
    }

    @Test func `nothing is reported`() async throws {
        let reported = Mutex(0)
        let table = try RouteTable(URLs { path("", echo) })
        let errors = ErrorBoundary { _, _ in reported.withLock { $0 += 1 } }
        let layer = MaintenanceMode(isOn: true)
        #expect(try await Dispatcher(table, middleware: [layer], errors: errors).handler(.make()).status.code == 503)
        #expect(reported.withLock { $0 } == 0)
        let broken = Layer { _, _ in throw HTTPError(.serviceUnavailable) }
        _ = try await Dispatcher(table, middleware: [broken], errors: errors).handler(.make())
        #expect(reported.withLock { $0 } == 1)
    }
}
