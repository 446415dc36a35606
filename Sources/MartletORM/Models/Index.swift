/// An index of a table: columns or expressions that the database keeps sorted.
///
/// ```swift
/// indexes: [
///     .index(\.status, \.publishedOn),
///     .index { ($0.status, $0.publishedOn.descending) },
///     .index(\.slug, where: { $0.status == .published }),
///     .gin(\.tags),
/// ]
/// ```
///
/// Source: [Django, model index reference](https://docs.djangoproject.com/en/5.2/ref/models/indexes/).
public struct Index<M: Model>: Sendable {
    let keyPaths: [any PartialKeyPath<M> & Sendable]
    private let name: String?
    private var terms: (@Sendable (TableColumns<M>) -> [any IndexTermConvertible])?
    private var method = IndexMethod.btree
    private var include: [any PartialKeyPath<M> & Sendable] = []
    private var condition: (@Sendable (TableColumns<M>) -> Condition)?
    private var operatorClasses: [String] = []
    private var settings: [String: String] = [:]

    private init(_ keyPaths: [any PartialKeyPath<M> & Sendable], name: String?) {
        self.keyPaths = keyPaths
        self.name = name
    }

    /// An index over fields, in order.
    ///
    /// - Parameters:
    ///   - name: The index's name; Django's unless told.
    ///   - include: Fields whose values the index holds besides, so that a query need not look into the table.
    ///   - condition: The rows that are indexed.
    ///   - method: How the index works inside; SQLite knows one way only.
    ///   - operatorClasses: PostgreSQL's operator class of each field, such as `text_pattern_ops`.
    ///   - settings: Settings of the method, such as `["fastupdate": "off"]`; PostgreSQL only.
    public static func index(
        _ fields: any PartialKeyPath<M> & Sendable..., name: String? = nil,
        include: [any PartialKeyPath<M> & Sendable] = [],
        where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil, using method: IndexMethod = .btree,
        operatorClasses: [String] = [], settings: [String: String] = [:]
    ) -> Index {
        make(fields, name, method, include, condition, operatorClasses, settings)
    }

    /// An index over expressions, each in its own order.
    ///
    /// - Parameter terms: One expression or several: `{ ($0.lastName.lower(), $0.createdAt.descending) }`.
    public static func index<each Term: IndexTermConvertible>(
        name: String? = nil, include: [any PartialKeyPath<M> & Sendable] = [],
        where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil, using method: IndexMethod = .btree,
        settings: [String: String] = [:], _ terms: @escaping @Sendable (TableColumns<M>) -> (repeat each Term)
    ) -> Index {
        var index = make([], name, method, include, condition, [], settings)
        index.terms = { columns in
            var list: [any IndexTermConvertible] = []
            for term in repeat each terms(columns) { list.append(term) }
            return list
        }
        return index
    }

    /// A GIN index, for arrays, JSON and text search; PostgreSQL only.
    public static func gin(
        _ fields: any PartialKeyPath<M> & Sendable..., name: String? = nil, operatorClasses: [String] = [],
        where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil, settings: [String: String] = [:]
    ) -> Index {
        make(fields, name, .gin, [], condition, operatorClasses, settings)
    }

    /// A GiST index, for ranges and nearest neighbours; PostgreSQL only.
    public static func gist(
        _ fields: any PartialKeyPath<M> & Sendable..., name: String? = nil, operatorClasses: [String] = [],
        where condition: (@Sendable (TableColumns<M>) -> Condition)? = nil, settings: [String: String] = [:]
    ) -> Index {
        make(fields, name, .gist, [], condition, operatorClasses, settings)
    }

    /// A BRIN index, for very large tables whose rows lie in the order of the values; elsewhere a usual one.
    public static func brin(
        _ fields: any PartialKeyPath<M> & Sendable..., name: String? = nil, settings: [String: String] = [:]
    ) -> Index {
        make(fields, name, .brin, [], nil, [], settings)
    }

    /// A hash index, for equality alone; elsewhere a usual one.
    public static func hash(_ field: any PartialKeyPath<M> & Sendable, name: String? = nil) -> Index {
        make([field], name, .hash, [], nil, [], [:])
    }

    /// Fields whose values together are unique.
    public static func fields(_ fields: any PartialKeyPath<M> & Sendable...) -> Index {
        Index(fields, name: nil)
    }

    private static func make(
        _ fields: [any PartialKeyPath<M> & Sendable], _ name: String?, _ method: IndexMethod,
        _ include: [any PartialKeyPath<M> & Sendable], _ condition: (@Sendable (TableColumns<M>) -> Condition)?,
        _ operatorClasses: [String], _ settings: [String: String]
    ) -> Index {
        var index = Index(fields, name: name)
        index.method = method
        index.include = include
        index.condition = condition
        index.operatorClasses = operatorClasses
        index.settings = settings
        return index
    }
}

extension Index {
    func names(in freezer: inout TableFreezer<M>) -> [String] {
        freezer.names(keyPaths, of: "A group of uniqueTogether")
    }

    func schema(table: String, in freezer: inout TableFreezer<M>) -> IndexSchema {
        let place = "An index"
        var indexTerms = freezer.names(keyPaths, of: place).map { IndexTerm(.field($0)) }
        if let terms { indexTerms = freezer.freeze(terms(freezer.columns), of: place) }
        for (position, name) in operatorClasses.enumerated() where indexTerms.indices.contains(position) {
            indexTerms[position].operatorClass = freezer.checked(name, of: place)
        }
        for (setting, value) in settings {
            _ = freezer.checked(setting, of: place)
            if !value.isPlainSetting { freezer.report("\(place) has the setting '\(value)', which is no value.") }
        }
        _ = freezer.checked(method.rawValue, of: place)
        if indexTerms.isEmpty { freezer.report("An index has no fields. Name some, or leave it out.") }
        var schema = IndexSchema(
            name: "", terms: indexTerms, method: method, include: freezer.names(include, of: place),
            where: freezer.freeze(condition, of: place), settings: settings)
        schema.name = name ?? ConstraintName.index(schema, table: table) { freezer.column(of: $0) }
        return schema
    }
}

extension TableFreezer {
    /// The column of a field; its own name while there is none.
    func column(of name: String) -> String {
        columns.fields.values.first { $0.name == name }?.schema?.column ?? name
    }
}

extension String {
    /// Whether it is a value of a storage parameter: a word or a number.
    fileprivate var isPlainSetting: Bool {
        !isEmpty && utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x2D...0x39).contains($0) || $0 == 0x5F }
    }
}
