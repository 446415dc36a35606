extension Expr {
    /// One of the values; an empty list matches nothing, a null among them is left out, as SQL cannot equal it.
    public func `in`(_ values: some Sequence<V>) -> Condition {
        Condition(.inList(sql, values.map(\.sqlValue).filter { !$0.isNull }))
    }

    /// One of the values, which are not optional as the column is.
    public func `in`<W: FieldValue>(_ values: some Sequence<W>) -> Condition where V == W? {
        Condition(.inList(sql, values.map(\.sqlValue)))
    }

    /// One of the values of a column of another query.
    public func `in`<M: Model, W: FieldValue>(
        _ query: QuerySet<M>, _ column: (Columns<M>) -> Expr<W>
    ) -> Condition where V.Unwrapped == W.Unwrapped {
        Condition(.inQuery(sql, query.query, selecting: column(Columns()).sql))
    }

    /// Whether the column is null.
    public var isNull: Condition { Condition(.isNull(sql)) }

    /// In this order, smallest first.
    public var ascending: Order { Order(OrderTerm(expression: sql, isDescending: false, nulls: nil)) }

    /// In this order, largest first.
    public var descending: Order { Order(OrderTerm(expression: sql, isDescending: true, nulls: nil)) }
}

extension Expr where V: TextValue {
    /// Equal without regard to case.
    public func iexact(_ text: String) -> Condition { Condition(.text(.iexact, sql, text)) }

    /// Contains the text.
    public func contains(_ text: String) -> Condition { Condition(.text(.contains, sql, text)) }

    /// Contains the text, without regard to case.
    public func icontains(_ text: String) -> Condition { Condition(.text(.icontains, sql, text)) }

    /// Begins with the text.
    public func startsWith(_ text: String) -> Condition { Condition(.text(.startsWith, sql, text)) }

    /// Begins with the text, without regard to case.
    public func istartsWith(_ text: String) -> Condition { Condition(.text(.istartsWith, sql, text)) }

    /// Ends with the text.
    public func endsWith(_ text: String) -> Condition { Condition(.text(.endsWith, sql, text)) }

    /// Ends with the text, without regard to case.
    public func iendsWith(_ text: String) -> Condition { Condition(.text(.iendsWith, sql, text)) }
}
