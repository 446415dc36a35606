public import MartletHTTP
public import MartletORM
public import MartletReporting
public import MartletRouting
public import MartletTemplates

/// A site as its author describes it: apps, addresses, layers, folders. Nothing is opened by describing it.
///
/// ```swift
/// public let site = Site(apps: [accountsApp, blogApp], urls: siteURLs)
/// ```
public struct Site: Sendable {
    /// The apps, those that others refer to first.
    public var apps: [App]

    /// The addresses.
    public var urls: URLs

    /// Makes the settings: ``Settings/init(_:)-(SettingsReader)`` unless told, and what a project adds to it.
    public var makeSettings: @Sendable (inout SettingsReader) -> Settings

    /// Says which database a model's rows are in, where there are several.
    public var router: (any DatabaseRouter)?

    /// The layers around every view, made from the settings; the first is the outermost.
    public var middleware: @Sendable (Settings) throws -> [any Middleware]

    /// Who is told of errors, made from the settings.
    public var reporters: @Sendable (Settings) throws -> [any ErrorReporter]

    /// The folders in which templates are looked for, the first first.
    public var templates: [String]

    /// The folders whose files are served below the settings' `staticURL` in debug mode.
    public var staticFiles: [String]

    /// The folder into which `manage collectstatic` copies them for the web server, relative to `folder`: what Django calls
    /// `STATIC_ROOT`.
    public var collectedFiles = "Collected"

    /// The site's own template tags and filters beside the standard ones.
    public var library: TemplateLibrary

    /// What is to happen when rows are written.
    public var hooks: Hooks

    /// The folder that relative paths start from.
    public var folder: String

    /// The services of the site's deployment: who reads which variable, for `manage env-example`.
    public var services: [Service]

    /// The ids of findings that `manage check` passes over, with the reasons.
    package var silenced: [String: String] = [:]

    /// What is done before the site serves, and at its end.
    var lifecycle: [LifecycleStep] = []

    /// Describes a site.
    ///
    /// - Parameters:
    ///   - settings: The project's own function, which begins with `var settings = Settings(&reader)`.
    ///   - router: Says where a model's rows are; without one they are read from the replicas of
    ///     `DATABASE_REPLICA_URLS`, if there are any.
    ///   - middleware: ``standardMiddleware`` unless told.
    ///   - reporters: ``standardReporters(_:)`` unless told.
    ///   - templates: Folders, relative to `folder`.
    ///   - staticFiles: Folders, relative to `folder`.
    ///   - hooks: What is to happen when rows are written.
    ///   - services: The services of the deployment, for `.env.example`.
    ///   - folder: The process's working directory unless told.
    public init(
        apps: [App], urls: URLs,
        settings: @escaping @Sendable (inout SettingsReader) -> Settings = { Settings(&$0) },
        router: (any DatabaseRouter)? = nil,
        middleware: @escaping @Sendable (Settings) throws -> [any Middleware] = Site.standardMiddleware,
        reporters: @escaping @Sendable (Settings) throws -> [any ErrorReporter] = Site.standardReporters,
        templates: [String] = ["Templates"], staticFiles: [String] = ["Static"],
        library: TemplateLibrary = .standard, hooks: Hooks = Hooks(),
        services: [Service] = [], folder: String = "."
    ) {
        self.apps = apps
        makeSettings = settings
        self.router = router
        self.hooks = hooks
        self.urls = urls
        self.middleware = middleware
        self.reporters = reporters
        self.templates = templates
        self.staticFiles = staticFiles
        self.library = library
        self.services = services
        self.folder = folder
    }

    /// All models of all apps.
    public var registry: ModelRegistry { ModelRegistry(apps.flatMap(\.models), hooks: hooks) }

    /// A path of the site: as it is when absolute, else below the site's folder.
    package func path(_ path: String) -> String {
        path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
    }
}
