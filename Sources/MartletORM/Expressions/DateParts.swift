// The parts of moments, as the clocks of a zone show them.
//
// Source: [Django, `Extract`](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#extract).

extension Expr where V: DateTimeValue {
    /// The year, in UTC.
    ///
    /// Comparing it with a number is a comparison of the column with the year's ends, for which an index serves.
    public var year: Expr<Int?> { part(.year, in: .utc) }

    /// The month, 1 to 12, in UTC.
    public var month: Expr<Int?> { part(.month, in: .utc) }

    /// The day of the month, 1 to 31, in UTC.
    public var day: Expr<Int?> { part(.day, in: .utc) }

    /// The year of the ISO week, in UTC: 2021-01-03 belongs to 2020.
    public var isoYear: Expr<Int?> { part(.isoYear, in: .utc) }

    /// The quarter, 1 to 4, in UTC.
    public var quarter: Expr<Int?> { part(.quarter, in: .utc) }

    /// The ISO week, 1 to 53, in UTC.
    public var week: Expr<Int?> { part(.week, in: .utc) }

    /// The day of the week, 1 for Sunday to 7 for Saturday, in UTC.
    public var weekDay: Expr<Int?> { part(.weekDay, in: .utc) }

    /// The day of the ISO week, 1 for Monday to 7 for Sunday, in UTC.
    public var isoWeekDay: Expr<Int?> { part(.isoWeekDay, in: .utc) }

    /// The hour, 0 to 23, in UTC.
    public var hour: Expr<Int?> { part(.hour, in: .utc) }

    /// The minute, 0 to 59, in UTC.
    public var minute: Expr<Int?> { part(.minute, in: .utc) }

    /// The second, 0 to 59, without its fraction.
    public var second: Expr<Int?> { part(.second, in: .utc) }

    /// A part of the moment, as the clocks of a zone show it.
    ///
    /// ```swift
    /// .filter { $0.createdAt.part(.hour, in: "Europe/Berlin") < 9 }
    /// ```
    public func part(_ part: DatePart, in zone: TimeZoneName) -> Expr<Int?> {
        Expr<Int?>(.datePart(part, .local(sql, in: zone)))
    }
}

extension SQLExpression {
    /// A moment as date and time of a zone.
    package static func local(_ moment: SQLExpression, in zone: TimeZoneName) -> SQLExpression {
        .call(.localTime, [moment, zone.sql])
    }
}

extension SQLFunction {
    /// From a moment and a zone: what clocks show there.
    static let localTime = SQLFunction("local time")
    /// From what clocks show and a zone: the moment.
    static let moment = SQLFunction("moment")
}
