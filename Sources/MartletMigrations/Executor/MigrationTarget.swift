/// Where to migrate to, as `manage migrate` is told.
///
/// | command | target |
/// | --- | --- |
/// | `migrate` | ``latest`` |
/// | `migrate blog` | `.app("blog")` |
/// | `migrate blog 0001` | `.migration(app: "blog", name: "0001")` |
/// | `migrate blog zero` | `.zero(app: "blog")` |
public enum MigrationTarget: Sendable, Hashable {
    /// The last migration of every app.
    case latest
    /// The last migration of an app, and what it depends on.
    case app(String)
    /// One migration, by its name or the beginning of it: applied if it is not, else what comes after it is undone.
    case migration(app: String, name: String)
    /// Before an app's first migration.
    case zero(app: String)

    /// Reads the arguments of `manage migrate`.
    ///
    /// - Parameter name: A migration's name or its beginning, or `zero`.
    public init(app: String?, name: String?) {
        switch (app, name) {
        case (nil, _): self = .latest
        case (let app?, nil): self = .app(app)
        case (let app?, "zero"): self = .zero(app: app)
        case (let app?, let name?): self = .migration(app: app, name: name)
        }
    }
}

extension MigrationGraph {
    /// The migration of an app whose name is, or begins with, a text.
    ///
    /// - Throws: ``MigrationError`` of kind `unknown` when there is none, or more than one.
    public func find(_ prefix: String, in app: String) throws(MigrationError) -> MigrationName {
        let names = try self.app(app).list.map(\.name).filter { migration(MigrationName(app: app, name: $0)) != nil }
            .sorted()
        if names.contains(prefix) { return MigrationName(app: app, name: prefix) }
        let matches = names.filter { $0.hasPrefix(prefix) }
        if matches.count == 1, !prefix.isEmpty { return MigrationName(app: app, name: matches[0]) }
        let known = names.isEmpty ? "It has none yet." : "Its migrations are: \(names.joined(separator: ", "))."
        let problem =
            matches.count > 1
            ? "More than one migration of '\(app)' begins with '\(prefix)'."
            : "The app '\(app)' has no migration '\(prefix)'."
        throw MigrationError(.unknown, problem, known)
    }
}
