extension SQLCompiler {
    /// A query inside another, whose `outer(…)` is the one around it.
    mutating func subquery(
        _ query: SelectQuery, _ selected: Selected, in scope: inout Scope
    ) throws(ORMError) -> String {
        var inner = makeInnerScope(query.table)
        inner.outer = outerScopes.count
        outerScopes.append(scope)
        outerColumns.append([])
        let sql = try nested(query, selected, in: inner)
        scope = outerScopes.removeLast()
        // PostgreSQL wants them in the groups, as if they stood outside.
        let named = outerColumns.removeLast()
        bareColumns?.append(contentsOf: named)
        return sql
    }

    /// A query that is only a way to write the one around it, with the same `outer(…)`.
    mutating func sameSubquery(
        _ query: SelectQuery, _ selected: Selected, in scope: Scope
    ) throws(ORMError) -> String {
        var inner = makeInnerScope(query.table)
        inner.outer = scope.outer
        return try nested(query, selected, in: inner)
    }

    private mutating func nested(
        _ query: SelectQuery, _ selected: Selected, in scope: Scope
    ) throws(ORMError) -> String {
        var query = query
        query.selectRelated = []
        // Order and uniqueness of a subquery matter only where they decide which rows a limit keeps.
        if !query.isSliced, query.distinctOn.isEmpty {
            query.orders = []
            query.usesTableOrdering = false
            query.isDistinct = false
        }
        let around = (columns: bareColumns, isInsideAggregate: isInsideAggregate)
        (bareColumns, isInsideAggregate) = (nil, false)
        let sql = try select(query, selected, in: scope, exactly: true)
        (bareColumns, isInsideAggregate) = around
        return sql
    }

    /// Joins the rows among which a query chooses.
    mutating func join(_ source: RowSource, in scope: inout Scope) throws(ORMError) {
        let alias = nextAlias("S")
        let rows = try sql(source, in: scope)
        let key = column(scope.table.primaryKey.column, of: scope.alias)
        scope.joinSQL += " INNER JOIN (\(rows)) \(dialect.quoted(alias)) ON (\(dialect.quoted(alias)).k = \(key))"
        if !source.annotationNames.isEmpty { scope.annotationAlias = alias }
    }

    private mutating func sql(_ source: RowSource, in scope: Scope) throws(ORMError) -> String {
        switch source {
        case .query(let query): return try keys(query, in: scope)
        case .combination(let combination, let queries):
            var members: [String] = []
            for var query in queries {
                query.annotations = []
                let rows = try keys(query, in: scope)
                // SQLite takes neither an order nor a limit inside a compound, and no parentheses around its parts.
                members.append(
                    query.isSliced || !query.distinctOn.isEmpty ? "SELECT * FROM (\(rows)) AS \(nextAlias("S"))" : rows)
            }
            return members.joined(separator: " \(combination.rawValue) ")
        }
    }

    /// The keys of a query's rows; each once where the query says so.
    private mutating func keys(_ query: SelectQuery, in scope: Scope) throws(ORMError) -> String {
        var query = query
        query.selectRelated = []
        if !query.isSliced, query.distinctOn.isEmpty {
            query.orders = []
            query.usesTableOrdering = false
        }
        var inner = makeInnerScope(query.table)
        inner.outer = scope.outer
        let around = (columns: bareColumns, isInsideAggregate: isInsideAggregate)
        (bareColumns, isInsideAggregate) = (nil, false)
        let sql = try select(query, .keys, in: inner, exactly: true)
        (bareColumns, isInsideAggregate) = around
        return sql
    }

    // MARK: Expressions

    /// An expression that is made from other rows than the one it stands in.
    mutating func computed(_ expression: SQLExpression, in scope: inout Scope) throws(ORMError) -> String {
        guard scope.isNegated else { return try plainComputed(expression, in: &scope) }
        scope.isNegated = false
        defer { scope.isNegated = true }
        let sql = try plainComputed(expression, in: &scope)
        return expression.mayBeNull || !expression.isCondition ? "(\(sql)) IS NOT TRUE" : "NOT (\(sql))"
    }

    private mutating func plainComputed(
        _ expression: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String {
        switch expression {
        case .aggregate(let call):
            return try aggregate(call, in: &scope)
        case .window(let call):
            return try window(call, in: &scope)
        case .subquery(let query, let selected):
            return "(\(try subquery(query, .expressions([selected]), in: &scope)))"
        case .exists(let query):
            return "EXISTS (\(try subquery(query, .existence(of: query), in: &scope)))"
        case .outer(let inner):
            return try outer(inner, in: scope)
        case .annotated(let index, let inner):
            guard let alias = scope.annotationAlias else { return try annotationSQL(index, inner, in: &scope) }
            let text = column("a\(index)", of: alias)
            if bareColumns != nil { bareColumns?.append(text) }
            return text
        case .invalid(let problem):
            throw .invalidQuery(problem)
        default:
            return try sql(expression, in: &scope)
        }
    }

    /// An annotation, which is one value of a row: what a filter has compared is what is returned and what orders the
    /// rows, also where a later filter joins the same relation once more.
    mutating func annotation(
        _ index: Int, _ expression: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> Item {
        // What an aggregate makes of it is another expression.
        guard !scope.joinsAggregates, !isInsideAggregate else { return try item(expression, in: &scope) }
        if let known = scope.annotations[index] { return known }
        let item = try item(expression, in: &scope)
        scope.annotations[index] = item
        return item
    }

    /// The SQL of an annotation in another expression.
    mutating func annotationSQL(
        _ index: Int, _ expression: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String {
        let item = try annotation(index, expression, in: &scope)
        seen.formUnion(item.parts)
        bareColumns?.append(contentsOf: item.columns)
        return item.sql
    }

    /// An expression of the query around.
    private mutating func outer(_ inner: SQLExpression, in scope: Scope) throws(ORMError) -> String {
        guard let index = scope.outer, outerScopes.indices.contains(index) else {
            throw .invalidQuery(
                "outer(…) names a column of the query around, and there is none. Use the query as a condition or a "
                    + "value of another: `.exists(query)`, `query.subquery { … }`, `in(query) { … }`.")
        }
        let columns = bareColumns
        bareColumns = []
        var around = outerScopes[index]
        let (negated, known) = (around.isNegated, around.annotations)
        around.isNegated = false
        let sql = try sql(inner, in: &around)
        // The values that an annotation binds here may be taken back when the inner query is compiled once more.
        (around.isNegated, around.annotations) = (negated, known)
        outerScopes[index] = around
        outerColumns[index] += bareColumns ?? []
        bareColumns = columns
        return sql
    }
}
