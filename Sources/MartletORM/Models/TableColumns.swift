/// The columns that constraints, indexes and generated columns of a table see: those of one row.
///
/// A relation is the column that holds its key. The table is still being described, so there is no way from here to
/// another one.
@dynamicMemberLookup
public struct TableColumns<M: Model> {
    let fields: [AnyKeyPath: Field<M>]

    /// A column.
    public subscript<V: FieldValue>(dynamicMember keyPath: KeyPath<M, V>) -> Expr<V> { Expr(column(keyPath)) }

    /// The key that a reference holds.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>>) -> Expr<To.ID> {
        Expr(column(keyPath))
    }

    /// The key that an optional reference holds.
    public subscript<To: Model>(dynamicMember keyPath: KeyPath<M, ForeignKey<To>?>) -> Expr<To.ID?> {
        Expr(column(keyPath))
    }

    private func column(_ keyPath: AnyKeyPath) -> SQLExpression {
        guard let schema = fields[keyPath]?.schema, schema.kind.hasColumn else {
            return .unknown(model: "\(M.self)", property: Field<M>.propertyName(keyPath))
        }
        return .column(ColumnPath([], schema))
    }
}

/// What stands in an index: an expression, or one with an order.
public protocol IndexTermConvertible: SendableMetatype {
    /// The expression with its order, as a query would have it.
    var indexOrder: Order { get }

    /// PostgreSQL's operator class.
    var operatorClass: String? { get }
}

extension IndexTermConvertible {
    /// The type's own.
    public var operatorClass: String? { nil }
}

extension Expr: IndexTermConvertible {
    /// Smallest first.
    public var indexOrder: Order { ascending }

    /// The expression under one of PostgreSQL's operator classes, such as `gin_trgm_ops`.
    public func operatorClass(_ name: String) -> ClassifiedTerm { ClassifiedTerm(indexOrder: ascending, name) }
}

extension Order: IndexTermConvertible {
    /// The order itself.
    public var indexOrder: Order { self }

    /// The order under one of PostgreSQL's operator classes, such as `text_pattern_ops`.
    public func operatorClass(_ name: String) -> ClassifiedTerm { ClassifiedTerm(indexOrder: self, name) }
}

/// A term of an index under one of PostgreSQL's operator classes.
public struct ClassifiedTerm: IndexTermConvertible {
    /// The expression and its order.
    public let indexOrder: Order

    /// The operator class.
    public let operatorClass: String?

    init(indexOrder: Order, _ name: String) {
        self.indexOrder = indexOrder
        operatorClass = name
    }
}
