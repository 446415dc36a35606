import MartletHTTP
import MartletLogging
import MartletRouting
import MartletSite
import Testing

@Suite struct StreamScopeTests {
    @Test func `a stream sees the site and the request's id as its view does, though the layers have returned`()
        async throws
    {
        let sink = MemorySink()
        let urls = URLs {
            path(
                "",
                { _ in
                    Response.stream { writer in
                        Logger("test").info("from_stream")
                        try await writer.write("\(RunningSite.current != nil) \(RouteTable.current != nil)")
                    }
                })
        }
        let settings = try Settings(Environment(["DEBUG": "true", "DATABASE_URL": "sqlite:///unused.sqlite3"]))
        let site = try RunningSite(Site(apps: [], urls: urls), settings: settings)
        let request = Request(
            method: .get, target: "/", path: "/", queryString: "",
            headers: try Headers(["Host": "127.0.0.1", "X-Request-ID": "abc"]), body: RequestBody(),
            peerAddress: "127.0.0.1", isEncrypted: false)
        try await Logger.with(LogSettings(sink: sink)) {
            let response = try await site.handle(request)
            #expect(RunningSite.current == nil)
            #expect(try await response.body.collect() == Array("true true".utf8))
        }
        let event = try #require(sink.events.first { $0.name == "from_stream" })
        #expect(event.fields.contains { $0.name == "request_id" && $0.value == .string("abc") })
        await site.close()
    }
}
