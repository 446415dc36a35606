import MartletHTTP
import MartletJSON
import MartletLogging
import MartletSite
import MartletTesting
import Synchronization
import TestPrograms
import Testing

@Suite(.timeLimit(.minutes(3))) struct HealthTests {
    private struct Failure: Error, CustomStringConvertible {
        let description = "postgresql://blog:secret@db/blog refused"
    }

    private static func ask(_ running: RunningSite) async throws -> (status: HTTPStatus, json: JSONValue) {
        let response = try await TestClient(running).get("/ready/")
        #expect(response.headers[.contentType] == "application/json")
        #expect(response.headers[.cacheControl] == "no-store")
        return (response.status, try response.json)
    }

    /// A server that has failed is left alone for a second, and one that has just started may be slow.
    private static func waitUntilReady(_ running: RunningSite) async throws {
        for _ in 0..<800 {
            if try await ask(running).status == .ok { return }
            try await Task.sleep(for: .milliseconds(25))
        }
        Issue.record("the site does not become ready")
    }

    @Test func `live asks nothing`() async throws {
        let broken = Dependency("payments", readiness: .required) { _ in throw Failure() }
        let site = try await WatchedSite.tested(dependencies: [broken]).makeSite()
        let response = try await TestClient(site).get("/live/")
        #expect(response.status == .ok)
        #expect(response.text == #"{"status":"ok"}"#)
        await site.close()
    }

    @Test func `ready tells of the database and the cache, and how long each took`() async throws {
        let site = try await WatchedSite.tested().makeSite()
        let (status, json) = try await Self.ask(site)
        #expect(status == .ok)
        #expect(json["status"]?.stringValue == "ok")
        #expect(json["broken"]?.arrayValue == [])
        for name in ["database", "cache"] {
            let check = try #require(json["checks"]?[name])
            #expect(check["status"]?.stringValue == "ok")
            #expect(check["required"]?.boolValue == true)
            #expect(try #require(check["seconds"]?.doubleValue) >= 0)
        }
        await site.close()
    }

    struct Broken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let readiness: Readiness
        let status: HTTPStatus
        let word: String
        let broken: [JSONValue]
        let check: String?
    }

    static let broken = [
        Broken(
            testDescription: "a required one", readiness: .required, status: .serviceUnavailable, word: "unavailable",
            broken: ["payments"], check: "failed"),
        Broken(
            testDescription: "an optional one", readiness: .optional, status: .ok, word: "degraded",
            broken: ["payments"], check: "failed"),
        Broken(
            testDescription: "one that is not asked", readiness: .ignored, status: .ok, word: "ok", broken: [],
            check: nil),
    ]

    @Test(arguments: broken)
    func `a broken dependency is named, and 503 if the site needs it`(_ example: Broken) async throws {
        for finding in [Finding.critical("no"), .unknown("who knows"), nil] {
            let dependency = Dependency("payments", readiness: example.readiness) { _ in
                guard let finding else { throw Failure() }
                return finding
            }
            let site = try await WatchedSite.tested(dependencies: [dependency]).makeSite()
            let (status, json) = try await Self.ask(site)
            #expect(status == example.status)
            #expect(json["status"]?.stringValue == example.word)
            #expect(json["broken"]?.arrayValue == example.broken)
            #expect(json["checks"]?["payments"]?["status"]?.stringValue == example.check)
            #expect(json["checks"]?["database"]?["status"]?.stringValue == "ok")
            await site.close()
        }
    }

    @Test func `a slow one is a warning and no failure`() async throws {
        let slow = Dependency("payments", readiness: .required) { _ in .warning("slow today") }
        let site = try await WatchedSite.tested(dependencies: [slow]).makeSite()
        let (status, json) = try await Self.ask(site)
        #expect(status == .ok)
        #expect(json["checks"]?["payments"]?["status"]?.stringValue == "warning")
        await site.close()
    }

    @Test func `one that never answers is given up after its own time, and holds up no other`() async throws {
        let hanging = Dependency("search", timeout: .milliseconds(20), readiness: .required) { _ in
            // Heeds no cancellation either.
            await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
            return .ok("never")
        }
        let well = Dependency("payments", timeout: .seconds(60), slowAfter: .seconds(60), readiness: .required) { _ in
            .ok("")
        }
        let site = try await WatchedSite.tested(dependencies: [hanging, well]).makeSite()
        let (status, json) = try await Self.ask(site)
        #expect(status == .serviceUnavailable)
        #expect(json["broken"]?.arrayValue == ["search"])
        #expect(try #require(json["checks"]?["search"]?["seconds"]?.doubleValue) >= 0.02)
        #expect(json["checks"]?["payments"]?["status"]?.stringValue == "ok")
        await site.close()
    }

    /// Lets two tasks go on when both have come.
    private final class Meeting: Sendable {
        private let first = Mutex<CheckedContinuation<Void, Never>?>(nil)

        func wait() async {
            await withCheckedContinuation { continuation in
                let other = first.withLock { first in
                    defer { first = first == nil ? continuation : nil }
                    return first
                }
                guard let other else { return }
                other.resume()
                continuation.resume()
            }
        }
    }

    @Test func `dependencies are tried at once`() async throws {
        let meeting = Meeting()
        // One after the other they would never meet.
        let dependencies = ["left", "right"].map { name in
            Dependency(name, timeout: .seconds(60), slowAfter: .seconds(60), readiness: .required) { _ in
                await meeting.wait()
                return .ok("")
            }
        }
        let site = try await WatchedSite.tested(dependencies: dependencies).makeSite()
        #expect(try await Self.ask(site).status == .ok)
        await site.close()
    }

    @Test func `what a dependency says is for the log, once when it breaks and once when it is well`() async throws {
        let isBroken = Mutex(true)
        let dependency = Dependency("payments", readiness: .required) { _ in
            if isBroken.withLock({ $0 }) { throw Failure() }
            return .ok("")
        }
        let site = try await WatchedSite.tested(dependencies: [dependency]).makeSite()
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) {
            for _ in 0..<3 {
                let response = try await TestClient(site).get("/ready/")
                #expect(response.status == .serviceUnavailable)
                #expect(!response.text.contains("secret"))
            }
            isBroken.withLock { $0 = false }
            for _ in 0..<3 { #expect(try await TestClient(site).get("/ready/").status == .ok) }
        }
        let down = sink.events(named: "dependency_down")
        #expect(down.count == 1)
        #expect(down.first?["dependency"] == .string("payments"))
        #expect(down.first?["error"] == .string("\(Failure())"))
        #expect(sink.events(named: "dependency_up").map { $0["dependency"] } == [.string("payments")])
        await site.close()
    }

    @Test func `a database that cannot be opened is named`() async throws {
        let environment = Environment([
            "DEBUG": "true", "ALLOWED_HOSTS": "testserver", "HEALTH_TIMEOUT": "60s",
            "DATABASE_URL": "sqlite:////nowhere/at/all/blog.sqlite3",
        ])
        let site = WatchedSite.site()
        let running = try RunningSite(site, settings: site.settings(environment))
        let (status, json) = try await Self.ask(running)
        #expect(status == .serviceUnavailable)
        #expect(json["broken"]?.arrayValue == ["database"])
        await running.close()
    }

    // Issue: pages stay 200, `/ready/` is 503 and names the cache, and it recovers.
    @Test func `a Memcached that is killed is named, pages go on, and it is found again when it is back`() async throws
    {
        let memcached = try MemcachedServer()
        let variables = ["KVDB_LOCATION": memcached.location]
        let site = try await WatchedSite.tested(variables).makeSite()
        try await Self.waitUntilReady(site)
        memcached.stop()
        let (status, json) = try await Self.ask(site)
        #expect(status == .serviceUnavailable)
        #expect(json["status"]?.stringValue == "unavailable")
        #expect(json["broken"]?.arrayValue == ["cache"])
        // Pages are asked for while it is away, while it comes back, and afterwards.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<25 {
                        let answer = try await TestClient(site).get("/task/")
                        #expect(answer.status == .ok)
                    }
                }
            }
            try await group.next()
            let page = try await TestClient(site).get("/metrics").text
            #expect(MetricsPageTests.value("cache_failures_total", in: page) ?? 0 > 0)
            try memcached.restart()
            try await group.waitForAll()
        }
        try await Self.waitUntilReady(site)
        await site.close()
    }

    @Test func `a Memcached that hangs is given up in time`() async throws {
        let memcached = try MemcachedServer()
        let variables = ["KVDB_LOCATION": memcached.location]
        let site = try await WatchedSite.tested(variables).makeSite()
        try await Self.waitUntilReady(site)
        try memcached.pause()
        let (status, json) = try await Self.ask(site)
        #expect(status == .serviceUnavailable)
        #expect(json["broken"]?.arrayValue == ["cache"])
        memcached.resume()
        await site.close()
    }
}
