import MartletHTTP
import MartletLogging
import MartletORM
import MartletRouting
import MartletSite
import MartletTesting
import Synchronization
import Testing

private struct Author: Model {
    var id = 0
    var name = ""

    static let appLabel = "library"
    static let table = Table<Author>(.auto(\.id), .char(\.name, maxLength: 50))
}

private let library = Site(
    apps: [App("library", models: [Author.self])],
    urls: URLs {
        path("each/<int:count>/", eachAuthor)
        path("lists/<int:count>/", listsOfAuthors)
        path("together/", together)
        path(
            "streamed/",
            { _ in
                Response(
                    body: .stream { writer in
                        try await readEach(5); try await writer.write("x")
                    })
            })
        path(
            "broken/",
            { _ in
                try await readEach(5)
                throw HTTPError(.badRequest)
            })
        path(
            "transactions/",
            { _ in
                for _ in 0..<10 { try await transaction {} }
                return Response("ok")
            })
    })

private let lineOfTheQuery = #line + 3
private func readEach(_ count: Int) async throws {
    for number in 0..<count {
        _ = try await Author.objects.filter { $0.id == number }.all()
    }
}

@Sendable private func eachAuthor(_ request: Request, count: Int) async throws -> Response {
    try await readEach(count)
    return Response("\(count)")
}

@Sendable private func listsOfAuthors(_ request: Request, count: Int) async throws -> Response {
    for number in 1...count {
        let numbers = Array(0..<number)
        _ = try await Author.objects.filter { $0.id.in(numbers) }.all()
    }
    return Response("\(count)")
}

@Sendable private func together(_ request: Request) async throws -> Response {
    _ = try await Author.objects.all()
    _ = try await Author.objects.count()
    _ = try await Author.objects.filter { $0.name == "a" }.all()
    return Response("ok")
}

@Suite struct NPlusOneTests {
    private static func events(
        _ target: String, _ variables: [String: String] = ["LOG_N_PLUS_ONE": "0"],
        _ send: (RunningSite, String) async throws -> Void
    ) async throws -> [LogEvent] {
        let sites = TestSite(library, variables: variables)
        let site = try await sites.makeSite()
        try await site.bound {
            _ = try await Database.current.execute(
                Statement("CREATE TABLE library_author (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, name text)"))
        }
        let sink = MemorySink()
        try await Logger.with(LogSettings(sink: sink)) { try await send(site, target) }
        await site.close()
        withExtendedLifetime(sites) {}
        return sink.events(named: "n_plus_one_suspected")
    }

    private static func logged(_ target: String, _ nPlusOne: NPlusOne = .logs) async throws -> [LogEvent] {
        try await events(target) { site, target in
            _ = try await TestClient(site, nPlusOne: nPlusOne).get(target)
        }
    }

    @Test func `five statements of one shape are told, with their number and the line that has run them`() async throws
    {
        let events = try await Self.logged("/each/7/")
        let event = try #require(events.first)
        #expect(events.count == 1)
        #expect(event.level == .warning)
        #expect(event.logger == "martlet.sql")
        #expect(event["count"] == .int(7))
        let columns = #""library_author"."id", "library_author"."name""#
        #expect(
            event["statement"]
                == .string(#"SELECT \#(columns) FROM "library_author" WHERE "library_author"."id" = ?"#))
        #expect(event["request"] == .string("GET /each/7/"))
        #expect(event["source"] == .string("\(#filePath):\(lineOfTheQuery)"))
        guard case .string(let id)? = event["request_id"] else {
            Issue.record("the event has no request_id")
            return
        }
        #expect(id.count == 32)
    }

    @Test(arguments: [
        ("/each/4/", 0), ("/each/5/", 1), ("/together/", 0), ("/transactions/", 0), ("/lists/5/", 1), ("/streamed/", 1),
        ("/broken/", 1), ("/nowhere/", 0),
    ])
    func `what is told is what was run too often`(_ target: String, _ count: Int) async throws {
        #expect(try await Self.logged(target).count == count)
    }

    @Test(arguments: [
        ("/each/2/", NPlusOne.logs(from: 3), 0), ("/each/3/", .logs(from: 3), 1), ("/each/1/", .logs(from: -1), 1),
        ("/each/9/", .ignored, 0),
    ])
    func `the threshold can be another`(_ target: String, _ nPlusOne: NPlusOne, _ count: Int) async throws {
        #expect(try await Self.logged(target, nPlusOne).count == count)
    }

    @Test(arguments: [("/each/4/", 0), ("/each/5/", 1), ("/each/9/", 1)])
    func `a client that nobody has told anything tells it from five on, and fails nothing`(
        _ target: String, _ count: Int
    ) async throws {
        let events = try await Self.events(target) { (site, target) async throws in
            // An issue would fail this test.
            #expect(try await TestClient(site).get(target).status == .ok)
        }
        #expect(events.count == count)
        #expect(events.allSatisfy { $0["source"] == .string("\(#filePath):\(lineOfTheQuery)") })
    }

    @Test func `a site of tests has the same, which the client does not tell twice`() async throws {
        let events = try await Self.events("/each/5/", [:]) { (site, target) async throws in
            #expect(site.settings.debug && site.settings.logging.nPlusOneThreshold == 5)
            #expect(try await TestClient(site).get(target).status == .ok)
        }
        #expect(events.count == 1)
    }

    @Test func `a client can make it a failure`() async throws {
        let issues = Mutex<[String]>([])
        try await withKnownIssue {
            let events = try await Self.logged("/each/5/", .fails)
            #expect(events.count == 1)
        } matching: { issue in
            issues.withLock { $0.append(issue.comments.map(\.rawValue).joined()) }
            return true
        }
        let told = issues.withLock { $0 }
        #expect(told.count == 1)
        #expect(
            told.first?.hasPrefix(
                "GET /each/5/ ran 5 statements of one shape at \(#filePath):\(lineOfTheQuery); one query ") == true)
    }

    @Test func `a client that fails for them is content with fewer`() async throws {
        #expect(try await Self.logged("/each/4/", .fails).isEmpty)
        #expect(try await Self.logged("/each/5/", .fails(from: 6)).isEmpty)
    }

    @Test(arguments: [
        (["DEBUG": "true"], 1), (["DEBUG": "true", "LOG_N_PLUS_ONE": "7"], 0),
        (["DEBUG": "true", "LOG_N_PLUS_ONE": "0"], 0),
        (["DEBUG": "false"], 0),
    ])
    func `debug mode tells it without a client of tests, and production does not look`(
        _ variables: [String: String], _ count: Int
    ) async throws {
        let events = try await Self.events("/each/6/", variables) { site, target in
            _ = try await TestClient(site, nPlusOne: .ignored).get(target)
        }
        #expect(events.count == count)
    }
}
