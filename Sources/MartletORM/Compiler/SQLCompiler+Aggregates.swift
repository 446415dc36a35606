extension SQLCompiler {
    /// Why an update cannot set a column from an aggregate of the rows it changes.
    static let noSetOfRows =
        "An update sets each row by itself, and an aggregate or window function needs a set of rows. "
        + "Take it from another query: `query.subquery { $0.views.sum() }`."

    /// `SELECT` of aggregates of all rows of a query: one row.
    ///
    /// Aggregates over different relations to many do not multiply each other's rows: each of them is then taken by
    /// itself, in the same statement.
    package static func aggregate(
        _ expressions: [SQLExpression], of query: SelectQuery, _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var set = query
        set.selectRelated = []
        if !query.isSliced, query.distinctOn.isEmpty {
            set.orders = []
            set.usesTableOrdering = false
        }
        // Rows that annotations repeat are aggregated as often as they are returned.
        let repeatsRows = query.annotations.contains(where: \.crossesMultiple)
        var isChoice = query.isSliced || query.isDistinct || !query.distinctOn.isEmpty || repeatsRows
        if !isChoice { isChoice = try isComputed(set, dialect) }
        if isChoice {
            set = SelectQuery(query.table, choosingFrom: .query(set))
        }
        set.annotations = []
        var compiler = SQLCompiler(dialect)
        let sql = try compiler.select(set, .aggregates(expressions), in: compiler.makeScope(query.table))
        guard compiler.aggregatedRelations.count > 1 else { return try compiler.statement(sql) }
        return try separately(expressions, of: set, compiler.aggregatedRelations.contains([]), dialect)
    }

    private static func separately(
        _ expressions: [SQLExpression], of set: SelectQuery, _ hasOwn: Bool, _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        compiler.wholeSet = set
        var scope = compiler.makeScope(set.table)
        guard !hasOwn else {
            let sql = try compiler.select(set, .aggregates(expressions), in: scope)
            return try compiler.statement(sql)
        }
        scope.joinsAggregates = true
        var list: [String] = []
        for expression in expressions { list.append(try compiler.sql(expression, in: &scope)) }
        return try compiler.statement("SELECT " + list.joined(separator: ", "))
    }

    /// An aggregate: of the rows of a group, of a whole set, or of the rows that belong to each row.
    mutating func aggregate(_ call: AggregateCall, in scope: inout Scope) throws(ORMError) -> String {
        if let relations = call.multipleRelations {
            guard scope.joinsAggregates else { return try related(call, along: relations, in: &scope) }
            if let set = wholeSet {
                seen.insert(.wholeSet)
                wholeSet = nil
                defer { wholeSet = set }
                return "(\(try sameSubquery(set, .aggregates([.aggregate(call)]), in: scope)))"
            }
        }
        guard !isInsideAggregate else {
            throw .invalidQuery(
                "An aggregate of an aggregate needs two steps. Annotate the rows with the inner one, and call "
                    + "aggregate with the outer one on that.")
        }
        seen.insert(.aggregate)
        if scope.joinsAggregates {
            aggregatedRelations.insert(call.multipleRelations?.map(ObjectIdentifier.init) ?? [])
        }
        return try text(call, in: &scope)
    }

    /// The call with its arguments.
    ///
    /// - Parameter over: The rows around each row, where it is used as a window function.
    mutating func text(
        _ call: AggregateCall, over window: String? = nil, in scope: inout Scope
    ) throws(ORMError) -> String {
        let columns = bareColumns
        let around = (isInsideAggregate, scope.joinsAggregates, scope.negatesInPlace)
        (scope.joinsAggregates, scope.negatesInPlace) = (false, true)
        // A window function looks at groups where there are any, so its arguments are columns or aggregates of those.
        if window == nil { (bareColumns, isInsideAggregate) = (nil, true) }
        var arguments: [String] = []
        for argument in call.arguments { arguments.append(try sql(argument, in: &scope)) }
        var filter: String?
        if let condition = call.filter { filter = try sql(condition, in: &scope) }
        let orders = try terms(call.orders, in: &scope)
        (isInsideAggregate, scope.joinsAggregates, scope.negatesInPlace) = around
        if window == nil { bareColumns = columns }
        let text = AggregateText(
            name: call.function.name, arguments: arguments, isDistinct: call.isDistinct,
            order: orders.map { AggregateText.Term(sql: $0.sql, direction: $0.direction) }, filter: filter, over: window
        )
        let name = call.function.name
        let sql = call.function.isForeign ? text.written(name) : dialect.aggregate(text) ?? text.standard(name)
        guard let fallback = call.fallback else { return sql }
        return "COALESCE(\(sql), \(bind(fallback)))"
    }

    /// `(SELECT SUM(review.stars) FROM review WHERE review.book_id = book.id)`: what the rows of a relation come to.
    ///
    /// Relations to one row are joined outside; from the first relation to many on, everything is inside, so that
    /// aggregates over several relations never multiply each other's rows.
    private mutating func related(
        _ call: AggregateCall, along path: [Relation], in scope: inout Scope
    ) throws(ORMError) -> String {
        let prefix = Array(path.prefix { !$0.isMultiple })
        let (alias, table) = try join(prefix, in: &scope)
        let relation = path[prefix.count]
        let target = relation.target
        try target.validate()
        var inner = Scope(table: scope.table, alias: scope.alias)
        inner.outer = scope.outer
        inner.annotationAlias = scope.annotationAlias
        inner.keepJoins(along: prefix, of: scope)
        let name = nextAlias("U")
        inner.joins[.init(parent: alias, relation: ObjectIdentifier(relation), group: 0)] = (name, false)
        var from = "\(dialect.quoted(target.name)) \(dialect.quoted(name))"
        let here: String
        switch try Self.link(of: relation, in: table) {
        case .reverse(let column), .forward(let column):
            here = self.column(column, of: name)
        case .through(let through, let source, let there):
            let middle = nextAlias("U")
            from =
                "\(dialect.quoted(through)) \(dialect.quoted(middle)) INNER JOIN \(from)"
                + " ON (\(column(there, of: middle)) = \(column(target.primaryKey.column, of: name)))"
            here = column(source, of: middle)
        }
        let around = (seen, bareColumns)
        let text = try text(call, in: &inner)
        (seen, bareColumns) = around
        let key = column(table.primaryKey.column, of: alias)
        bareColumns?.append(key)
        return "(SELECT \(text) FROM \(from)\(inner.joinSQL) WHERE \(here) = \(key))"
    }
}

extension SQLCompiler.Scope {
    /// Takes over the joins along a path of relations to one row.
    fileprivate mutating func keepJoins(along path: [Relation], of scope: Self) {
        var parent = scope.alias
        for relation in path {
            let key = JoinKey(parent: parent, relation: ObjectIdentifier(relation), group: 0)
            guard let joined = scope.joins[key] else { return }
            joins[key] = joined
            parent = joined.alias
        }
    }
}
