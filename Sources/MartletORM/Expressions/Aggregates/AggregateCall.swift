/// A call of an aggregate: one value from many rows.
package struct AggregateCall: Sendable {
    package let function: AggregateFunction
    package var arguments: [SQLExpression]
    package var isDistinct = false
    /// Which rows count.
    package var filter: SQLExpression?
    /// The order of the rows, where it matters.
    package var orders: [OrderTerm] = []
    /// What it is when there are no rows.
    package var fallback: SQLValue?

    package init(
        _ function: AggregateFunction, _ arguments: [SQLExpression], isDistinct: Bool = false,
        filter: SQLExpression? = nil, orders: [OrderTerm] = [], fallback: SQLValue? = nil
    ) {
        self.function = function
        self.arguments = arguments
        self.isDistinct = isDistinct
        self.filter = filter
        self.orders = orders
        self.fallback = fallback
    }

    /// Whether it is null when there are no rows.
    var mayBeNull: Bool { function != .count && fallback?.isNull ?? true }

    /// The relations to its first column that lies behind one to many.
    var multipleRelations: [Relation]? {
        func relations(_ expression: SQLExpression) -> [Relation]? {
            expression.columnPaths.first { $0.relations.contains(where: \.isMultiple) }?.relations
        }
        for argument in arguments { if let found = relations(argument) { return found } }
        if let filter, let found = relations(filter) { return found }
        for order in orders { if let found = relations(order.expression) { return found } }
        return nil
    }
}

/// An aggregate by its name in Martlet. What the name says of a type decides which the result has in SQL.
package struct AggregateFunction: Sendable, Hashable {
    package let name: String
    /// Whether the name is that of a function in SQL that Martlet knows nothing of.
    let isForeign: Bool

    package init(_ name: String) { self.init(name, isForeign: false) }

    init(_ name: String, isForeign: Bool) {
        self.name = name
        self.isForeign = isForeign
    }

    package static let count = Self("COUNT")
    package static let minimum = Self("MIN")
    package static let maximum = Self("MAX")
    package static let anyValue = Self("ANY_VALUE")
    package static let text = Self("STRING_AGG")
    package static let list = Self("JSON_AGG")
    package static let every = Self("BOOL_AND")
    package static let some = Self("BOOL_OR")
}
