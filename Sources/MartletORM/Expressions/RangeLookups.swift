// Lookups of range fields; PostgreSQL only.
//
// Source: [Django, range fields](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#querying-range-fields).

extension Expr where V: RangeFieldValue {
    /// Has the value in it.
    public func contains(_ value: V.Bound) -> Condition { test("@>", RangeValue(value...value)) }

    /// Has all of another range in it.
    public func contains(_ range: RangeValue<V.Bound>) -> Condition { test("@>", range) }

    /// Has all of another column's range in it.
    public func contains(_ other: Expr<V>) -> Condition { test("@>", other) }

    /// Lies in another range.
    public func containedBy(_ range: RangeValue<V.Bound>) -> Condition { test("<@", range) }

    /// Lies in another column's range.
    public func containedBy(_ other: Expr<V>) -> Condition { test("<@", other) }

    /// Has something in common with another range (`overlap`).
    public func overlaps(_ range: RangeValue<V.Bound>) -> Condition { test("&&", range) }

    /// Has something in common with another column's range.
    public func overlaps(_ other: Expr<V>) -> Condition { test("&&", other) }

    /// Ends before another range begins (`fully_lt`).
    public func isBefore(_ range: RangeValue<V.Bound>) -> Condition { test("<<", range) }

    /// Begins after another range ends (`fully_gt`).
    public func isAfter(_ range: RangeValue<V.Bound>) -> Condition { test(">>", range) }

    /// Does not end after another range (`not_gt`).
    public func endsWithin(_ range: RangeValue<V.Bound>) -> Condition { test("&<", range) }

    /// Does not begin before another range (`not_lt`).
    public func beginsWithin(_ range: RangeValue<V.Bound>) -> Condition { test("&>", range) }

    /// Touches another range, with nothing in common or between them (`adjacent_to`).
    public func isAdjacent(to range: RangeValue<V.Bound>) -> Condition { test("-|-", range) }

    /// Where it begins; null without a beginning (`startswith`).
    public var lowerBound: Expr<V.Bound?> { Expr<V.Bound?>(.call(SQLFunction("lower", mayBeNull: true), [sql])) }

    /// Where it ends; null without an end (`endswith`).
    public var upperBound: Expr<V.Bound?> { Expr<V.Bound?>(.call(SQLFunction("upper", mayBeNull: true), [sql])) }

    /// Whether nothing is in it.
    public var isEmpty: Condition { flag("isempty") }

    /// Whether its beginning belongs to it (`lower_inc`).
    public var includesLower: Condition { flag("lower_inc") }

    /// Whether its end belongs to it (`upper_inc`).
    public var includesUpper: Condition { flag("upper_inc") }

    /// Whether it has no beginning (`lower_inf`).
    public var isUnboundedBelow: Condition { flag("lower_inf") }

    /// Whether it has no end (`upper_inf`).
    public var isUnboundedAbove: Condition { flag("upper_inf") }

    private func test(_ sign: String, _ range: RangeValue<V.Bound>) -> Condition {
        Condition(.call(.infix(sign), [sql, .value(range.sqlValue)]))
    }

    private func test(_ sign: String, _ other: Expr<V>) -> Condition {
        Condition(.call(.infix(sign), [sql, other.sql]))
    }

    private func flag(_ name: String) -> Condition { Condition(.call(SQLFunction(name, isCondition: true), [sql])) }
}

extension Expr where V: RangeBound {
    /// Lies in a range; on every database, since it is written as comparisons (`contained_by`).
    public func containedBy(_ range: RangeValue<V>) -> Condition {
        guard !range.isEmpty else { return Condition(.inList(sql, [])) }
        if let low = range.lower, let high = range.upper {
            // One test and not two: excluded over a relation to many, both must hold for the same row.
            let (from, to) = (range.includesLower ? ">=" : ">", range.includesUpper ? "<=" : "<")
            let within = SQLFunction("within \(from) \(to)", isCondition: true) { parts in
                "(\(parts[0]) \(from) \(parts[1]) AND \(parts[0]) \(to) \(parts[2]))"
            }
            return Condition(.call(within, [sql, .value(low.sqlValue), .value(high.sqlValue)]))
        }
        let lower = range.lower.map { bound in
            SQLExpression.comparison(range.includesLower ? .greaterOrEqual : .greater, sql, .value(bound.sqlValue))
        }
        let upper = range.upper.map { bound in
            SQLExpression.comparison(range.includesUpper ? .lessOrEqual : .less, sql, .value(bound.sqlValue))
        }
        return Condition(lower ?? upper ?? .not(.isNull(sql)))
    }
}
