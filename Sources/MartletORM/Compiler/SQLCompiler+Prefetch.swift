extension SQLCompiler {
    /// `SELECT` of the rows at the other end of a relation for many rows at once.
    ///
    /// The first column is the key of the row they belong to; the target's columns follow.
    package static func prefetch(
        _ relation: Relation, of table: AnyTable, keys: [SQLValue], _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        let target = relation.target
        try target.validate()
        var scope = compiler.makeScope(target)
        let key: String
        switch try link(of: relation, in: table) {
        case .forward(let column), .reverse(let column):
            key = compiler.column(column, of: target.name)
        case .through(let through, let here, let there):
            let middle = "through"
            key = compiler.column(here, of: middle)
            scope.joinSQL =
                " INNER JOIN \(dialect.quoted(through)) \(dialect.quoted(middle)) ON ("
                + "\(compiler.column(there, of: middle)) = \(compiler.column(target.primaryKey.column, of: target.name)))"
        }
        var query = SelectQuery(target)
        if target.ordering.isEmpty {
            let primaryKey = SQLExpression.column(ColumnPath([], target.primaryKey))
            query.orders = [OrderTerm(expression: primaryKey, isDescending: false, nulls: nil)]
        }
        let places = keys.map { compiler.bind($0) }.joined(separator: ", ")
        let columns = ([key] + compiler.columns(of: target, as: target.name)).joined(separator: ", ")
        let order = try compiler.orderClause(query, in: &scope)
        return Statement(
            "SELECT \(columns) FROM \(dialect.quoted(target.name))\(scope.joinSQL) WHERE \(key) IN (\(places))\(order)",
            compiler.parameters)
    }
}
