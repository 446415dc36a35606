/// What a migration is known by: its app's label and its own name, as rows of `django_migrations` have them.
public struct MigrationName: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The app's label.
    public let app: String

    /// The name, such as `0001_initial`.
    public let name: String

    /// Makes a name from its parts.
    public init(app: String, name: String) {
        self.app = app
        self.name = name
    }

    /// Makes `0012_post_excerpt` of a number and what stands behind it.
    init(app: String, number: Int, name: String) {
        let digits = "\(number)"
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        self.init(app: app, name: "\(padded)_\(name)")
    }

    /// Reads `"blog.0001_initial"`; a text without a dot becomes a name that no migration has, and is reported so.
    public init(stringLiteral text: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(app: parts.count == 2 ? String(parts[0]) : "", name: String(parts.last ?? ""))
    }

    /// `blog.0001_initial`.
    public var description: String { app.isEmpty ? name : "\(app).\(name)" }

    /// The number a name begins with: 12 for `0012_post_excerpt`; for a squashed one that of its end, 4 for
    /// `0001_squashed_0004_post`.
    var number: Int? {
        let name = name.ranges(of: "_squashed_").last.map { self.name[$0.upperBound...] } ?? self.name[...]
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : Int(digits)
    }
}
