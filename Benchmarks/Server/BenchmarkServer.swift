import FoundationEssentials
import MartletCache
import MartletHTTP
import MartletMiddleware
import MartletORM
import MartletPostgreSQL
import MartletRouting
import MartletServer
import MartletShortcuts
import MartletTemplates

/// The server that is compared with the reference programs: the same paths, the same answers.
///
/// `BenchmarkServer [port]`; without a port it takes `PORT`, or 8000. The database is `bench` of the user `bench` where
/// `PGHOST` and `PGPORT` say; it is reached at the first query. With `STATIC`, the files of that folder are served below
/// `/static/`. Pages are cached in memory, or in the Memcached that `CACHE` names.
@main enum BenchmarkServer {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        var settings = ServerSettings()
        let port = CommandLine.arguments.dropFirst().first ?? environment["PORT"]
        settings.port = port.flatMap { Int($0) } ?? settings.port
        // Idle connections are measured by the ten thousand, beside busy ones.
        settings.maximumConnections = 20_000
        if let seconds = environment["HEAD_TIMEOUT"].flatMap({ Int($0) }) { settings.headTimeout = .seconds(seconds) }

        let database = Database(backend(environment), models: ModelRegistry([World.self, Fortune.self, Post.self]))
        let templates = TemplateEngine(loaders: [.memory(["fortunes.html": fortunesTemplate])])
        let rendering = Rendering(engine: templates, staticURL: "/static/")
        let cache = Cache(try environment["CACHE"].map { try MemcachedBackend(at: $0) } ?? MemoryBackend())
        let errors = ErrorBoundary { error, request in print("\(request.path): \(error)") }
        let dispatcher = Dispatcher(try RouteTable(urls(environment)), errors: errors)
        let server = Server(
            settings: settings,
            scope: { start in
                Cache.$current.withValue(cache) {
                    database.use { Rendering.$current.withValue(rendering) { start() } }
                }
            },
            handler: dispatcher.handler)
        try await server.run { print("http://\($0)/") }
    }

    private static func urls(_ environment: [String: String]) -> URLs {
        guard let folder = environment["STATIC"] else { return benchmarkURLs }
        return URLs {
            serveStatic(directories: [folder])
            include("", benchmarkURLs)
        }
    }

    private static func backend(_ environment: [String: String]) -> PostgreSQLBackend {
        var configuration = PostgreSQLConfiguration()
        configuration.host = environment["PGHOST"] ?? "127.0.0.1"
        configuration.database = "bench"
        configuration.user = "bench"
        configuration.applicationName = "martlet-benchmark"
        configuration.limit = environment["POOL"].flatMap { Int($0) } ?? configuration.limit
        configuration.statementsTogether =
            environment["TOGETHER"].flatMap { Int($0) } ?? configuration.statementsTogether
        return PostgreSQLBackend(configuration)
    }
}
