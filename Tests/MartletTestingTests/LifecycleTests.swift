import MartletCommands
import MartletHTTP
import MartletLogging
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization
import TestPrograms
import Testing

/// What happened, in order.
private final class Journal: Sendable {
    private let log = Mutex<[String]>([])

    var entries: [String] { log.withLock { $0 } }

    func add(_ entry: String) { log.withLock { $0.append(entry) } }
}

private struct Broken: Error {}

@Suite struct LifecycleTests {
    private static func site(_ journal: Journal, _ urls: URLs = URLs {}) -> Site {
        Site(apps: [], urls: urls)
            .onStart { _ in journal.add("start 1") }
            .onStop { _ in journal.add("stop 1") }
            .onStart { running in
                // What a view finds bound, is bound here.
                #expect(RunningSite.current === running)
                _ = try await Database.current.execute(Statement("SELECT 1"))
                journal.add("start 2")
            }
            .onStop { _ in journal.add("stop 2") }
    }

    @Test func `a live server is started before the first request and stopped after the last, in reverse order`()
        async throws
    {
        let journal = Journal()
        let urls = URLs {
            path(
                "",
                { request in
                    journal.add("view")
                    request.afterResponse { journal.add("work") }
                    return Response("page")
                })
        }
        try await TestSite(Self.site(journal, urls)).withLiveServer { server in
            let answer = try await server.send("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(answer.hasSuffix("page"))
        }
        #expect(journal.entries == ["start 1", "start 2", "view", "work", "stop 2", "stop 1"])
    }

    @Test func `a site that does not start stops what was started, and says where`() async throws {
        let journal = Journal()
        let broken = Self.site(journal).onStart { _ in throw Broken() }.onStart { _ in journal.add("never") }
            .onStop { _ in journal.add("never") }
        let error = await #expect(throws: LifecycleError.self) { try await TestSite(broken).makeSite() }
        #expect(error?.place.hasPrefix("MartletTestingTests/LifecycleTests.swift:") == true)
        #expect(error?.cause is Broken)
        #expect(error?.description.hasPrefix("The site does not serve, since the `onStart` at Martlet") == true)
        #expect(journal.entries == ["start 1", "start 2", "stop 2", "stop 1"])
    }

    @Test func `runserver refuses to serve a site that does not start`() async throws {
        let journal = Journal()
        let site = Self.site(journal).onStart { _ in throw Broken() }
        let reports = Journal()
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let environment = Environment([
            "DEBUG": "true", "DATABASE_URL": "sqlite:///\(folder.path)/start.sqlite3", "PORT": "0",
        ])
        let status = await run(
            ["runserver", "--no-reload"], site: site, environment: environment, print: { reports.add($0) },
            report: { reports.add($0) })
        #expect(status == 1)
        #expect(reports.entries.count == 1)
        #expect(reports.entries.first?.hasPrefix("manage runserver: The site does not serve") == true)
        #expect(journal.entries == ["start 1", "start 2", "stop 2", "stop 1"])
    }

    @Test func `an error while stopping is logged, and the others stop`() async throws {
        let (journal, sink) = (Journal(), MemorySink())
        let site = Self.site(journal).onStop { _ in throw Broken() }
        try await Logger.with(LogSettings(sink: sink)) {
            let running = try await TestSite(site).makeSite()
            await running.close()
            await running.close()
        }
        #expect(journal.entries == ["start 1", "start 2", "stop 2", "stop 1"])
        let event = try #require(sink.events(named: "site_stop_failed").first)
        #expect(event.level == .error)
        #expect(event["error"] == .string("Broken: Broken()"))
    }

    @Test func `a second start does nothing`() async throws {
        let journal = Journal()
        let running = try await TestSite(Self.site(journal)).makeSite()
        try await running.start()
        await running.close()
        #expect(journal.entries == ["start 1", "start 2", "stop 2", "stop 1"])
    }
}

@Suite struct AfterResponseInTestsTests {
    private static func send(_ target: String, _ journal: Journal, _ sink: MemorySink = MemorySink()) async throws
        -> TestResponse
    {
        let urls = URLs {
            path(
                "done/",
                { request in
                    request.afterResponse {
                        journal.add("\(RunningSite.current != nil) \(Logger.context["request_id"] == .string("abc"))")
                    }
                    return Response("page")
                })
            path(
                "broken/",
                { request in
                    request.afterResponse { journal.add("dropped") }
                    request.afterResponse(evenAfterErrors: true) { journal.add("always") }
                    throw Broken()
                })
            path(
                "failing/",
                { request in
                    request.afterResponse { throw Broken() }
                    return Response("page")
                })
        }
        let running = try await TestSite(Site(apps: [], urls: urls)).makeSite()
        let response = try await Logger.with(LogSettings(sink: sink)) {
            try await TestClient(running).send(.get, target, headers: try Headers(["X-Request-ID": "abc"]))
        }
        await running.close()
        return response
    }

    @Test func `the client returns when the work is done, with the site and the request's id bound to it`()
        async throws
    {
        let journal = Journal()
        #expect(try await Self.send("/done/", journal).status == .ok)
        #expect(journal.entries == ["true true"])
    }

    @Test func `work of a view that throws is dropped, unless it is wanted all the same`() async throws {
        let journal = Journal()
        #expect(try await Self.send("/broken/", journal).status == .internalServerError)
        #expect(journal.entries == ["always"])
    }

    @Test func `an error of the work is logged with the request's id, and the client has its answer`() async throws {
        let sink = MemorySink()
        #expect(try await Self.send("/failing/", Journal(), sink).status == .ok)
        let event = try #require(sink.events(named: "after_response_failed").first)
        #expect(event.level == .error)
        #expect(event["path"] == .string("/failing/"))
        #expect(event["request_id"] == .string("abc"))
        #expect(event["error"] == .string("AfterResponseError: Work after the response failed: Broken()"))
    }
}
