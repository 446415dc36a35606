import Glibc
import MartletHTTP
import MartletLogging
import MartletMiddleware
import MartletRouting
import MartletSite
import MartletTesting

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
            ("ResponseCompression", ResponseCompression()),
        ]
    var operations = [try asking("bare view", through: [], settings)]
    for (name, layer) in alone { operations.append(try asking(name, through: [layer], settings)) }
    operations.append(try asking("all of the bar", through: bar, settings))
    return operations
}

private func asking(_ name: String, through layers: [any Middleware], _ settings: Settings) throws -> Operation {
    let urls = URLs { path("hello/", { _ in Response("Hello, world!") }) }
    let running = try RunningSite(Site(apps: [], urls: urls, middleware: { _ in layers }), settings: settings)
    let client = TestClient(running)
    // As in production, but that nobody keeps the lines.
    let log = LogSettings(sink: StreamSink(descriptor: open("/dev/null", O_WRONLY), renderer: JSONLinesRenderer()))
    let headers = try Headers(["Host": "testserver", "Accept": "text/html", "Cookie": "theme=dark"])
    return Operation(name, count: 5_000) {
        try await Logger.with(log) {
            var length = 0
            for _ in 0..<5_000 { length += try await client.get("/hello/", headers: headers).body.count }
            return length
        }
    }
}
