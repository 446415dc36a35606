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

    /// Makes an app.
    public init(_ label: String, models: [any Model.Type] = [], migrations: Migrations? = nil) {
        self.label = label
        self.models = models
        self.migrations = migrations
    }
}
