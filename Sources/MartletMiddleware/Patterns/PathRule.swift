/// Some of a site's paths: those that begin like a text, or those in which an expression is found.
///
/// ```swift
/// MaintenanceMode(isOn: true, exemptPaths: ["/live/", .matching(try TextPattern(#"^media/.*\.css$"#))])
/// ```
public struct PathRule: Sendable, ExpressibleByStringLiteral {
    private enum Test: Sendable {
        case prefix(String)
        case pattern(TextPattern)
    }

    private let test: Test

    /// Paths that begin like this, such as `/live/`.
    public static func prefix(_ prefix: String) -> PathRule { PathRule(test: .prefix(prefix)) }

    /// Paths in which an expression is found. It sees the path without its first slash, as Django's settings do:
    /// `^live/$`.
    public static func matching(_ pattern: TextPattern) -> PathRule { PathRule(test: .pattern(pattern)) }

    private init(test: Test) {
        self.test = test
    }

    /// Paths that begin like the literal.
    public init(stringLiteral prefix: String) {
        self = .prefix(prefix)
    }

    /// Whether a path, percent-decoded, is one of them.
    public func contains(_ path: String) -> Bool {
        switch test {
        case .prefix(let prefix): path.hasPrefix(prefix)
        // All slashes at the beginning, as Django's `lstrip("/")`.
        case .pattern(let pattern): pattern.isFound(in: String(path.drop { $0 == "/" }))
        }
    }
}
