/// An expression as a tree, without types; only the typed layer above makes them.
package indirect enum SQLExpression: Sendable {
    case column(ColumnPath)
    case value(SQLValue)
    case comparison(Comparison, SQLExpression, SQLExpression)
    case arithmetic(Arithmetic, SQLExpression, SQLExpression)
    case and(SQLExpression, SQLExpression)
    case or(SQLExpression, SQLExpression)
    case not(SQLExpression)
    case isNull(SQLExpression)
    case inList(SQLExpression, [SQLValue])
    case inQuery(SQLExpression, SelectQuery, selecting: SQLExpression)
    /// The far end of a many-to-many relation of one row.
    case inThrough(SQLExpression, Relation.Link, key: SQLValue)
    case text(TextTest, SQLExpression, String)
    case datePart(DatePart, SQLExpression)
    case call(SQLFunction, [SQLExpression])
    /// How many rows are at the other end of the path.
    case count([Relation])
    case aggregate(AggregateCall)
    case window(WindowCall)
    /// One value of another query.
    case subquery(SelectQuery, selecting: SQLExpression)
    /// Whether another query has a row.
    case exists(SelectQuery)
    /// An expression of the query around the one it stands in.
    case outer(SQLExpression)
    /// An expression that the query returns beside its rows, and its place among those.
    case annotated(Int, SQLExpression)
    /// What cannot be: an error when the query is compiled.
    case invalid(String)
    /// A property that the table does not describe: an error when the query is compiled.
    case unknown(model: String, property: String)
}

/// The comparisons that every database has.
package enum Comparison: String, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
}

/// The arithmetic that every database has.
package enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
}

/// A column, reached from the query's table over relations.
package struct ColumnPath: Sendable {
    /// The relations, in order; empty for a column of the query's own table.
    package let relations: [Relation]

    /// The column at the end.
    package let field: FieldSchema

    package init(_ relations: [Relation], _ field: FieldSchema) {
        self.relations = relations
        self.field = field
    }
}

/// One term of an order.
package struct OrderTerm: Sendable {
    package var expression: SQLExpression
    package var isDescending: Bool
    package var nulls: NullsPosition?

    /// What stands behind the expression in SQL.
    var direction: String {
        let direction = isDescending ? " DESC" : " ASC"
        return switch nulls {
        case .first: direction + " NULLS FIRST"
        case .last: direction + " NULLS LAST"
        case nil: direction
        }
    }
}

/// Where nulls stand in an order.
package enum NullsPosition: Sendable {
    case first
    case last
}
