public import FoundationEssentials
public import MartletValues

extension QuerySet {
    /// The different days, years, months … that the rows have, in order: an archive's pages.
    ///
    /// ```swift
    /// let years = try await Event.objects.dates(by: .year) { $0.day }   // 2024-01-01, 2026-01-01
    /// ```
    ///
    /// SQL: `SELECT DISTINCT DATE_TRUNC(…) … WHERE … IS NOT NULL ORDER BY 1`. The query's own order does not count.
    ///
    /// - Parameters:
    ///   - unit: What the days are cut to; not below a day.
    ///   - isDescending: Whether the last stands first.
    /// - Throws: ``ORMError/invalidQuery(_:)`` behind `limit` or `offset`.
    ///
    /// Source: [Django, `dates`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#dates).
    public nonisolated(nonsending) func dates<V: DateValue>(
        by unit: DateUnit, descending isDescending: Bool = false, _ of: (Columns<M>) -> Expr<V>
    ) async throws -> [CalendarDate] {
        let day = of(Columns()).truncated(to: unit)
        return try await beginnings("dates", Expr<CalendarDate>(day.sql), isDescending)
    }

    /// The different years, months, hours … that moments of the rows fall in, by the clocks of a zone, in order.
    ///
    /// ```swift
    /// let months = try await Post.objects.datetimes(by: .month, in: "Europe/Berlin") { $0.publishedOn }
    /// ```
    ///
    /// The query's own order does not count.
    ///
    /// - Parameters:
    ///   - unit: What the moments are cut to.
    ///   - zone: Whose clocks say when a unit begins.
    ///   - isDescending: Whether the last stands first.
    /// - Throws: ``ORMError/invalidQuery(_:)`` behind `limit` or `offset`.
    ///
    /// Source: [Django, `datetimes`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#datetimes).
    public nonisolated(nonsending) func datetimes<V: DateTimeValue>(
        by unit: DateUnit, in zone: TimeZoneName = .utc, descending isDescending: Bool = false,
        _ of: (Columns<M>) -> Expr<V>
    ) async throws -> [Date] {
        let moment = of(Columns()).truncated(to: unit, in: zone)
        return try await beginnings("datetimes", Expr<Date>(moment.sql), isDescending)
    }

    private nonisolated(nonsending) func beginnings<V: FieldValue>(
        _ method: String, _ expression: Expr<V>, _ isDescending: Bool
    ) async throws -> [V] {
        guard !query.isSliced else {
            throw ORMError.invalidQuery(
                "\(method) cannot follow limit or offset, which have chosen the rows by another order. Call it before.")
        }
        let rows = with { query in
            query.conditions.append(.not(.isNull(expression.sql)))
            query.orders = [OrderTerm(expression: expression.sql, isDescending: isDescending, nulls: nil)]
            query.isDistinct = true
        }
        return try await rows.values { _ in expression }
    }
}
