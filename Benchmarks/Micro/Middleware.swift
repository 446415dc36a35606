import Glibc
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletSessions
import MartletSite
import MartletTesting
import Measuring

/// A request through each layer alone, through those of the bar together, and through none, by the test client: what a
/// layer costs is the difference.
@Sendable func middlewareOperations() async throws -> [Operation] {
    let settings = try Settings(
        Environment([
            "SECRET_KEY": "a-key-for-measuring", "ALLOWED_HOSTS": "testserver", "LOG_LEVEL": "info",
            "DATABASE_URL": "sqlite:////tmp/unused.sqlite3",
        ]))
    let bar = try Site.standardMiddleware(settings) + [CommonRules()]
    let alone: [(String, any Middleware)] =
        bar.map { ("\(type(of: $0))", $0) } + [
            ("MaintenanceMode", MaintenanceMode(file: "/nowhere/maintenance.on")),
            ("CORS", try CORS(origins: ["https://app.example.com"])),
            ("ContentSecurity", ContentSecurity([.defaultSrc: [.selfOrigin], .scriptSrc: [.selfOrigin, .nonce]])),
            ("LanguageSelection", LanguageSelection(SiteLanguages(["en", "de"], default: "en"))),
            ("ConditionalGet", ConditionalGet()),
            ("ResponseCompression", ResponseCompression()), ("TraceContext", TraceContext()),
            ("RequestTimeout", RequestTimeout(.seconds(30))),
            ("RateLimit", RateLimit(.requests(1_000_000_000, per: .hour), by: .clientAddress, name: "all")),
        ]
    var operations = [try asking("bare view", through: [], settings)]
    for (name, layer) in alone { operations.append(try asking(name, through: [layer], settings)) }
    operations.append(try asking("all of the bar", through: bar, settings))
    operations.append(try await askingWithSession("all of the bar, with a session read and a token made", settings))
    return operations
}

/// A visitor with a session in a signed cookie, whose page shows something of it and a form.
private func askingWithSession(_ name: String, _ settings: Settings) async throws -> Operation {
    let urls = URLs {
        path(
            "begin/",
            { request in
                try request.session.set("cart", ["bread", "milk", "pears"])
                return Response(try request.csrfToken)
            })
        path(
            "hello/",
            { request in
                let cart = try await request.session.get("cart", as: [String].self) ?? []
                return Response("Hello, world! \(cart.count) \(try request.csrfToken)")
            })
    }
    var settings = settings
    settings.sessions.engine = .signedCookies
    let site = Site(apps: [], urls: urls, middleware: { try Site.standardMiddleware($0) + [CommonRules()] })
    let client = TestClient(try RunningSite(site, settings: settings))
    let headers = try Headers(["Host": "testserver", "Accept": "text/html"])
    _ = try await client.get("/begin/", headers: headers)
    return repeated(name, client, headers)
}

private func asking(_ name: String, through layers: [any Middleware], _ settings: Settings) throws -> Operation {
    let urls = URLs { path("hello/", { _ in Response("Hello, world!") }) }
    let running = try RunningSite(Site(apps: [], urls: urls, middleware: { _ in layers }), settings: settings)
    let client = TestClient(running)
    let headers = try Headers(["Host": "testserver", "Accept": "text/html", "Cookie": "theme=dark"])
    return repeated(name, client, headers)
}

private func repeated(_ name: String, _ client: TestClient, _ headers: Headers) -> Operation {
    // As in production, but that nobody keeps the lines.
    let log = LogSettings(sink: StreamSink(descriptor: open("/dev/null", O_WRONLY), renderer: JSONLinesRenderer()))
    return Operation(name, count: 5_000) {
        try await Logger.with(log) {
            var length = 0
            for _ in 0..<5_000 { length += try await client.get("/hello/", headers: headers).body.count }
            return length
        }
    }
}
