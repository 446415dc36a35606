/// Rows of a table that other queries have chosen, among which a query chooses in turn.
package indirect enum RowSource: Sendable {
    /// The rows of one query, with its annotations.
    case query(SelectQuery)
    /// The rows of several queries, taken together.
    case combination(Combination, [SelectQuery])

    /// The columns by which the annotations are reached.
    var annotationNames: [String] {
        guard case .query(let query) = self else { return [] }
        return query.annotations.indices.map { "a\($0)" }
    }
}

/// How the rows of several queries are taken together.
package enum Combination: String, Sendable {
    case union = "UNION"
    case unionAll = "UNION ALL"
    case intersection = "INTERSECT"
    case difference = "EXCEPT"
}

extension SelectQuery {
    /// The query for rows that have been chosen.
    init(_ table: AnyTable, choosingFrom source: RowSource) {
        self.init(table)
        self.source = source
        usesTableOrdering = false
    }
}
