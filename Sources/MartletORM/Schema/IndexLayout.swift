/// An index of a table. Its expressions mention columns by their names in the database.
public struct IndexLayout: Sendable, Hashable {
    /// What is indexed, and how.
    public var index: IndexSchema

    /// Whether no two rows may have the same values.
    public var isUnique: Bool

    /// Whether two nulls are distinct to a unique index; `nil` for the database's own way, which is that they are.
    public var nullsDistinct: Bool?

    /// Makes an index over columns.
    public init(_ name: String, columns: [String], unique: Bool = false) {
        index = IndexSchema(name: name, terms: columns.map { IndexTerm(.field($0)) })
        isUnique = unique
    }

    /// Makes an index.
    public init(_ index: IndexSchema, unique: Bool = false, nullsDistinct: Bool? = nil) {
        self.index = index
        isUnique = unique
        self.nullsDistinct = nullsDistinct
    }

    /// The index's name.
    public var name: String { index.name }

    /// The columns it needs, in the order of their first mention.
    public var columns: [String] { index.fields }
}

/// A constraint of a table. Its expressions mention columns by their names in the database.
public struct ConstraintLayout: Sendable, Hashable {
    /// What the rule is.
    public enum Rule: Sendable, Hashable {
        /// An expression that is false for no row.
        case check(SchemaExpression)
        /// Columns whose values together are unique.
        case unique([String], Deferrable?)
        /// Columns of `uniqueTogether`, or of a many-to-many table; Django gives SQLite a unique index for them.
        case uniqueGroup([String])
        /// Values of which no two rows have such that all operators hold between them.
        case exclusion(ExclusionRule)
    }

    /// The constraint's name.
    public var name: String

    /// What the rule is.
    public var rule: Rule

    /// Makes a constraint.
    public init(_ name: String, _ rule: Rule) {
        self.name = name
        self.rule = rule
    }

    /// The columns it needs.
    public var columns: [String] {
        switch rule {
        case .check(let condition): condition.fields
        case .unique(let columns, _), .uniqueGroup(let columns): columns
        case .exclusion(let rule): ConstraintSchema(name: name, rule: .exclusion(rule)).fields
        }
    }
}
