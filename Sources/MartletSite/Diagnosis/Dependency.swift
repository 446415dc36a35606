/// Something a site cannot do without: a database, a cache, a service of somebody else; `manage diagnose` tries each, and `/ready/` those that say so.
///
/// ```swift
/// let shopApp = App("shop", models: [Order.self], dependencies: [
///     Dependency("payments", timeout: .seconds(3), readiness: .optional) { _ in
///         try await payments.ping()
///         return .ok("the sandbox answers")
///     }
/// ])
/// ```
public struct Dependency: Sendable {
    /// What stands in front of the line, such as `database`.
    public let name: String
    /// How long an answer may take; then it is critical.
    public let timeout: Duration
    /// After which time an answer is a warning.
    public let slowAfter: Duration

    /// What `/ready/` says while it does not answer.
    public let readiness: Readiness

    let attempt: @Sendable (RunningSite) async throws -> Finding

    /// Describes a dependency.
    ///
    /// - Parameters:
    ///   - timeout: How long an answer may take; the others do not wait for it.
    ///   - slowAfter: After which time an answer is a warning.
    ///   - readiness: Whether `/ready/` asks for it, and what it says while it does not answer; it does not ask unless told.
    ///   - attempt: Tries it with the site bound to the task; what it throws is critical.
    public init(
        _ name: String, timeout: Duration = .seconds(5), slowAfter: Duration = .seconds(1),
        readiness: Readiness = .ignored, _ attempt: @escaping @Sendable (RunningSite) async throws -> Finding
    ) {
        self.name = name
        self.timeout = timeout
        self.slowAfter = slowAfter
        self.readiness = readiness
        self.attempt = attempt
    }
}

/// What came of trying a dependency.
public struct Finding: Sendable, Hashable {
    /// The states of Nagios plugins; the raw value is the exit status.
    ///
    /// Source: [Monitoring Plugins, development guidelines](https://www.monitoring-plugins.org/doc/guidelines.html#AEN78).
    public enum State: Int32, Sendable, Hashable, CaseIterable {
        /// It works.
        case ok = 0
        /// It works, and may not for long.
        case warning = 1
        /// It does not work.
        case critical = 2
        /// Nobody can tell.
        case unknown = 3
    }

    /// The state.
    public let state: State
    /// What was found, in a line.
    public let message: String

    private init(_ state: State, _ message: String) {
        self.state = state
        self.message = message
    }

    /// It works.
    public static func ok(_ message: String) -> Self { Self(.ok, message) }
    /// It works, and may not for long.
    public static func warning(_ message: String) -> Self { Self(.warning, message) }
    /// It does not work.
    public static func critical(_ message: String) -> Self { Self(.critical, message) }
    /// Nobody can tell.
    public static func unknown(_ message: String) -> Self { Self(.unknown, message) }
}
