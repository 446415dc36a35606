public import MartletMetrics
public import MartletMigrations
public import MartletORM

/// One app of a site: what Django calls an app, and its `AppConfig` in one line.
///
/// ```swift
/// public let blogApp = App("blog", models: [Tag.self, Post.self, Comment.self], migrations: blogMigrations)
/// ```
public struct App: Sendable {
    /// The app's label: the first part of its tables' names.
    public let label: String

    /// The app's models.
    public let models: [any Model.Type]

    /// The app's migrations; `nil` for an app without tables.
    public let migrations: Migrations?

    /// The app's own checks, run by `manage check` beside the standard ones.
    public let checks: [Check]

    /// What the app depends on besides the site's database, cache and mail: `manage diagnose` tries it.
    public let dependencies: [Dependency]

    /// What the app counts and measures: shown at `/metrics` where the site includes ``metricsURLs``.
    public let metrics: [any Metric]

    /// The app's own commands, which `manage` has beside the standard ones.
    public let commands: [any Command]

    /// Whether `manage check` looks for Martlet's conventions in the app's models and migrations.
    public let hasConventions: Bool

    /// Makes an app.
    ///
    /// - Parameters:
    ///   - commands: Commands that `manage` gets; one may take the place of a standard one of the same name.
    ///   - hasConventions: `false` for tables that somebody else has designed, such as those of a
    ///     Django site.
    public init(
        _ label: String, models: [any Model.Type] = [], migrations: Migrations? = nil, checks: [Check] = [],
        dependencies: [Dependency] = [], metrics: [any Metric] = [], commands: [any Command] = [],
        hasConventions: Bool = true
    ) {
        self.label = label
        self.models = models
        self.migrations = migrations
        self.checks = checks
        self.dependencies = dependencies
        self.metrics = metrics
        self.commands = commands
        self.hasConventions = hasConventions
    }
}
