public import MartletCache
import MartletDebugging
public import MartletHTTP
import MartletLogging
import MartletMiddleware
public import MartletORM
import MartletReporting
public import MartletRouting
import MartletShortcuts
import MartletSigning
public import MartletTemplates
import MartletTiming
import MartletTracing
import Synchronization

/// A site with its settings: database, cache, templates and routes made, and one handler over all of it.
public final class RunningSite: Sendable {
    /// The description.
    public let site: Site
    /// The settings.
    public let settings: Settings
    /// The database.
    public let database: Database
    /// The database with its replicas and the site's router; `nil` where there is one database and nothing to choose.
    public let databases: Databases?
    /// The cache.
    public let cache: Cache
    /// The templates.
    public let templates: TemplateEngine
    /// The routes.
    public let routes: RouteTable

    /// Tells the site's reporters of errors.
    let reports: ReportQueue

    /// Shared by whoever starts and stops the site; held to look and to change, never while anything is started.
    let lifecycle = Mutex(LifecycleState())

    /// `nil` in a process whose role needs no key: signing says so then.
    private let signingKeys: SigningKeys?
    /// The names of collected static files; `nil` where they are served as they are.
    private let staticNames: [String: String]?
    private let answer: Handler

    /// What is counted; `nil` for a site that shows no metrics.
    let metrics: SiteMetrics?
    /// What is recorded; `nil` for a site whose settings name no receiver.
    let tracing: SiteTracing?
    /// The layers around every view as they are composed, with what watches them; the first is the outermost.
    package let layers: [any Middleware]
    /// Records requests and shows what they have done; `nil` outside of debug mode.
    let toolbar: DebugToolbar?
    /// The servers that answer for the site; held to look and to add.
    let servers = Mutex<[WeakServer]>([])
    /// What did not answer when its health was last asked for; held to compare.
    let brokenDependencies = Mutex<Set<String>>([])

    /// The site of the current task.
    @TaskLocal public static var current: RunningSite?

    /// Makes the parts; the database is opened at the first query.
    ///
    /// - Throws: ``MartletRouting/RouteTableError`` with every route that cannot be; ``MartletHTTP/MiddlewareOrderError``; what
    ///   a middleware refuses; `MetricError` for metrics that Prometheus would mix up.
    public init(_ site: Site, settings: Settings) throws {
        self.site = site
        self.settings = settings
        signingKeys = settings.hasSecretKey ? settings.signingKeys : nil
        let toolbar = DebugToolbar(settings)
        self.toolbar = toolbar
        routes = try RouteTable(site.urls(settings, toolbar))
        let showsMetrics = routes.routes.contains { $0.storage[MetricsRoute.self] == true }
        let metrics = showsMetrics ? try SiteMetrics(site.apps.flatMap(\.metrics), routes: routes) : nil
        self.metrics = metrics
        let tracing = SiteTracing(settings.tracing, routes: routes)
        self.tracing = tracing
        // A statement costs two looks at the clock while somebody listens, so nobody does unless it is asked for.
        let models = site.registry
        let isTold = settings.logging.levels.level(for: statementLog.name) == .debug
        let observers = [isTold ? Self.tell : nil, metrics?.statements.observe].compactMap(\.self)
        let makeDatabase = { (backend: any DatabaseBackend) in
            let dialect = "\(backend.dialect.name)"
            let recording = tracing.map { _ in { @Sendable in SiteTracing.observe($0, on: dialect) } }
            return Database(
                backend, models: models, observers: observers + [recording].compactMap(\.self),
                // More than a statement takes between two others, and less than anybody would wait for.
                idleTransactions: settings.debug ? .milliseconds(200) : nil,
                notices: { notice in
                    Database.log(notice)
                    if case .hookFailed(let error, _) = notice { RunningSite.current?.report(error) }
                })
        }
        database = makeDatabase(site.backend(settings))
        databases = site.databases(database, settings, makeDatabase)
        var cache = try Cache(settings)
        cache.observer = Self.cacheObserver(tracing, toolbar)
        self.cache = cache
        templates = TemplateEngine(
            loaders: site.templates.map { .directory(site.path($0)) }, library: site.library, reload: settings.debug,
            observer: Self.templateObserver(tracing, toolbar))
        // While the site is being made its files are served as they are.
        staticNames = try settings.debug ? nil : StaticManifest(folder: site.path(site.collectedFiles))?.names
        reports = ReportQueue(try site.reporters(settings))
        // The request log tells the error with its request; this is for whoever follows step by step.
        let errors = ErrorBoundary(pages: .templates(templates, settings)) { error, request in
            if error is AfterResponseError {
                log.error("after_response_failed", path: request.path, error: .error(error))
            }
            log[.debug]?("request_error", error: "\(error)", method: request.method.rawValue, path: request.path)
            if Self.isFault(error) { RunningSite.current?.report(error, request: request) }
        }
        let own = try site.checkedMiddleware(settings)
        let watchedLayers = toolbar?.layers(around: own) ?? own
        layers = tracing == nil ? watchedLayers : TracedLayer.wrapping(watchedLayers)
        let handler = Dispatcher(
            routes, middleware: layers, errors: errors, appendSlash: settings.appendSlash
        ).handler
        let recorded = settings.showsDebugPage ? DebugRecording.recording(handler) : handler
        let threshold = settings.debug ? settings.logging.nPlusOneThreshold : 0
        let watched = threshold > 0 ? RepeatedStatements.telling(recorded, threshold: threshold) : recorded
        let shown = toolbar?.recording(watched) ?? watched
        let traced = tracing?.recording(shown) ?? shown
        let measured = metrics?.requests.measuring(traced) ?? traced
        let routed = databases.map { Self.pinning(measured, $0) } ?? measured
        // The pool says who holds its connections when there are none left.
        answer = { request in
            try await LeaseHolder.$current.withValue(LeaseHolder(request.method.rawValue, request.path)) {
                try await routed(request)
            }
        }
    }

    /// `nil` where nobody listens, which costs nothing.
    private static func cacheObserver(
        _ tracing: SiteTracing?, _ toolbar: DebugToolbar?
    ) -> (@Sendable (CacheEvent) -> Void)? {
        guard toolbar != nil else { return tracing.map { _ in SiteTracing.observe } }
        guard tracing != nil else { return DebugToolbar.observe }
        return { event in
            SiteTracing.observe(event)
            DebugToolbar.observe(event)
        }
    }

    /// The toolbar hears renderings by the task; all it needs is an engine that tells of them.
    private static func templateObserver(
        _ tracing: SiteTracing?, _ toolbar: DebugToolbar?
    ) -> (@Sendable (TemplateEvent) -> Void)? {
        guard tracing == nil else { return SiteTracing.observe }
        guard toolbar != nil else { return nil }
        return { _ in }
    }

    /// A request that has written reads from the primary from then on, and the next one of its connection does not.
    private static func pinning(_ handler: @escaping Handler, _ databases: Databases) -> Handler {
        { request in try await databases.use { try await handler(request) } }
    }

    /// The same site with another cache: what a test gets, so that it sees nothing of the one before.
    package init(_ other: RunningSite, cache: Cache) {
        site = other.site
        settings = other.settings
        database = other.database
        databases = other.databases
        templates = other.templates
        staticNames = other.staticNames
        routes = other.routes
        signingKeys = other.signingKeys
        answer = other.answer
        reports = other.reports
        metrics = other.metrics
        tracing = other.tracing
        toolbar = other.toolbar
        layers = other.layers
        var cache = cache
        cache.observer = Self.cacheObserver(tracing, toolbar)
        self.cache = cache
    }

    /// Answers a request through the middleware by its view, in a task that the site is bound to.
    public var handler: Handler { answer }

    /// Binds the site to what starts here, such as a connection: once, and not with each request.
    @Sendable public func scope(_ start: () -> Void) {
        let rendering = Rendering(
            engine: templates, staticURL: settings.staticURL, staticNames: staticNames)
        use {
            Cache.$current.withValue(cache) {
                RouteTable.$current.withValue(routes) {
                    Rendering.$current.withValue(rendering) {
                        SigningKeys.$current.withValue(signingKeys) {
                            RunningSite.$current.withValue(self) { start() }
                        }
                    }
                }
            }
        }
    }

    /// Binds the site to the task and answers one request.
    @Sendable public func handle(_ request: Request) async throws -> Response {
        var response = try await bound { try await answer(request) }
        if response.body.runsLater {
            response.body = response.body.running { [self] operation in try await bound(operation) }
        }
        return response
    }

    /// Runs an operation with the site's database, cache, templates and routes bound to the task.
    public func bound<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        let rendering = Rendering(
            engine: templates, staticURL: settings.staticURL, staticNames: staticNames)
        return try await use {
            try await Cache.$current.withValue(cache) {
                try await RouteTable.$current.withValue(routes) {
                    try await Rendering.$current.withValue(rendering) {
                        try await SigningKeys.$current.withValue(signingKeys) {
                            try await RunningSite.$current.withValue(self) { try await operation() }
                        }
                    }
                }
            }
        }
    }

    /// Stops what was started, tells the errors that wait to be reported, for a few seconds, and closes the database.
    public func close() async {
        await stop()
        await reports.close()
        if let tracing { _ = await runAtMost(.seconds(5)) { await tracing.recorder.flush() } }
        if let databases { await databases.close() } else { await database.backend.close() }
    }

    /// Binds the databases; a router is asked for each query, so one is bound only where there is something to choose.
    private func use(_ operation: () -> Void) {
        if let databases { databases.use(operation) } else { database.use(operation) }
    }

    private func use<Result>(
        isolation: isolated (any Actor)? = #isolation, _ operation: () async throws -> Result
    ) async rethrows -> Result {
        if let databases { return try await databases.use(operation) }
        return try await database.use(operation)
    }

    /// Logs a statement without its values, which are private.
    @Sendable private static func tell(_ statement: StatementEvent) {
        statementLog[.debug]?(
            "statement_finished", sql: statement.sql, duration: statement.duration, rows: statement.rows,
            error: statement.error.map { "\($0)" })
    }
}

private let log = Logger("martlet.site")
private let statementLog = Logger("martlet.sql")

extension Site {
    /// The site's addresses; in debug mode those of its static files too, which nginx serves in production, and those of
    /// the debug toolbar.
    func urls(_ settings: Settings, _ toolbar: DebugToolbar?) -> URLs {
        let servesFiles = settings.debug && settings.staticURL.hasPrefix("/")
        guard servesFiles || toolbar != nil else { return urls }
        let folders = staticFiles.map(path)
        return URLs {
            if let toolbar { include("", toolbar.urls) }
            if servesFiles { serveStatic(prefix: String(settings.staticURL.dropFirst()), directories: folders) }
            include("", urls)
        }
    }
}
