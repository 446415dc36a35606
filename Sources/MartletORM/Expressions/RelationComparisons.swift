// Relations in conditions: compared with rows, with each other, and with nothing.

extension ColumnScope {
    /// What identifies the row at the end of the relation; a foreign key holds it, so there is no join for it.
    package var key: SQLExpression {
        if let unknown = path.unknown { return .unknown(model: unknown.model, property: unknown.property) }
        return .column(ColumnPath(path.relations, M.anyTable.primaryKey))
    }

    /// Refers to one of the rows; an empty list matches nothing.
    public func `in`(_ rows: some Sequence<M>) -> Condition {
        Condition(.inList(key, rows.map(\.id.sqlValue)))
    }

    /// Refers to one of the rows of another query.
    ///
    /// SQL: `author_id IN (SELECT id FROM person …)`.
    public func `in`(_ query: QuerySet<M>) -> Condition {
        Condition(.inQuery(key, query.query, selecting: .column(ColumnPath([], query.query.table.primaryKey))))
    }
}

extension NullableColumnScope {
    /// Whether there is no row: the reference is null, or nothing refers to the row.
    ///
    /// SQL: `editor_id IS NULL`; for rows that refer to this one a left join that finds none.
    public var isNull: Condition { Condition(.isNull(key)) }
}

/// Refers to the row.
public func == <M: Model>(left: Columns<M>, right: M) -> Condition {
    Condition(.comparison(.equal, left.key, .value(right.id.sqlValue)))
}

/// Does not refer to the row.
public func != <M: Model>(left: Columns<M>, right: M) -> Condition {
    Condition(.not((left == right).sql))
}

/// Refers to the row; with `nil`, to none.
@_disfavoredOverload
public func == <M: Model>(left: OptionalColumns<M>, right: M?) -> Condition {
    guard let right else { return left.isNull }
    return Condition(.comparison(.equal, left.key, .value(right.id.sqlValue)))
}

/// Does not refer to the row, or refers to none; with `nil`, refers to some row.
@_disfavoredOverload
public func != <M: Model>(left: OptionalColumns<M>, right: M?) -> Condition {
    Condition(.not((left == right).sql))
}

/// One of the rows is this one.
public func == <M: Model>(left: RelatedColumns<M>, right: M) -> Condition {
    Condition(.comparison(.equal, left.key, .value(right.id.sqlValue)))
}

/// None of the rows is this one.
public func != <M: Model>(left: RelatedColumns<M>, right: M) -> Condition {
    Condition(.not((left == right).sql))
}

/// Both refer to the same row.
@_disfavoredOverload
public func == <L: ColumnScope, R: ColumnScope>(left: L, right: R) -> Condition where L.M == R.M {
    Condition(.comparison(.equal, left.key, right.key))
}

/// Both do not refer to the same row; references to nothing are no row.
@_disfavoredOverload
public func != <L: ColumnScope, R: ColumnScope>(left: L, right: R) -> Condition where L.M == R.M {
    Condition(.not((left == right).sql))
}
