/// The name of one of several databases.
///
/// ```swift
/// extension DatabaseAlias { static let archive = DatabaseAlias("archive") }
/// let old = try await Entry.objects.using(.archive).all()
/// ```
public struct DatabaseAlias: Sendable, Hashable, CustomStringConvertible {
    /// The name.
    public let description: String

    /// Makes a name; it is compared with others and reaches no database.
    public init(_ name: String) {
        description = name
    }

    /// The database that is written to unless told: Django's `default`.
    public static let primary = DatabaseAlias("default")

    /// Any of the primary's copies; the primary where there is none.
    public static let replica = DatabaseAlias("replica")
}
