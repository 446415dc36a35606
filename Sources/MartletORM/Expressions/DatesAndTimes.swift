import MartletValues

// Days and times of day as expressions of their own: those of a moment, and the parts of those that are stored.
//
// Source: [Django, `TruncDate` and `TruncTime`](https://docs.djangoproject.com/en/5.2/ref/models/database-functions/#datefield-truncation).

extension Expr where V: DateTimeValue {
    /// The day, in UTC.
    public var date: Expr<V.Day> { date(in: .utc) }

    /// The day, as calendars of a zone show it.
    ///
    /// ```swift
    /// .filter { $0.createdAt.date(in: "Europe/Berlin") == today }
    /// ```
    public func date(in zone: TimeZoneName) -> Expr<V.Day> {
        Expr<V.Day>(.call(.dateOfClocks, [.local(sql, in: zone)]))
    }

    /// The time of day, in UTC.
    public var time: Expr<V.Time> { time(in: .utc) }

    /// The time of day, as clocks of a zone show it.
    public func time(in zone: TimeZoneName) -> Expr<V.Time> {
        Expr<V.Time>(.call(.timeOfClocks, [.local(sql, in: zone)]))
    }
}

extension Expr where V: DateValue {
    /// The year.
    public var year: Expr<Int?> { part(.year) }

    /// The year of the ISO week: 2021-01-03 belongs to 2020.
    public var isoYear: Expr<Int?> { part(.isoYear) }

    /// The quarter, 1 to 4.
    public var quarter: Expr<Int?> { part(.quarter) }

    /// The month, 1 to 12.
    public var month: Expr<Int?> { part(.month) }

    /// The ISO week, 1 to 53.
    public var week: Expr<Int?> { part(.week) }

    /// The day of the month, 1 to 31.
    public var day: Expr<Int?> { part(.day) }

    /// The day of the week, 1 for Sunday to 7 for Saturday.
    public var weekDay: Expr<Int?> { part(.weekDay) }

    /// The day of the ISO week, 1 for Monday to 7 for Sunday.
    public var isoWeekDay: Expr<Int?> { part(.isoWeekDay) }

    /// The first day of its year, quarter, month or week.
    ///
    /// A unit below a day is an error when the query runs.
    public func truncated(to unit: DateUnit) -> Expr {
        guard unit.isOfDays else {
            return Expr(
                .invalid("A day cannot be cut to its \(unit.rawValue). Cut it to a year, quarter, month or week."))
        }
        return Expr(.call(.truncatedDay, [.call(SQLFunction.literal("'\(unit.rawValue)'"), []), sql]))
    }

    private func part(_ part: DatePart) -> Expr<Int?> { Expr<Int?>(.datePart(part, sql)) }
}

extension Expr where V: TimeValue {
    /// The hour, 0 to 23.
    public var hour: Expr<Int?> { part(.hour) }

    /// The minute, 0 to 59.
    public var minute: Expr<Int?> { part(.minute) }

    /// The second, 0 to 59, without its fraction.
    public var second: Expr<Int?> { part(.second) }

    private func part(_ part: DatePart) -> Expr<Int?> { Expr<Int?>(.datePart(part, .call(.clocksOfTime, [sql]))) }
}

extension DateUnit {
    /// Whether a day can be cut to it.
    var isOfDays: Bool {
        switch self {
        case .year, .quarter, .month, .week, .day: true
        case .hour, .minute, .second: false
        }
    }
}

extension SQLFunction {
    /// Text that stands in the statement as it is, of letters of the framework's own.
    static func literal(_ text: String) -> SQLFunction { SQLFunction(text) { _ in text } }

    static let dateOfClocks = SQLFunction("date of clocks") { "CAST(\($0[0]) AS date)" }
    static let timeOfClocks = SQLFunction("time of clocks") { "CAST(\($0[0]) AS time)" }
    /// A time of day as what a part can be read of.
    static let clocksOfTime = SQLFunction("clocks of time") { $0[0] }
    static let truncatedDay = SQLFunction("truncated day") {
        "CAST(DATE_TRUNC(\($0[0]), CAST(\($0[1]) AS timestamp)) AS date)"
    }
}
