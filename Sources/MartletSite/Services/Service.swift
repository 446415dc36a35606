/// A service of the site's deployment: a process of its own, or one of somebody else's, such as PostgreSQL's.
///
/// ```swift
/// public let site = Site(
///     apps: [blogApp], urls: siteURLs,
///     services: [
///         Service("application", runs: .web), Service("migrate", runs: .command),
///         Service("postgresql", reads: [
///             ServiceVariable("POSTGRES_PASSWORD", isRequired: true, about: "Made when its volume is empty.")
///         ]),
///     ])
/// ```
///
/// `manage env-example` says above each variable which services read it; without any, it says the roles.
public struct Service: Sendable {
    /// The name, such as that in `docker-compose.yaml`.
    public let name: String
    /// The role of the site's program in it; `nil` for a program of somebody else's.
    public let role: Role?
    /// What it reads besides.
    public let variables: [ServiceVariable]

    /// A service that runs the site's program.
    public init(_ name: String, runs role: Role, reads variables: [ServiceVariable] = []) {
        self.name = name
        self.role = role
        self.variables = variables
    }

    /// A service of somebody else's.
    public init(_ name: String, reads variables: [ServiceVariable]) {
        self.name = name
        role = nil
        self.variables = variables
    }
}

/// A variable that the site's program does not read, but a service beside it.
public struct ServiceVariable: Sendable, Hashable {
    /// The name.
    public let name: String
    /// What stands in `.env.example`; `nil` for nothing.
    public let value: String?
    /// Whether the service does not start without it.
    public let isRequired: Bool
    /// What it is for.
    public let about: String

    /// Describes a variable.
    public init(_ name: String, value: String? = nil, isRequired: Bool = false, about: String) {
        self.name = name
        self.value = value
        self.isRequired = isRequired
        self.about = about
    }
}
