extension SQLCompiler {
    /// `(SELECT COUNT(*) FROM review WHERE review.book_id = book.id)`: how many rows are at the end of a path.
    ///
    /// Relations to one row are joined outside; from the first relation to many on, everything is inside, so that
    /// no row of the query is returned twice for being counted.
    mutating func count(_ path: [Relation], in scope: inout Scope) throws(ORMError) -> String {
        if scope.joinsAggregates, let key = path.last?.target.primaryKey {
            return try aggregate(AggregateCall(.count, [.column(ColumnPath(path, key))]), in: &scope)
        }
        guard let position = path.firstIndex(where: \.isMultiple) else { return "0" }
        let (alias, table) = try join(Array(path[..<position]), in: &scope)
        let key = column(table.primaryKey.column, of: alias)
        bareColumns?.append(key)
        let relation = path[position]
        let rest = Array(path[(position + 1)...])
        var inner = makeInnerScope(relation.target)
        // Joins to many rows keep those without any, which must not count; nor must a link that leads nowhere.
        var what: String?
        let (from, counted): (String, String)
        switch try Self.link(of: relation, in: table) {
        case .reverse(let column), .forward(let column):
            from = "\(dialect.quoted(relation.target.name)) \(dialect.quoted(inner.alias))"
            counted = self.column(column, of: inner.alias)
        case .through(let through, let here, let there) where rest.isEmpty:
            // Each row between the two tables stands for one at the end.
            from = "\(dialect.quoted(through)) \(dialect.quoted(inner.alias))"
            counted = column(here, of: inner.alias)
            what = column(there, of: inner.alias)
        case .through(let through, let here, let there):
            let middle = nextAlias("U")
            let target = column(relation.target.primaryKey.column, of: inner.alias)
            from =
                "\(dialect.quoted(through)) \(dialect.quoted(middle)) INNER JOIN \(dialect.quoted(relation.target.name))"
                + " \(dialect.quoted(inner.alias)) ON (\(column(there, of: middle)) = \(target))"
            counted = column(here, of: middle)
        }
        let (end, target) = try join(rest, in: &inner)
        if !rest.isEmpty { what = column(target.primaryKey.column, of: end) }
        return "(SELECT COUNT(\(what ?? "*")) FROM \(from)\(inner.joinSQL) WHERE \(counted) = \(key))"
    }
}
