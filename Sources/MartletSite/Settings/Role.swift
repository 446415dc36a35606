/// What a process of a site is for; each needs some of the settings, and starts without the others.
///
/// ```swift
/// extension Role { static let importer = Role("importer") }
/// ```
///
/// A command of `manage` says its role; `runserver` has ``web``, and a command that says none has ``command``.
public struct Role: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The name, as messages and `manage settings --role` have it.
    public let description: String

    /// Makes a role of a project's own.
    public init(_ name: String) { description = name }

    /// Makes a role of a project's own.
    public init(stringLiteral name: String) { description = name }

    /// Answers requests.
    public static let web = Role("web")
    /// Works off background tasks.
    public static let worker = Role("worker")
    /// Starts background tasks when their time has come.
    public static let beat = Role("beat")
    /// Does one thing and ends: `manage migrate` and its like.
    public static let command = Role("command")
}

/// The roles that need a setting.
public struct Roles: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// The roles in the order in which they were named; `nil` for every role, those of a project too.
    public let named: [Role]?

    private init(_ named: [Role]?) { self.named = named }

    /// Makes a list of roles.
    public init(arrayLiteral roles: Role...) { named = roles }

    /// Every role, those of a project too.
    public static let all = Roles(nil)
    /// Those that answer requests.
    public static let web: Roles = [.web]

    /// Whether a process of the role needs the setting.
    public func contains(_ role: Role) -> Bool { named?.contains(role) ?? true }

    /// The names with commas, or `all`.
    public var description: String { named?.map(\.description).joined(separator: ", ") ?? "all" }
}
