/// A relation to be loaded after the rows, which of its rows, and what is to be loaded for those in turn.
struct PrefetchNode: Sendable {
    let name: String
    var children: [PrefetchNode] = []

    /// The query whose rows are taken, a `QuerySet` of the model at the other end; `nil` for all rows.
    var query: (any Sendable)?

    /// Where the rows go when it is not the relation itself: a ``PrefetchStore``.
    var destination: (any Sendable)?

    /// Tells destinations apart.
    var destinationName: String?

    /// Whether models that have the relation loaded keep what they have.
    var keepsLoaded: Bool { query == nil && destination == nil }

    /// Adds a path to a forest; what two paths share is loaded once.
    ///
    /// - Parameter last: What the end of the path is loaded with.
    /// - Returns: `false` when the end of the path has a query of its own already.
    static func insert(_ path: ArraySlice<String>, _ last: PrefetchNode, into nodes: inout [PrefetchNode]) -> Bool {
        guard let name = path.first else { return true }
        let isLast = path.count == 1
        let destination = isLast ? last.destinationName : nil
        guard let index = nodes.firstIndex(where: { $0.name == name && $0.destinationName == destination }) else {
            var node = isLast ? last : PrefetchNode(name: name)
            let isInserted = isLast || insert(path.dropFirst(), last, into: &node.children)
            nodes.append(node)
            return isInserted
        }
        guard isLast else { return insert(path.dropFirst(), last, into: &nodes[index].children) }
        if last.query == nil { return true }
        guard nodes[index].query == nil else { return false }
        nodes[index].query = last.query
        return true
    }
}

/// Puts rows into another property than the relation's.
struct PrefetchStore<M: Model, To: Model>: Sendable {
    let set: @Sendable (inout M, [To]) -> Void
}

extension PrefetchNode {
    /// The place for the rows that is not the relation's.
    func store<M: Model, To: Model>(
        _: M.Type, _: To.Type
    ) throws(ORMError) -> (@Sendable (inout M, [To]) -> Void)? {
        guard let destination else { return nil }
        guard let store = destination as? PrefetchStore<M, To> else {
            throw .invalidQuery("The rows of '\(name)' cannot be kept in '\(destinationName ?? "")' of \(M.self).")
        }
        return store.set
    }

    /// The rows of the node's query for which a column has one of the values, each with its value.
    func rows<Key: FieldValue, To: Model>(
        where key: SQLExpression, in values: [SQLValue]
    ) async throws -> [(Key, To)] {
        guard !values.isEmpty else { return [] }
        let query = (query as? QuerySet<To>) ?? QuerySet<To>()
        let database = try Database.current(for: query.query, .read)
        let plan = query.relatedColumns(startingAt: 1 + query.query.table.columns.count)
        let table = To.table
        var keys: [Key] = []
        var rows: [To] = []
        for chunk in try values.chunked(reserving: query.boundValues) {
            let statement = try SQLCompiler.prefetch(query.query, key: key, in: chunk, database.dialect)
            let found = try await database.rows(statement) { row in
                (try Key.decode(from: row, at: 0), try table.decode(row, at: 1, related: plan))
            }
            keys += found.map(\.0)
            rows += found.map(\.1)
        }
        try await table.prefetch(query.prefetches, for: &rows)
        return Array(zip(keys, rows))
    }
}

extension QuerySet {
    /// How many values the query binds by itself; room for them is left where keys are bound beside.
    fileprivate var boundValues: Int {
        guard !query.conditions.isEmpty || query.isSliced, let dialect = try? Database.current.dialect else { return 0 }
        return (try? SQLCompiler.select(query, dialect).parameters.count) ?? 0
    }
}

extension Array where Element: Sendable {
    /// Slices short enough for one statement of the task's database.
    ///
    /// - Parameters:
    ///   - reserved: How many values the statement binds beside these.
    ///   - each: How many values the statement binds for one element.
    package func chunked(reserving reserved: Int = 0, by each: Int = 1) throws -> [[Element]] {
        let size = Swift.max(1, (try Database.current.dialect.maximumParameters - reserved) / each)
        return stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
