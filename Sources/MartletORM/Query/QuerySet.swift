/// A query: a value that is refined step by step and runs when it is asked for rows.
///
/// ```swift
/// let recent = try await Post.objects
///     .filter { $0.status == .published && $0.author.name == "Ann" }
///     .selectRelated { $0.author }
///     .order { $0.publishedOn.descending }
///     .limit(20)
///     .all()
/// ```
///
/// Source: [Django's QuerySet](https://docs.djangoproject.com/en/5.2/ref/models/querysets/).
public struct QuerySet<M: Model>: Sendable {
    package var query: SelectQuery
    var prefetches: [PrefetchNode] = []

    init() {
        query = SelectQuery(M.anyTable)
    }

    // MARK: Refining

    /// Keeps the rows that satisfy the condition.
    ///
    /// Conditions on a relation to many rows must hold for the same related row when they stand in one `filter`, and
    /// may hold for different ones in two. A row is returned once for each related row that matches; see
    /// ``distinct()``.
    public consuming func filter(_ condition: (Columns<M>) -> Condition) -> Self {
        // Taken over from the caller and not copied: most queries are refined where they are made.
        query.refine("filter")
        query.conditions.append(condition(Columns()).sql)
        return self
    }

    /// Leaves out the rows that satisfy the condition.
    ///
    /// A row whose column is null does not satisfy a comparison, and stays. A condition on a relation to many rows
    /// leaves out a row when any related row satisfies it.
    public consuming func exclude(_ condition: (Columns<M>) -> Condition) -> Self {
        query.refine("exclude")
        query.conditions.append(.not(condition(Columns()).sql))
        return self
    }

    /// Orders the rows; replaces an earlier order and the table's own.
    ///
    /// ```swift
    /// .order { ($0.author.name, $0.publishedOn.descending.nullsLast, $0.title.length()) }
    /// ```
    ///
    /// Expressions are ordered smallest first. A list of ``Order`` that is made at run time is an order too.
    public func order<each Term: OrderTerms>(_ order: (Columns<M>) -> (repeat each Term)) -> Self {
        let terms = order(Columns())
        var orders: [OrderTerm] = []
        // A key path in its place compiles in a function over a pack, and ends the program (Swift 6.3).
        for term in repeat each terms { orders += term.orders.map { $0.term } }
        return refined("order") { $0.orders = orders }
    }

    /// Without any order, also not the table's own.
    public var unordered: Self {
        refined("unordered") {
            $0.orders = []
            $0.usesTableOrdering = false
        }
    }

    /// At most so many rows.
    public func limit(_ count: Int) -> Self {
        with {
            if count < 0 { $0.problem = .invalidQuery("A limit of \(count) is negative; use 0 or more.") }
            $0.limit = min($0.limit ?? count, count)
        }
    }

    /// Without the first rows; give an order, or which ones they are is chance.
    public func offset(_ count: Int) -> Self {
        with {
            if count < 0 { $0.problem = .invalidQuery("An offset of \(count) is negative; use 0 or more.") }
            let count = max(0, count)
            if let limit = $0.limit { $0.limit = max(0, limit - count) }
            let (sum, overflows) = $0.offset.addingReportingOverflow(count)
            $0.offset = overflows ? .max : sum
        }
    }

    /// Each row once, also where a join found it several times.
    public func distinct() -> Self {
        refined("distinct") { $0.isDistinct = true }
    }

    // MARK: Loading relations

    /// Reads the rows that foreign keys lead to in the same statement, by a join.
    ///
    /// Several levels: `selectRelated { $0.author.company }`.
    ///
    /// Behind an optional foreign key, or a one-to-one relation from its other side, there may be no row: the join is
    /// then a left one. A relation to many rows does not compile; see ``prefetch(_:)``.
    public func selectRelated<Scope: SingleColumnScope>(_ relation: (Columns<M>) -> Scope) -> Self {
        let path = relation(Columns()).path
        return with { query in
            Self.report(path, in: &query)
            for length in path.relations.indices {
                let prefix = Array(path.relations[...length])
                let isKnown = query.selectRelated.contains { $0.map(\.name) == prefix.map(\.name) }
                if !isKnown { query.selectRelated.append(prefix) }
            }
        }
    }

    // MARK: Inside

    func refined(_ method: String, _ change: (inout SelectQuery) -> Void) -> Self {
        with { query in
            query.refine(method)
            change(&query)
        }
    }

    func with(_ change: (inout SelectQuery) -> Void) -> Self {
        var copy = self
        change(&copy.query)
        return copy
    }
}

extension SelectQuery {
    /// A slice is final, as in Django: SQL would filter and order before it cuts, which is another query than it seems.
    fileprivate mutating func refine(_ method: String) {
        guard isSliced else { return }
        problem = .invalidQuery(
            "\(method) cannot follow limit or offset. Call it before them, or put the slice into a condition: "
                + "`filter { $0.id.in(slice) { $0.id } }`.")
    }
}
