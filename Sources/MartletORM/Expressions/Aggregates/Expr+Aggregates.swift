// Aggregates: one value from many rows. All leave nulls out, and all but counts are nil where there is no row.
//
// Source: https://docs.djangoproject.com/en/5.2/ref/models/querysets/#aggregation-functions

extension Expr {
    /// How many of the rows have a value.
    ///
    /// - Parameters:
    ///   - distinct: Whether equal values count once.
    ///   - filter: Which rows count.
    public func count(distinct: Bool = false, filter: Condition? = nil) -> Expr<Int> {
        Expr<Int>(.aggregate(AggregateCall(.count, [sql], isDistinct: distinct, filter: filter?.sql)))
    }

    /// Any of the values; which one is the database's choice.
    public func anyValue(filter: Condition? = nil) -> Expr<V.Unwrapped?> {
        Expr<V.Unwrapped?>(.aggregate(AggregateCall(.anyValue, [sql], filter: filter?.sql)))
    }

    /// All values, nulls among them, as a list.
    ///
    /// ```swift
    /// let rows: [(String, AggregatedValues<String>?)] = try await Book.objects
    ///     .values { ($0.author.name, $0.title.collected(orderBy: $0.title.ascending)) }
    /// ```
    ///
    /// - Parameters:
    ///   - distinct: Whether equal values stand there once; PostgreSQL then orders by the value only.
    ///   - filter: Which rows count.
    ///   - orders: The order of the values.
    public func collected(
        distinct: Bool = false, filter: Condition? = nil, orderBy orders: Order...
    ) -> Expr<AggregatedValues<V>?> {
        Expr<AggregatedValues<V>?>(
            .aggregate(
                AggregateCall(.list, [sql], isDistinct: distinct, filter: filter?.sql, orders: orders.map(\.term))))
    }
}

extension Expr where V.Unwrapped: Comparable {
    /// The smallest value.
    public func min(filter: Condition? = nil) -> Expr<V.Unwrapped?> {
        Expr<V.Unwrapped?>(.aggregate(AggregateCall(.minimum, [sql], filter: filter?.sql)))
    }

    /// The smallest value, or another one where there is none.
    public func min(filter: Condition? = nil, default fallback: V.Unwrapped) -> Expr<V.Unwrapped> {
        Expr<V.Unwrapped>(
            .aggregate(AggregateCall(.minimum, [sql], filter: filter?.sql, fallback: fallback.sqlValue)))
    }

    /// The largest value.
    public func max(filter: Condition? = nil) -> Expr<V.Unwrapped?> {
        Expr<V.Unwrapped?>(.aggregate(AggregateCall(.maximum, [sql], filter: filter?.sql)))
    }

    /// The largest value, or another one where there is none.
    public func max(filter: Condition? = nil, default fallback: V.Unwrapped) -> Expr<V.Unwrapped> {
        Expr<V.Unwrapped>(
            .aggregate(AggregateCall(.maximum, [sql], filter: filter?.sql, fallback: fallback.sqlValue)))
    }
}

extension Expr where V: SummableValue {
    /// The sum.
    ///
    /// - Parameters:
    ///   - distinct: Whether equal values count once.
    ///   - filter: Which rows count.
    public func sum(distinct: Bool = false, filter: Condition? = nil) -> Expr<V.Sum?> {
        Expr<V.Sum?>(summed(V.summation.sum, distinct, filter))
    }

    /// The sum, or another value where there is no row.
    public func sum(distinct: Bool = false, filter: Condition? = nil, default fallback: V.Sum) -> Expr<V.Sum> {
        Expr<V.Sum>(summed(V.summation.sum, distinct, filter, fallback.sqlValue))
    }

    /// The average.
    ///
    /// - Parameters:
    ///   - distinct: Whether equal values count once.
    ///   - filter: Which rows count.
    public func average(distinct: Bool = false, filter: Condition? = nil) -> Expr<V.Average?> {
        Expr<V.Average?>(summed(V.summation.average, distinct, filter))
    }

    /// The average, or another value where there is no row.
    public func average(
        distinct: Bool = false, filter: Condition? = nil, default fallback: V.Average
    ) -> Expr<V.Average> {
        Expr<V.Average>(summed(V.summation.average, distinct, filter, fallback.sqlValue))
    }

    fileprivate func summed(
        _ function: AggregateFunction, _ distinct: Bool, _ filter: Condition?, _ fallback: SQLValue? = nil
    ) -> SQLExpression {
        let places: [SQLExpression] = function.name == "AVG.decimal" ? [.constant(sql.decimalPlaces)] : []
        return .aggregate(
            AggregateCall(function, [sql] + places, isDistinct: distinct, filter: filter?.sql, fallback: fallback))
    }
}

extension Expr where V: SummableValue, V.Unwrapped: Numeric {
    /// How far the values lie from their average.
    ///
    /// - Parameters:
    ///   - sample: Whether the rows are a sample of more, so that the result is nil for one row.
    ///   - filter: Which rows count.
    public func standardDeviation(sample: Bool = false, filter: Condition? = nil) -> Expr<Double?> {
        Expr<Double?>(summed(AggregateFunction(sample ? "STDDEV_SAMP" : "STDDEV_POP"), false, filter))
    }

    /// The square of the standard deviation.
    ///
    /// - Parameters:
    ///   - sample: Whether the rows are a sample of more, so that the result is nil for one row.
    ///   - filter: Which rows count.
    public func variance(sample: Bool = false, filter: Condition? = nil) -> Expr<Double?> {
        Expr<Double?>(summed(AggregateFunction(sample ? "VAR_SAMP" : "VAR_POP"), false, filter))
    }
}

extension Expr where V: IntegerValue {
    /// The bits that all values have.
    public func bitAnd(filter: Condition? = nil) -> Expr<V.Unwrapped?> { bits("BIT_AND", filter) }

    /// The bits that some value has.
    public func bitOr(filter: Condition? = nil) -> Expr<V.Unwrapped?> { bits("BIT_OR", filter) }

    /// The bits that an odd number of values have.
    public func bitXor(filter: Condition? = nil) -> Expr<V.Unwrapped?> { bits("BIT_XOR", filter) }

    private func bits(_ name: String, _ filter: Condition?) -> Expr<V.Unwrapped?> {
        Expr<V.Unwrapped?>(.aggregate(AggregateCall(AggregateFunction(name), [sql], filter: filter?.sql)))
    }
}

extension Expr where V: BoolValue {
    /// Whether it is true for every row.
    public func allTrue(filter: Condition? = nil) -> Expr<Bool?> {
        Expr<Bool?>(.aggregate(AggregateCall(.every, [sql], filter: filter?.sql)))
    }

    /// Whether it is true for some row.
    public func anyTrue(filter: Condition? = nil) -> Expr<Bool?> {
        Expr<Bool?>(.aggregate(AggregateCall(.some, [sql], filter: filter?.sql)))
    }
}

extension Expr where V: TextValue {
    /// The texts one behind the other.
    ///
    /// - Parameters:
    ///   - separator: What stands between two texts.
    ///   - distinct: Whether equal texts stand there once; PostgreSQL then orders by the text only.
    ///   - filter: Which rows count.
    ///   - orders: The order of the texts.
    public func joined(
        separator: String, distinct: Bool = false, filter: Condition? = nil, orderBy orders: Order...
    ) -> Expr<String?> {
        Expr<String?>(
            .aggregate(
                AggregateCall(
                    .text, [sql, .value(.text(separator))], isDistinct: distinct, filter: filter?.sql,
                    orders: orders.map(\.term))))
    }
}

extension RelatedColumns {
    /// How many of the rows satisfy a condition.
    ///
    /// ```swift
    /// Post.objects.filter { $0.comments.count { !$0.isSpam } > 3 }
    /// ```
    public func count(_ condition: (Columns<M>) -> Condition) -> Expr<Int> {
        count(filter: condition(Columns<M>(path)))
    }

    /// How many different rows there are at the end of several relations to many.
    ///
    /// ```swift
    /// Person.objects.annotate { $0.books.labels.count(distinct: true) }
    /// ```
    public func count(distinct: Bool) -> Expr<Int> {
        count(isDistinct: distinct)
    }

    private func count(isDistinct: Bool = false, filter: Condition? = nil) -> Expr<Int> {
        if let unknown = path.unknown { return Expr<Int>(.unknown(model: unknown.model, property: unknown.property)) }
        let key = SQLExpression.column(ColumnPath(path.relations, M.anyTable.primaryKey))
        return Expr<Int>(.aggregate(AggregateCall(.count, [key], isDistinct: isDistinct, filter: filter?.sql)))
    }
}
