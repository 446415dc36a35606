/// Turns queries into SQL: one value, one statement.
///
/// Joins are added when a column is first reached; the same relation is joined once, but a relation to many rows is
/// joined again for each `filter`, as Django means two filters over one relation.
package struct SQLCompiler {
    let dialect: any SQLDialect
    private(set) var parameters: [SQLValue] = []
    private var aliasCount = 0

    package init(_ dialect: any SQLDialect) {
        self.dialect = dialect
    }

    /// The tables of one `SELECT` and what they are called in it.
    struct Scope {
        struct JoinKey: Hashable {
            let parent: String
            let relation: ObjectIdentifier
            let group: Int
        }

        let table: AnyTable
        let alias: String
        var joins: [JoinKey: (alias: String, isOptional: Bool)] = [:]
        var joinSQL = ""
        /// The filter being compiled; relations to many are joined once for each.
        var group = 0
        /// Whether the expression stands under a negation, where null must count as false.
        var isNegated = false

        /// Outside of filters a relation to many is joined as the last filter has joined it.
        func latestJoin(like key: JoinKey) -> (alias: String, isOptional: Bool)? {
            guard key.group == 0 else { return nil }
            let same = joins.filter { $0.key.parent == key.parent && $0.key.relation == key.relation }
            return same.max { $0.key.group < $1.key.group }?.value
        }
    }

    /// `SELECT` of all columns of the query's table and of the related rows that are read with it.
    package static func select(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        let sql = try compiler.select(query) { compiler, scope throws(ORMError) in
            var columns = compiler.columns(of: query.table, as: scope.alias)
            for path in query.selectRelated {
                let (alias, table) = try compiler.join(path, in: &scope)
                columns += compiler.columns(of: table, as: alias)
            }
            return columns.joined(separator: ", ")
        }
        return try compiler.statement(sql)
    }

    /// `SELECT` of some expressions.
    package static func select(
        _ expressions: [SQLExpression], from query: SelectQuery, _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        let sql = try compiler.select(query, expressions: expressions)
        return try compiler.statement(sql)
    }

    /// `SELECT COUNT(*)`.
    package static func count(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        var bare = query
        bare.selectRelated = []
        if query.isDistinct || query.isSliced {
            let key = SQLExpression.column(ColumnPath([], query.table.primaryKey))
            if !query.isSliced {
                bare.orders = []
                bare.usesTableOrdering = false
            }
            let rows = try compiler.select(bare, expressions: [key])
            return try compiler.statement("SELECT COUNT(*) FROM (\(rows)) AS subquery")
        }
        bare.orders = []
        bare.usesTableOrdering = false
        let sql = try compiler.select(bare) { _, _ throws(ORMError) in "COUNT(*)" }
        return try compiler.statement(sql)
    }

    /// `SELECT 1 … LIMIT 1`.
    package static func exists(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        var bare = query
        bare.selectRelated = []
        if !query.isSliced {
            bare.orders = []
            bare.usesTableOrdering = false
            bare.limit = 1
        }
        let sql = try compiler.select(bare) { _, _ throws(ORMError) in "1" }
        return try compiler.statement(sql)
    }

    /// The text with its values.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for more values than the database takes.
    func statement(_ sql: String) throws(ORMError) -> Statement {
        guard parameters.count <= dialect.maximumParameters else {
            throw .invalidQuery(
                "A query binds \(parameters.count) values; \(dialect.name) takes at most \(dialect.maximumParameters). "
                    + "Ask for the values in parts, or by a query: `in(query) { $0.id }`.")
        }
        return Statement(sql, parameters)
    }

    // MARK: The clauses

    mutating func select(_ query: SelectQuery, expressions: [SQLExpression]) throws(ORMError) -> String {
        try select(query) { compiler, scope throws(ORMError) in
            var columns: [String] = []
            for expression in expressions { columns.append(try compiler.sql(expression, in: &scope)) }
            return columns.joined(separator: ", ")
        }
    }

    private mutating func select(
        _ query: SelectQuery, columns: (inout SQLCompiler, inout Scope) throws(ORMError) -> String
    ) throws(ORMError) -> String {
        try query.table.validate()
        if let problem = query.problem { throw problem }
        var scope = makeScope(query.table)
        // The filters come first: columns and order use their joins, so that `values { $0.tags.name }` behind a filter
        // over tags returns the tags that passed it.
        let condition = try whereClause(query, in: &scope)
        var list = try columns(&self, &scope)
        let orders = try orderTerms(query, in: &scope)
        if query.isDistinct {
            // Rows that are the same can have one place only if what orders them is a part of them, as in Django.
            let selected = Set(list.split(separator: ", ").map(String.init))
            for order in orders where !selected.contains(order.sql) { list += ", \(order.sql)" }
        }
        var sql = query.isDistinct ? "SELECT DISTINCT \(list)" : "SELECT \(list)"
        sql += " FROM \(dialect.quoted(query.table.name))"
        if scope.alias != query.table.name { sql += " \(dialect.quoted(scope.alias))" }
        sql += scope.joinSQL
        sql += condition
        sql += Self.orderClause(orders)
        sql += limitClause(query)
        return sql
    }

    mutating func whereClause(_ query: SelectQuery, in scope: inout Scope) throws(ORMError) -> String {
        guard !query.conditions.isEmpty else { return "" }
        var parts: [String] = []
        for condition in query.conditions {
            scope.group += 1
            parts.append(try sql(condition, in: &scope))
        }
        scope.group = 0
        return " WHERE " + parts.joined(separator: " AND ")
    }

    mutating func orderClause(_ query: SelectQuery, in scope: inout Scope) throws(ORMError) -> String {
        Self.orderClause(try orderTerms(query, in: &scope))
    }

    private mutating func orderTerms(
        _ query: SelectQuery, in scope: inout Scope
    ) throws(ORMError) -> [(sql: String, direction: String)] {
        var terms: [(sql: String, direction: String)] = []
        for order in query.effectiveOrders {
            var direction = order.isDescending ? " DESC" : " ASC"
            switch order.nulls {
            case .first: direction += " NULLS FIRST"
            case .last: direction += " NULLS LAST"
            case nil: break
            }
            terms.append((try sql(order.expression, in: &scope), direction))
        }
        return terms
    }

    private static func orderClause(_ terms: [(sql: String, direction: String)]) -> String {
        terms.isEmpty ? "" : " ORDER BY " + terms.map { $0.sql + $0.direction }.joined(separator: ", ")
    }

    mutating func limitClause(_ query: SelectQuery) -> String {
        guard query.isSliced else { return "" }
        // SQLite has no OFFSET without LIMIT; the largest number means no limit everywhere.
        var sql = " LIMIT \(bind(.integer(query.limit.map(Int64.init) ?? .max)))"
        if query.offset > 0 { sql += " OFFSET \(bind(.integer(Int64(query.offset))))" }
        return sql
    }

    // MARK: Tables and columns

    /// The table itself is called by its name; inside a subquery by an alias that nothing outside has.
    func makeScope(_ table: AnyTable) -> Scope {
        Scope(table: table, alias: table.name)
    }

    mutating func makeInnerScope(_ table: AnyTable) -> Scope {
        Scope(table: table, alias: nextAlias("U"))
    }

    mutating func nextAlias(_ prefix: String) -> String {
        aliasCount += 1
        return "\(prefix)\(aliasCount)"
    }

    func columns(of table: AnyTable, as alias: String) -> [String] {
        if alias == table.name { return table.selected }
        let prefix = dialect.quoted(alias) + "."
        return table.columns.map { prefix + dialect.quoted($0.column) }
    }

    mutating func bind(_ value: SQLValue) -> String {
        parameters.append(value)
        return dialect.placeholder(parameters.count)
    }

    func column(_ name: String, of alias: String) -> String {
        dialect.quoted(alias) + "." + dialect.quoted(name)
    }

    /// Joins the tables along a path that are not joined yet, and says what the last one is called.
    mutating func join(_ path: [Relation], in scope: inout Scope) throws(ORMError) -> (alias: String, table: AnyTable) {
        var alias = scope.alias
        var table = scope.table
        var isOptional = false
        for relation in path {
            let target = relation.target
            try target.validate()
            let key = Scope.JoinKey(
                parent: alias, relation: ObjectIdentifier(relation), group: relation.isMultiple ? scope.group : 0)
            if let joined = scope.joins[key] ?? scope.latestJoin(like: key) {
                (alias, isOptional) = joined
            } else {
                isOptional = isOptional || relation.isNullable
                let joined = try makeJoin(relation, from: alias, table, to: target, isOptional, in: &scope)
                scope.joins[key] = (joined, isOptional)
                alias = joined
            }
            table = target
        }
        return (alias, table)
    }

    private mutating func makeJoin(
        _ relation: Relation, from parent: String, _ table: AnyTable, to target: AnyTable, _ isOptional: Bool,
        in scope: inout Scope
    ) throws(ORMError) -> String {
        let link = try Self.link(of: relation, in: table)
        let kind = isOptional ? " LEFT OUTER JOIN " : " INNER JOIN "
        let alias = nextAlias("T")
        let joined = "\(dialect.quoted(target.name)) \(dialect.quoted(alias))"
        switch link {
        case .forward(let column):
            scope.joinSQL +=
                kind + joined
                + " ON (\(self.column(column, of: parent)) = \(self.column(target.primaryKey.column, of: alias)))"
        case .reverse(let column):
            scope.joinSQL +=
                kind + joined
                + " ON (\(self.column(table.primaryKey.column, of: parent)) = \(self.column(column, of: alias)))"
        case .through(let through, let here, let there):
            let middle = nextAlias("T")
            scope.joinSQL +=
                "\(kind)\(dialect.quoted(through)) \(dialect.quoted(middle))"
                + " ON (\(self.column(table.primaryKey.column, of: parent)) = \(self.column(here, of: middle)))"
                + kind + joined
                + " ON (\(self.column(there, of: middle)) = \(self.column(target.primaryKey.column, of: alias)))"
        }
        return alias
    }

    static func link(of relation: Relation, in table: AnyTable) throws(ORMError) -> Relation.Link {
        guard let link = relation.link else {
            throw .invalidTable(
                model: "\(table.schema.name)",
                problem: "The reverse relation '\(relation.name)' goes through a property that the table of "
                    + "\(relation.target.schema.name) does not describe. Add that field to its table.")
        }
        return link
    }
}
