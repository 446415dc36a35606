/// An expression as a tree, without types; only the typed layer above makes them.
///
/// What most leaves are stands in the tree itself; all else is a node of its own in memory.
package enum SQLExpression: Sendable {
    case column(ColumnPath)
    case value(SQLValue)
    indirect case comparison(Comparison, SQLExpression, SQLExpression)
    indirect case arithmetic(Arithmetic, SQLExpression, SQLExpression)
    indirect case and(SQLExpression, SQLExpression)
    indirect case or(SQLExpression, SQLExpression)
    indirect case not(SQLExpression)
    indirect case isNull(SQLExpression)
    indirect case inList(SQLExpression, [SQLValue])
    indirect case inQuery(SQLExpression, SelectQuery, selecting: SQLExpression)
    /// The far end of a many-to-many relation of one row.
    indirect case inThrough(SQLExpression, Relation.Link, key: SQLValue)
    indirect case text(TextTest, SQLExpression, String)
    indirect case datePart(DatePart, SQLExpression)
    indirect case call(SQLFunction, [SQLExpression])
    /// How many rows are at the other end of the path.
    indirect case count([Relation])
    indirect case aggregate(AggregateCall)
    indirect case window(WindowCall)
    /// One value of another query.
    indirect case subquery(SelectQuery, selecting: SQLExpression)
    /// Whether another query has a row.
    indirect case exists(SelectQuery)
    /// An expression of the query around the one it stands in.
    indirect case outer(SQLExpression)
    /// An expression that the query returns beside its rows, and its place among those.
    indirect case annotated(Int, SQLExpression)
    /// What cannot be: an error when the query is compiled.
    indirect case invalid(String)
    /// A property that the table does not describe: an error when the query is compiled.
    indirect case unknown(model: String, property: String)
    /// What a document of JSON holds at a path.
    indirect case json(JSONReading, SQLExpression, [JSONStep])
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

    /// The table whose own column this is, the same in every query; `nil` for one that was made for a query alone.
    let table: String?

    /// The column with its table before it, as it stands in SQL wherever that table has no other name.
    let qualified: String

    /// - Parameter table: The table's name, for a column that its description makes.
    init(_ schema: FieldSchema, of table: String? = nil) {
        self.schema = schema
        self.table = table
        qualified = table.map { SQLIdentifier.quoted($0, schema.column) } ?? ""
    }

    /// Whether it is a table's own.
    var isShared: Bool { table != nil }
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
public enum NullsPosition: String, Sendable, Hashable {
    /// Before everything else.
    case first
    /// After everything else.
    case last
}
