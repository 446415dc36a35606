import MartletCache
import MartletHTTP
import MartletMiddleware
import MartletRouting
import Synchronization
import Testing

/// What a route says of caches.
@Suite struct RouteCachingTests {
    private func get(_ path: String, from routes: URLs) async throws -> Response {
        let request = try Request.make(.get, path, headers: ["Host": "example.org"])
        return try await Dispatcher(try RouteTable(routes)).handler(request)
    }

    @Test func `a route's page is made once, and its neighbour's each time`() async throws {
        let runs = Atomic<Int>(0)
        let cache = Cache(MemoryBackend())
        let view: Handler = { _ in Response("run \(runs.add(1, ordering: .relaxed).newValue)") }
        let routes = URLs {
            path("kept/", view).cachePage(for: .minutes(1), cache: { cache })
            path("made/", view)
        }
        #expect(try await get("/kept/", from: routes).text == "run 1")
        #expect(try await get("/made/", from: routes).text == "run 2")
        #expect(try await get("/kept/", from: routes).text == "run 1")
        #expect(try await get("/made/", from: routes).text == "run 3")
        #expect(try await get("/kept/", from: routes).headers[HeaderName(literal: "Age")] != nil)
    }

    @Test func `a route says who may keep its answers, and what they depend on`() async throws {
        let view: Handler = { _ in Response("x") }
        let routes = URLs {
            path("never/", view).neverCached()
            path("public/", view).cacheControl(.public, .maxAge(.minutes(5)))
            path("vary/", view).vary(on: .cookie, .acceptLanguage)
        }
        let never = try await get("/never/", from: routes).headers[.cacheControl] ?? ""
        for directive in ["max-age=0", "no-cache", "no-store", "must-revalidate", "private"] {
            #expect(never.contains(directive))
        }
        let open = try await get("/public/", from: routes).headers[.cacheControl] ?? ""
        #expect(open.contains("public") && open.contains("max-age=300"))
        #expect(try await get("/vary/", from: routes).headers[.vary] == "Cookie, Accept-Language")
    }

    @Test func `a route that nobody may keep is not kept by the layer of the site`() async throws {
        let runs = Atomic<Int>(0)
        let cache = Cache(MemoryBackend())
        let routes = URLs {
            path("", { _ in Response("run \(runs.add(1, ordering: .relaxed).newValue)") }).neverCached()
        }
        let dispatcher = Dispatcher(try RouteTable(routes))
        let site = compose([PageCache(for: .minutes(1), cache: { cache })], around: dispatcher.handler)
        let request = try Request.make(.get, "/", headers: ["Host": "example.org"])
        #expect(try await site(request).text == "run 1")
        #expect(try await site(request).text == "run 2")
    }
}
