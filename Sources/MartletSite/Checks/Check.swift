public import MartletORM

/// Looks for one kind of mistake that the compiler cannot see; `manage check` runs them.
///
/// ```swift
/// let shopApp = App("shop", models: [Order.self], checks: [
///     Check("models") { context in
///         Currency.all.isEmpty ? [.warning("shop.W001", "There is no currency.", hint: "Run loadcurrencies.")] : []
///     }
/// ])
/// ```
///
/// Source: [Django, system checks](https://docs.djangoproject.com/en/5.2/topics/checks/).
public struct Check: Sendable {
    /// What it is about, for `manage check --tag`.
    public let tags: [CheckTag]
    /// Whether it is about a site in production only, and so runs with `--deploy`.
    public let isForDeployment: Bool

    let find: @Sendable (CheckContext) async throws -> [CheckMessage]

    /// Makes a check.
    ///
    /// - Parameters:
    ///   - tags: What it is about.
    ///   - isForDeployment: Whether it runs with `--deploy` only.
    ///   - find: Looks; what it throws is shown as an error of the check itself.
    public init(
        _ tags: CheckTag..., isForDeployment: Bool = false,
        _ find: @escaping @Sendable (CheckContext) async throws -> [CheckMessage]
    ) {
        self.tags = tags
        self.isForDeployment = isForDeployment
        self.find = find
    }

    /// Looks, and tells of a check that could not.
    package func run(_ context: CheckContext) async -> [CheckMessage] {
        do {
            return try await find(context)
        } catch {
            let tag = tags.first.map { "\($0)" } ?? "checks"
            return [
                .error(
                    "checks.E001", "A check of '\(tag)' could not look: \(error)",
                    hint: "Mend what it needs, or the check.")
            ]
        }
    }
}

/// What a check is about.
public struct CheckTag: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The word for `--tag`.
    public let description: String

    /// Makes a tag.
    public init(_ name: String) { description = name }
    /// Makes a tag.
    public init(stringLiteral name: String) { description = name }

    /// Tables of models.
    public static let models = CheckTag("models")
    /// Migrations.
    public static let migrations = CheckTag("migrations")
    /// Routes.
    public static let urls = CheckTag("urls")
    /// Layers around the views.
    public static let middleware = CheckTag("middleware")
    /// Templates.
    public static let templates = CheckTag("templates")
    /// Sessions.
    public static let sessions = CheckTag("sessions")
    /// Settings and the variables that they come from.
    public static let settings = CheckTag("settings")
    /// What keeps strangers out.
    public static let security = CheckTag("security")
    /// The conventions of Martlet's projects.
    public static let conventions = CheckTag("conventions")
    /// The database itself, with `--database`.
    public static let database = CheckTag("database")
}

/// What a check looks at.
public struct CheckContext: Sendable {
    /// The site.
    public let site: Site
    /// The settings of a process that answers requests; `nil` where they are not complete, as on a machine that only
    /// builds.
    public let settings: Settings?
    /// What is wrong with the settings.
    public let settingsProblems: [String]
    /// What looks odd about them.
    public let oddities: [String]
    /// The variables.
    public let environment: Environment
    /// The apps that are looked at: those that the caller named, or all.
    public let apps: [App]

    /// Makes a context.
    ///
    /// - Parameter labels: The apps to look at; all for an empty list.
    package init(_ site: Site, _ environment: Environment, labels: [String] = []) {
        self.site = site
        self.environment = environment
        let (reader, settings) = site.readSettings(environment, role: .web)
        settingsProblems = reader.problems
        oddities = reader.oddities
        self.settings = reader.problems.isEmpty ? settings : nil
        apps = labels.isEmpty ? site.apps : site.apps.filter { labels.contains($0.label) }
    }

    /// The models of the apps that are looked at.
    public var models: [any Model.Type] { apps.flatMap(\.models) }
}
