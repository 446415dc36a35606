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

    /// The column at the end; shared, since many expressions hold it.
    package let column: Column

    /// What the table says of the column.
    package var field: FieldSchema { column.schema }

    package init(_ relations: [Relation], _ field: FieldSchema) {
        self.init(relations, Column(field))
    }

    init(_ relations: [Relation], _ column: Column) {
        self.relations = relations
        self.column = column
    }
}

/// A column of a table, without the table.
package final class Column: Sendable {
    /// What the table says of it.
    package let schema: FieldSchema

    /// Whether it is a table's own and the same in every query.
    let isShared: Bool

    init(_ schema: FieldSchema, isShared: Bool = false) {
        self.schema = schema
        self.isShared = isShared
    }
}

extension SQLExpression {
    /// The same column at the end of relations.
    func reached(over relations: [Relation]) -> SQLExpression {
        guard case .column(let path) = self else { return self }
        return .column(ColumnPath(relations, path.column))
    }
}

/// One term of an order.
package struct OrderTerm: Sendable {
    package var expression: SQLExpression
    package var isDescending: Bool
    package var nulls: NullsPosition?
}

/// Where nulls stand in an order.
package enum NullsPosition: Sendable {
    case first
    case last
}
