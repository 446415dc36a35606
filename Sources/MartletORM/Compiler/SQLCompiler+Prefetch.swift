extension SQLCompiler {
    /// `SELECT` of the rows at the other end of a relation for many rows at once.
    ///
    /// The first column is the key of the row they belong to; the target's columns follow, and then those of the rows
    /// that are read with it.
    ///
    /// - Parameters:
    ///   - query: Which rows, in which order; a limit is one for each key.
    ///   - key: The column that says to which row one belongs.
    package static func prefetch(
        _ query: SelectQuery, key: SQLExpression, in keys: [SQLValue], _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var query = query
        query.conditions.insert(.inList(key, keys), at: 0)
        if query.effectiveOrders.isEmpty {
            let primaryKey = SQLExpression.column(ColumnPath([], query.table.primaryKey))
            query.orders = [OrderTerm(expression: primaryKey, isDescending: false, nulls: nil)]
        }
        var compiler = SQLCompiler(dialect)
        guard query.isSliced else {
            let rows = Selected.columns { compiler, scope throws(ORMError) in
                try compiler.prefetched(query, key, in: &scope)
            }
            let sql = try compiler.select(query, rows, in: compiler.makeScope(query.table))
            return try compiler.statement(sql)
        }
        return try compiler.numbered(query, key)
    }

    private mutating func prefetched(
        _ query: SelectQuery, _ key: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> [String] {
        var columns = [try sql(key, in: &scope)] + self.columns(of: query.table, as: scope.alias)
        for path in query.selectRelated {
            let (alias, table) = try join(path, in: &scope)
            columns += self.columns(of: table, as: alias)
        }
        return columns
    }

    /// The rows of each key are numbered in their order, and the wanted numbers kept.
    private mutating func numbered(_ query: SelectQuery, _ key: SQLExpression) throws(ORMError) -> Statement {
        guard !query.isDistinct else {
            throw .invalidQuery(
                "A prefetch cannot number distinct rows. Leave out distinct(), or the limit, of the query it uses.")
        }
        var inner = query
        inner.limit = nil
        inner.offset = 0
        inner.orders = []
        inner.usesTableOrdering = false
        let numbered = Selected.columns { compiler, scope throws(ORMError) in
            let columns = try compiler.prefetched(query, key, in: &scope)
            let order = try compiler.orderClause(query, in: &scope)
            let named = columns.enumerated().map { "\($1) AS c\($0)" }
            return named + ["ROW_NUMBER() OVER (PARTITION BY \(columns[0])\(order)) AS n"]
        }
        let rows = try select(inner, numbered, in: makeScope(query.table))
        let names = (0..<1 + query.rowWidth).map { "c\($0)" }.joined(separator: ", ")
        var sql = "SELECT \(names) FROM (\(rows)) AS numbered WHERE n > \(bind(.integer(Int64(query.offset))))"
        if let limit = query.limit {
            let (last, overflows) = query.offset.addingReportingOverflow(limit)
            sql += " AND n <= \(bind(.integer(Int64(overflows ? .max : last))))"
        }
        return try statement(sql + " ORDER BY n")
    }
}
