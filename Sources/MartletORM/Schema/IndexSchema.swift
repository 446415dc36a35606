/// An index of a model, as a value.
public struct IndexSchema: Sendable, Hashable {
    /// The index's name.
    public var name: String

    /// What is indexed, in order.
    public var terms: [IndexTerm]

    /// How the index works inside; PostgreSQL has several ways.
    public var method: IndexMethod

    /// Fields whose values the index holds besides, so that a query need not look into the table.
    public var include: [String]

    /// The rows that are indexed; `nil` for all.
    public var condition: SchemaExpression?

    /// Settings of the method, such as `fastupdate` (PostgreSQL's storage parameters).
    public var settings: [String: String]

    /// Makes an index over fields.
    ///
    /// - Parameters:
    ///   - fields: The fields' names; a `-` in front means largest first, as in Django.
    ///   - operatorClasses: PostgreSQL's operator class of each field.
    public init(
        name: String, fields: [String], method: IndexMethod = .btree, include: [String] = [],
        where condition: SchemaExpression? = nil, operatorClasses: [String] = [], settings: [String: String] = [:]
    ) {
        let terms = fields.enumerated().map { position, field in
            let isDescending = field.hasPrefix("-")
            return IndexTerm(
                .field(isDescending ? String(field.dropFirst()) : field), descending: isDescending,
                operatorClass: operatorClasses.indices.contains(position) ? operatorClasses[position] : nil)
        }
        self.init(
            name: name, terms: terms, method: method, include: include, where: condition, settings: settings)
    }

    /// Makes an index over expressions.
    public init(
        name: String, terms: [IndexTerm], method: IndexMethod = .btree, include: [String] = [],
        where condition: SchemaExpression? = nil, settings: [String: String] = [:]
    ) {
        self.name = name
        self.terms = terms
        self.method = method
        self.include = include
        self.condition = condition
        self.settings = settings
    }

    /// The names of the fields it needs, in the order of their first mention.
    public var fields: [String] {
        var names: [String] = []
        for name in terms.flatMap(\.expression.fields) + include + (condition?.fields ?? [])
        where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// The same index with other names of fields.
    public func mapFields(_ name: (String) -> String) -> IndexSchema {
        var copy = self
        copy.terms = terms.map { $0.mapFields(name) }
        copy.include = include.map(name)
        copy.condition = condition?.mapFields(name)
        return copy
    }
}

/// One term of an index or of a unique constraint.
public struct IndexTerm: Sendable, Hashable {
    /// What is indexed.
    public var expression: SchemaExpression

    /// Whether the largest comes first.
    public var isDescending: Bool

    /// Whether nulls come first or last, where that differs from the database's own way.
    public var nulls: NullsPosition?

    /// PostgreSQL's operator class, such as `gin_trgm_ops`.
    public var operatorClass: String?

    /// Makes a term.
    public init(
        _ expression: SchemaExpression, descending: Bool = false, nulls: NullsPosition? = nil,
        operatorClass: String? = nil
    ) {
        self.expression = expression
        isDescending = descending
        self.nulls = nulls
        self.operatorClass = operatorClass
    }

    func mapFields(_ name: (String) -> String) -> IndexTerm {
        var copy = self
        copy.expression = expression.mapFields(name)
        return copy
    }
}

/// How an index works inside.
///
/// Source: [PostgreSQL, Index Types](https://www.postgresql.org/docs/current/indexes-types.html).
public struct IndexMethod: Sendable, Hashable, RawRepresentable {
    /// PostgreSQL's name of the method.
    public let rawValue: String

    /// A method of an extension.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// For equality, order and the beginnings of texts; what every database has.
    public static let btree = IndexMethod(rawValue: "btree")
    /// For equality alone.
    public static let hash = IndexMethod(rawValue: "hash")
    /// For values with parts: arrays, JSON, text search.
    public static let gin = IndexMethod(rawValue: "gin")
    /// For ranges, geometry, nearest neighbours.
    public static let gist = IndexMethod(rawValue: "gist")
    /// For unbalanced trees, such as prefixes.
    public static let spgist = IndexMethod(rawValue: "spgist")
    /// For very large tables whose rows lie in the order of the values.
    public static let brin = IndexMethod(rawValue: "brin")
    /// For equality of any of many columns; needs the extension `bloom`.
    public static let bloom = IndexMethod(rawValue: "bloom")
}
