/// Fields that are indexed, or unique, together.
public struct Index<M: Model>: Sendable {
    let keyPaths: [any PartialKeyPath<M> & Sendable]
    private let name: String?

    /// An index over fields, in order.
    ///
    /// - Parameter name: The index's name; Django's unless told.
    public static func index(_ fields: any PartialKeyPath<M> & Sendable..., name: String? = nil) -> Index {
        Index(keyPaths: fields, name: name)
    }

    /// Fields whose values together are unique.
    public static func fields(_ fields: any PartialKeyPath<M> & Sendable...) -> Index {
        Index(keyPaths: fields, name: nil)
    }

    func names(in fields: [AnyKeyPath: Field<M>]) -> [String] {
        keyPaths.map { fields[$0]?.name ?? Field<M>.propertyName($0) }
    }

    func schema(table: String, fields: [AnyKeyPath: Field<M>]) -> IndexSchema {
        let columns = keyPaths.map { fields[$0]?.schema?.column ?? Field<M>.propertyName($0) }
        return IndexSchema(
            name: name ?? ConstraintName.index(table: table, columns: columns), fields: names(in: fields))
    }
}

/// One term of a table's own order.
public struct Ordering<M: Model>: Sendable {
    let keyPath: any PartialKeyPath<M> & Sendable
    private let isDescending: Bool

    /// Smallest first.
    public static func ascending(_ field: any PartialKeyPath<M> & Sendable) -> Ordering {
        Ordering(keyPath: field, isDescending: false)
    }

    /// Largest first.
    public static func descending(_ field: any PartialKeyPath<M> & Sendable) -> Ordering {
        Ordering(keyPath: field, isDescending: true)
    }

    func term(fields: [AnyKeyPath: Field<M>]) -> OrderTerm? {
        fields[keyPath]?.schema.map {
            OrderTerm(expression: .column(ColumnPath([], $0)), isDescending: isDescending, nulls: nil)
        }
    }
}
