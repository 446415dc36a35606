/// What `/ready/` says while a dependency does not answer.
public struct Readiness: Sendable, Hashable {
    private let number: Int

    /// It is not asked: `manage diagnose` alone tries it.
    public static let ignored = Readiness(number: 0)
    /// It is named as broken, and the site goes on: 200, `degraded`.
    public static let optional = Readiness(number: 1)
    /// No request can be answered without it: 503.
    public static let required = Readiness(number: 2)
}
