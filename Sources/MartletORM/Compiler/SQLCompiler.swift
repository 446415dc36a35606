/// Turns queries into SQL: one value, one statement.
///
/// Joins are added when a column is first reached; the same relation is joined once, but a relation to many rows is
/// joined again for each `filter`, as Django means two filters over one relation.
package struct SQLCompiler {
    let dialect: any SQLDialect
    private(set) var parameters: [SQLValue] = []
    private var aliasCount = 0

    /// What the clause that is being compiled holds beside columns and values.
    var seen: ComputedParts = []
    /// Whether the outermost `SELECT` groups, numbers or picks its rows, so that it has more rows or fewer than it finds.
    var isComputed = false
    /// The columns outside of aggregates, where a grouped query has to know them.
    var bareColumns: [String]?
    /// Whether the arguments of an aggregate are being compiled.
    var isInsideAggregate = false
    /// The scopes around the one of the innermost subquery.
    var outerScopes: [Scope] = []
    /// The columns of each of them that are named inside of it.
    var outerColumns: [[String]] = []
    /// The relations to many that aggregates of a whole set go over, as far as they are known.
    var aggregatedRelations: Set<[ObjectIdentifier]> = []
    /// The rows of which each aggregate over a relation to many is taken by itself.
    var wholeSet: SelectQuery?

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
        /// Whether a negated test stays where it is, because the rows it tests are those of the scope.
        var negatesInPlace = false
        /// Whether an aggregate over a relation to many joins it; otherwise it is taken for each row by itself.
        var joinsAggregates = false
        /// Which of the compiler's outer scopes is around this one; `nil` in the outermost query.
        var outer: Int?
        /// What the rows to choose from are called, where they come with the query's annotations.
        var annotationAlias: String?
        /// The annotations that were compiled, by their places: each is one value of a row, wherever it stands.
        var annotations: [Int: Item] = [:]

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
        let sql = try compiler.select(query, .rows, in: compiler.makeScope(query.table))
        return try compiler.statement(sql)
    }

    /// `SELECT` of some expressions.
    package static func select(
        _ expressions: [SQLExpression], from query: SelectQuery, _ dialect: any SQLDialect
    ) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        let sql = try compiler.select(query, .expressions(expressions), in: compiler.makeScope(query.table))
        return try compiler.statement(sql)
    }

    /// `SELECT COUNT(*)`.
    package static func count(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        var bare = query
        bare.selectRelated = []
        if !query.isSliced {
            bare.orders = []
            bare.usesTableOrdering = false
        }
        // Annotations over a relation to many return a row once for each related one.
        let repeatsRows = query.annotations.contains(where: \.crossesMultiple)
        if !query.annotations.isEmpty, !repeatsRows, !query.isDistinct, try !Self.isComputed(bare, dialect) {
            bare.annotations = []
        }
        if bare.annotations.isEmpty, !query.isDistinct, query.distinctOn.isEmpty, !query.isSliced {
            let sql = try compiler.select(bare, .text("COUNT(*)"), in: compiler.makeScope(query.table))
            if !compiler.isComputed { return try compiler.statement(sql) }
            compiler = SQLCompiler(dialect)
        }
        let rows = try compiler.select(bare, .keys, in: compiler.makeScope(query.table))
        return try compiler.statement("SELECT COUNT(*) FROM (\(rows)) AS subquery")
    }

    /// `SELECT 1 … LIMIT 1`.
    package static func exists(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var compiler = SQLCompiler(dialect)
        var bare = query
        bare.selectRelated = []
        if !query.isSliced {
            bare.orders = []
            bare.usesTableOrdering = false
            bare.isDistinct = false
            bare.limit = 1
        }
        let sql = try compiler.select(bare, .existence(of: bare), in: compiler.makeScope(query.table))
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

    /// What a `SELECT` returns of each row.
    enum Selected {
        /// The columns of the table and of related rows, and the annotations.
        case rows
        /// The primary key, called `k`, and the annotations, called `a0` and so on.
        case keys
        case expressions([SQLExpression])
        /// Expressions each of which must be an aggregate.
        case aggregates([SQLExpression])
        case text(String)
        case columns((inout SQLCompiler, inout Scope) throws(ORMError) -> [String])

        /// What a column is called in the list; `nil` for one that has no name there.
        func name(ofColumn index: Int) -> String? {
            guard case .keys = self else { return nil }
            return index == 0 ? "k" : "a\(index - 1)"
        }

        /// What shows whether there is a row: a number, but of a slice what tells its rows apart.
        static func existence(of query: SelectQuery) -> Selected {
            let isCounted = query.isDistinct || query.annotations.contains(where: \.crossesMultiple)
            return query.isSliced && isCounted ? .keys : .text("1")
        }
    }

    /// The `SELECT` of a query.
    ///
    /// - Parameter exactly: Whether the columns that order distinct rows, and must be selected for it, are left out
    ///   again by a query around.
    mutating func select(
        _ query: SelectQuery, _ selected: Selected, in given: Scope, exactly: Bool = false
    ) throws(ORMError) -> String {
        try query.table.validate()
        if let problem = query.problem { throw problem }
        let (start, around) = (parameters.count, seen)
        seen = []
        defer { seen = around }
        var scope = given
        if let source = query.source { try join(source, in: &scope) }
        // The filters come first: columns and order use their joins, so that `values { $0.tags.name }` behind a filter
        // over tags returns the tags that passed it.
        let condition = try whereClause(query, in: &scope)
        scope.joinsAggregates = selected.joinsAggregates
        let columns = try list(selected, query, in: &scope)
        let orders = try terms(query.effectiveOrders, in: &scope)
        let lock = selected.areLockable ? try lockClause(query, in: &scope) : ""
        guard seen.isEmpty, query.distinctOn.isEmpty, !selected.joinsAggregates else {
            guard lock.isEmpty else { throw Self.lockOfComputedRows }
            // What groups or numbers rows has its place in other clauses, and tells so only when it was compiled.
            forgetParameters(from: start)
            let sql = try computedSelect(query, selected, in: given, exactly: exactly)
            isComputed = true
            return sql
        }
        isComputed = false
        var list = columns
        if query.isDistinct {
            // Rows that are the same can have one place only if what orders them is a part of them, as in Django.
            let selected = Set(columns)
            list += orders.map(\.sql).filter { !selected.contains($0) }
        }
        var names: [String]?
        if exactly, list.count > columns.count {
            names = columns.indices.map { selected.name(ofColumn: $0) ?? "c\($0)" }
            for index in list.indices where index >= columns.count || selected.name(ofColumn: index) == nil {
                list[index] += " AS c\(index)"
            }
        }
        var sql = (query.isDistinct ? "SELECT DISTINCT " : "SELECT ") + list.joined(separator: ", ")
        sql += fromClause(scope)
        sql += condition
        sql += Self.orderClause(orders)
        sql += limitClause(query)
        return (names.map { only($0, of: sql) } ?? sql) + lock
    }

    /// `SELECT c0 FROM (…) AS S1`: some columns of other rows.
    mutating func only(_ names: [String], of rows: String) -> String {
        "SELECT \(names.joined(separator: ", ")) FROM (\(rows)) AS \(nextAlias("S"))"
    }

    private mutating func list(
        _ selected: Selected, _ query: SelectQuery, in scope: inout Scope
    ) throws(ORMError) -> [String] {
        switch selected {
        case .text(let text):
            return [text]
        case .columns(let columns):
            return try columns(&self, &scope)
        case .expressions(let expressions), .aggregates(let expressions):
            var columns: [String] = []
            columns.reserveCapacity(expressions.count)
            for expression in expressions { columns.append(try sql(expression, in: &scope)) }
            return columns
        case .rows:
            var columns = try rowColumns(query, in: &scope)
            for (index, annotation) in query.annotations.enumerated() {
                columns.append(try annotationSQL(index, annotation, in: &scope))
            }
            return columns
        case .keys:
            var columns = [column(query.table.primaryKey.column, of: scope.alias) + " AS k"]
            for (index, annotation) in query.annotations.enumerated() {
                columns.append("\(try annotationSQL(index, annotation, in: &scope)) AS a\(index)")
            }
            return columns
        }
    }

    /// The columns of the table and of the related rows that are read with it.
    mutating func rowColumns(_ query: SelectQuery, in scope: inout Scope) throws(ORMError) -> [String] {
        var columns = columns(of: query.table, as: scope.alias)
        for path in query.selectRelated {
            let (alias, table) = try join(path, in: &scope)
            columns += self.columns(of: table, as: alias)
        }
        return columns
    }

    func fromClause(_ scope: Scope) -> String {
        var sql = " FROM \(dialect.quoted(scope.table.name))"
        if scope.alias != scope.table.name { sql += " \(dialect.quoted(scope.alias))" }
        return sql + scope.joinSQL
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
        Self.orderClause(try terms(query.effectiveOrders, in: &scope))
    }

    mutating func terms(
        _ orders: [OrderTerm], in scope: inout Scope
    ) throws(ORMError) -> [(sql: String, direction: String)] {
        var terms: [(sql: String, direction: String)] = []
        for order in orders { terms.append((try sql(order.expression, in: &scope), order.direction)) }
        return terms
    }

    static func orderClause(_ terms: [(sql: String, direction: String)]) -> String {
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

    /// Takes values back that were bound for a clause which is compiled once more.
    mutating func forgetParameters(from count: Int) {
        parameters.removeSubrange(count...)
    }

    func column(_ name: String, of alias: String) -> String {
        SQLIdentifier.quoted(alias, name)
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
                problem: "The relation '\(relation.name)' goes through a property that the table of "
                    + "\(relation.target.schema.name) or of the links does not describe, or leads to one row through a key "
                    + "that is not unique. Add that field to its table, or `unique: true` to its line.")
        }
        return link
    }
}
