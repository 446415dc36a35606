/// What a clause holds beside columns and values, which decides where it stands in a `SELECT`.
struct ComputedParts: OptionSet {
    let rawValue: UInt8

    /// An aggregate of the rows of a group: behind `HAVING`, not behind `WHERE`.
    static let aggregate = ComputedParts(rawValue: 1)
    /// A window function: known only after all clauses but the order, so a condition on it needs a query around.
    static let window = ComputedParts(rawValue: 2)
    /// An aggregate of a whole set, in a query of its own.
    static let wholeSet = ComputedParts(rawValue: 4)
}

extension SQLCompiler.Selected {
    var joinsAggregates: Bool {
        if case .aggregates = self { true } else { false }
    }
}

extension SQLCompiler {
    /// One column, condition or order that was compiled, and what has to be known of it.
    struct Item {
        var sql: String
        var parts: ComputedParts = []
        /// The columns that stand outside of aggregates.
        var columns: [String] = []
        /// What the column is called for a query around.
        var name: String?
        var direction = ""
        /// Where its bound values stand among those of the statement.
        var parameters = 0..<0
    }

    /// The clauses of a `SELECT` that groups, numbers or picks rows.
    private struct Clauses {
        var filters: [Item] = []
        var having: [Item] = []
        var qualify: [Item] = []
        var list: [Item] = []
        var orders: [Item] = []
        var picked: [Item] = []

        var isGrouped: Bool {
            (having + qualify + list + orders).contains { $0.parts.contains(.aggregate) }
        }
    }

    /// Whether a query groups or numbers its rows, or computes over them.
    static func isComputed(_ query: SelectQuery, _ dialect: any SQLDialect) throws(ORMError) -> Bool {
        var compiler = SQLCompiler(dialect)
        _ = try compiler.select(query, .keys, in: compiler.makeScope(query.table))
        return compiler.isComputed
    }

    /// A `SELECT` with `GROUP BY` and `HAVING`, with window functions, or with `DISTINCT ON`.
    mutating func computedSelect(
        _ query: SelectQuery, _ selected: Selected, in given: Scope, exactly: Bool
    ) throws(ORMError) -> String {
        var scope = given
        var clauses = Clauses()
        if let source = query.source { try join(source, in: &scope) }
        for condition in query.conditions {
            scope.group += 1
            try route(condition, into: &clauses, in: &scope)
        }
        scope.group = 0
        scope.joinsAggregates = selected.joinsAggregates
        clauses.list = try items(selected, query, in: &scope)
        if case .aggregates = selected {
            try checkAggregates(clauses.list)
        }
        let isSummary = selected.isList && clauses.list.contains { $0.parts.contains(.aggregate) }
        // As in Django, the table's own order is no part of a summary: it would split the groups.
        for order in isSummary ? query.orders : query.effectiveOrders {
            let (start, known) = (parameters.count, scope.annotations)
            var item = try item(order.expression, in: &scope)
            if isSummary {
                shareParameters(of: &item, from: start, with: clauses.list)
                if parameters.count == start { scope.annotations = known }
            }
            item.direction = order.direction
            clauses.orders.append(item)
        }
        for expression in query.distinctOn { clauses.picked.append(try item(expression, in: &scope)) }
        try checkPicked(clauses)
        var sql = fromClause(scope)
        sql += Self.conditions(" WHERE ", clauses.filters)
        if clauses.isGrouped {
            sql += try isSummary ? summaryGroups(clauses) : rowGroups(clauses, selected, query, in: &scope)
            sql += Self.conditions(" HAVING ", clauses.having)
        }
        let rows = clauses.qualify.isEmpty ? plain(clauses, query, sql) : qualified(clauses, query, sql)
        sql = rows.sql + limitClause(query)
        guard exactly, rows.hasMore else { return sql }
        return only(clauses.list.enumerated().map { $1.name ?? "c\($0)" }, of: sql)
    }

    // MARK: Clauses

    /// Puts a condition where SQL wants it; the parts of an `AND` may stand in different clauses.
    private mutating func route(
        _ condition: SQLExpression, into clauses: inout Clauses, in scope: inout Scope
    ) throws(ORMError) {
        let (start, known) = (parameters.count, scope.annotations)
        let item = try item(condition, in: &scope)
        if item.parts.isEmpty {
            clauses.filters.append(item)
        } else if case .and = condition {
            forgetParameters(from: start)
            scope.annotations = known
            for operand in condition.operands { try route(operand, into: &clauses, in: &scope) }
        } else if item.parts.contains(.window) {
            clauses.qualify.append(item)
        } else {
            clauses.having.append(item)
        }
    }

    mutating func item(_ expression: SQLExpression, in scope: inout Scope) throws(ORMError) -> Item {
        let (partsAround, columnsAround) = (seen, bareColumns)
        (seen, bareColumns) = ([], [])
        let start = parameters.count
        let sql = try sql(expression, in: &scope)
        var item = Item(sql: sql, parts: seen, columns: bareColumns ?? [])
        item.parameters = start..<parameters.count
        (seen, bareColumns) = (partsAround, columnsAround)
        return item
    }

    /// Lets an order by what a summary returns have the same bound values, and so be the same expression: else it would
    /// be another one, whose columns would split the groups.
    private mutating func shareParameters(of item: inout Item, from start: Int, with list: [Item]) {
        guard start < parameters.count, item.parts.isEmpty else { return }
        let form = form(of: item, parameters[start...])
        for listed in list where listed.parts.isEmpty && !listed.parameters.isEmpty {
            guard self.form(of: listed, parameters[listed.parameters]) == form else { continue }
            item.sql = listed.sql
            return forgetParameters(from: start)
        }
    }

    /// The SQL with the values in their places, and so the same for two expressions that say the same.
    private func form(of item: Item, _ values: ArraySlice<SQLValue>) -> String {
        var form = item.sql
        // From the last on: `$1` is the beginning of `$12`.
        for (position, value) in zip(values.indices, values).reversed() {
            form = form.replacing(dialect.placeholder(position + 1), with: "\u{0}\(value)\u{0}")
        }
        return form
    }

    private mutating func items(
        _ selected: Selected, _ query: SelectQuery, in scope: inout Scope
    ) throws(ORMError) -> [Item] {
        var items: [Item] = []
        switch selected {
        case .text(let text): return [Item(sql: text)]
        case .columns(let columns):
            bareColumns = []
            items = try columns(&self, &scope).map { Item(sql: $0) }
            if !items.isEmpty { items[0].columns = bareColumns ?? [] }
            bareColumns = nil
        case .expressions(let expressions), .aggregates(let expressions):
            for expression in expressions { items.append(try item(expression, in: &scope)) }
        case .rows:
            items = try rowColumns(query, in: &scope).map { Item(sql: $0) }
            for (index, annotation) in query.annotations.enumerated() {
                items.append(try self.annotation(index, annotation, in: &scope))
            }
        case .keys:
            items = [Item(sql: column(query.table.primaryKey.column, of: scope.alias), name: "k")]
            for (index, annotation) in query.annotations.enumerated() {
                var item = try self.annotation(index, annotation, in: &scope)
                item.name = "a\(index)"
                items.append(item)
            }
        }
        return items
    }

    private func checkAggregates(_ items: [Item]) throws(ORMError) {
        for item in items {
            if item.parts.contains(.window) {
                throw .invalidQuery(
                    "aggregate was given a window function, which has a value for each row. Annotate the rows with it, "
                        + "and aggregate the annotation.")
            }
            if item.parts.isEmpty || !item.columns.isEmpty {
                throw .invalidQuery(
                    "aggregate was given an expression that is no aggregate, and has a value for each row. Add sum(), "
                        + "count() or another aggregate to it, or use values.")
            }
        }
    }

    private func checkPicked(_ clauses: Clauses) throws(ORMError) {
        guard !clauses.picked.isEmpty else { return }
        guard dialect.hasDistinctOn else {
            throw .invalidQuery(
                "\(dialect.name) has no DISTINCT ON. Number the rows of each group and keep the first: "
                    + "`filter { Window.rowNumber.over(partitionBy: $0.a, orderBy: $0.b.ascending) == 1 }`.")
        }
        let picked = Set(clauses.picked.map(\.sql))
        guard picked.isSuperset(of: clauses.orders.prefix(picked.count).map(\.sql)) else {
            throw .invalidQuery(
                "distinct on columns keeps the first row of each group in the query's order, "
                    + "so the order must begin with those columns.")
        }
    }

    // MARK: Groups

    /// A summary is grouped by what it returns beside aggregates.
    private func summaryGroups(_ clauses: Clauses) throws(ORMError) -> String {
        var terms: [String] = []
        let listed = Set(clauses.list.map(\.sql))
        for (index, item) in clauses.list.enumerated() {
            // By place: the expression may have bound values, and would be another one with others of the same value.
            if item.parts.isEmpty { terms.append("\(index + 1)") } else { Self.add(item.columns, to: &terms) }
        }
        for item in clauses.having + clauses.qualify {
            Self.add(item.columns.filter { !listed.contains($0) }, to: &terms)
        }
        for item in clauses.orders where !listed.contains(item.sql) {
            Self.add(item.columns.filter { !listed.contains($0) }, to: &terms)
        }
        return terms.isEmpty ? "" : " GROUP BY " + terms.joined(separator: ", ")
    }

    /// Rows are grouped by their primary key, on which their other columns depend.
    private mutating func rowGroups(
        _ clauses: Clauses, _ selected: Selected, _ query: SelectQuery, in scope: inout Scope
    ) throws(ORMError) -> String {
        var terms = [column(query.table.primaryKey.column, of: scope.alias)]
        if let annotations = scope.annotationAlias {
            Self.add(query.source?.annotationNames.map { column($0, of: annotations) } ?? [], to: &terms)
        }
        if case .rows = selected {
            for path in query.selectRelated {
                let (alias, table) = try join(path, in: &scope)
                Self.add([column(table.primaryKey.column, of: alias)], to: &terms)
            }
        }
        for item in clauses.list + clauses.having + clauses.qualify + clauses.orders + clauses.picked {
            Self.add(item.columns, to: &terms)
        }
        return " GROUP BY " + terms.joined(separator: ", ")
    }

    private static func add(_ columns: [String], to terms: inout [String]) {
        for column in columns where !terms.contains(column) { terms.append(column) }
    }

    // MARK: The statement

    private static func conditions(_ word: String, _ items: [Item]) -> String {
        items.isEmpty ? "" : word + items.map(\.sql).joined(separator: " AND ")
    }

    /// - Returns: `hasMore` where the rows have more columns than the list: those that order distinct rows.
    private func plain(
        _ clauses: Clauses, _ query: SelectQuery, _ rest: String
    ) -> (sql: String, hasMore: Bool) {
        var list = clauses.list.map(\.sql)
        if query.isDistinct { Self.add(clauses.orders.map(\.sql), to: &list) }
        let hasMore = list.count > clauses.list.count
        for index in list.indices {
            let name = index < clauses.list.count ? clauses.list[index].name : nil
            if let name = name ?? (hasMore ? "c\(index)" : nil) { list[index] += " AS \(name)" }
        }
        let sql =
            "SELECT " + Self.distinct(query, clauses.picked.map(\.sql)) + list.joined(separator: ", ") + rest
            + Self.orderClause(clauses.orders.map { ($0.sql, $0.direction) })
        return (sql, hasMore)
    }

    /// `SELECT c0 … FROM (SELECT … AS c0, … AS q0) AS qualified WHERE q0`: rows chosen by a window function.
    private func qualified(
        _ clauses: Clauses, _ query: SelectQuery, _ rest: String
    ) -> (sql: String, hasMore: Bool) {
        func named(_ items: [Item], _ prefix: String) -> [String] {
            items.enumerated().map { "\($1.sql) AS \(prefix)\($0)" }
        }
        let inner =
            named(clauses.list, "c") + named(clauses.qualify, "q") + named(clauses.orders, "o")
            + named(clauses.picked, "d")
        let places = Dictionary(
            clauses.list.enumerated().map { ($1.sql, "c\($0)") }, uniquingKeysWith: { first, _ in first })
        let orders = clauses.orders.enumerated().map { (sql: places[$1.sql] ?? "o\($0)", direction: $1.direction) }
        var list = clauses.list.indices.map { "c\($0)" }
        if query.isDistinct { Self.add(orders.map(\.sql), to: &list) }
        for (index, item) in clauses.list.enumerated() { if let name = item.name { list[index] += " AS \(name)" } }
        let picked = clauses.picked.enumerated().map { places[$1.sql] ?? "d\($0)" }
        let sql =
            "SELECT \(Self.distinct(query, picked))\(list.joined(separator: ", "))"
            + " FROM (SELECT \(inner.joined(separator: ", "))\(rest)) AS qualified WHERE "
            + clauses.qualify.indices.map { "q\($0)" }.joined(separator: " AND ") + Self.orderClause(orders)
        return (sql, list.count > clauses.list.count)
    }

    private static func distinct(_ query: SelectQuery, _ picked: [String]) -> String {
        guard picked.isEmpty else { return "DISTINCT ON (\(picked.joined(separator: ", "))) " }
        return query.isDistinct ? "DISTINCT " : ""
    }
}

extension SQLCompiler.Selected {
    /// Whether a list of expressions is returned instead of rows.
    fileprivate var isList: Bool {
        switch self {
        case .expressions, .aggregates: true
        case .rows, .keys, .text, .columns: false
        }
    }
}
