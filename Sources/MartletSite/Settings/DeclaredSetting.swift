/// A setting that was asked for while the settings were made: what `manage settings` and `manage env-example` list.
public struct DeclaredSetting: Sendable, Hashable {
    /// The variable's name.
    public let name: String
    /// What it is for, in a sentence or a few.
    public let about: String
    /// The heading that it stands below.
    public let section: String
    /// The roles that need it.
    public let roles: Roles
    /// Whether the value is hidden wherever it is shown.
    public let isSecret: Bool
    /// Whether a process that needs it does not start without it.
    public internal(set) var isRequired = false
    /// What stands where the variable does not, as the environment would say it; `nil` for nothing.
    public let defaultText: String?
    /// A value as an example, where the default is none.
    public internal(set) var example: String?
    /// Whether the project itself gives the value that `.env.example` shall have.
    public internal(set) var isSetInExample = false
    /// The resolved value as `repr` would show it, hidden where it is secret; `none` for nothing.
    public internal(set) var value: String
    /// `environment`, `default`, file and line (`.env:12`), or the file that holds a secret.
    public internal(set) var origin: String
}

/// All that was asked for. A type of its own, so that whoever lists the settings by their names does not list them twice.
struct DeclaredSettings: Sendable, CustomStringConvertible {
    let all: [DeclaredSetting]

    var description: String { "\(all.count) variables" }
}
