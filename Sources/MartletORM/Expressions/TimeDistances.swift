public import FoundationEssentials
import MartletValues

// Distances in time, which are durations, and moments at a distance that a column holds.
//
// Source: [Django, `DurationField` in expressions](https://docs.djangoproject.com/en/5.2/topics/db/queries/#using-f-expressions-in-filters).

/// How long after a moment another is.
///
/// ```swift
/// .filter { $0.endsAt - $0.startsAt > .seconds(3600) }
/// ```
public func - <V: DateTimeValue>(left: Expr<V>, right: Expr<Date>) -> Expr<V.Distance> {
    Expr<V.Distance>(.call(.momentsApart, [left.sql, right.sql]))
}

/// How long after a moment another is; null where one is null.
public func - <V: DateTimeValue>(left: Expr<V>, right: Expr<Date?>) -> Expr<Duration?> {
    Expr<Duration?>(.call(.momentsApart, [left.sql, right.sql]))
}

/// How long after a moment the column's is.
public func - <V: DateTimeValue>(left: Expr<V>, right: Date) -> Expr<V.Distance> {
    Expr<V.Distance>(.call(.momentsApart, [left.sql, .typed(right.sqlValue)]))
}

/// How long after a day another is, in days of 24 hours; null where one is null.
public func - <L: DateValue, R: DateValue>(left: Expr<L>, right: Expr<R>) -> Expr<Duration?> {
    Expr<Duration?>(.call(.daysApart, [left.sql, right.sql]))
}

/// How long after a time of day another is, below zero for an earlier one; null where one is null.
public func - <L: TimeValue, R: TimeValue>(left: Expr<L>, right: Expr<R>) -> Expr<Duration?> {
    Expr<Duration?>(.call(.timesApart, [left.sql, right.sql]))
}

/// The moment as long after another as a column says.
public func + <V: DateTimeValue>(left: Expr<V>, right: Expr<Duration>) -> Expr<V> {
    Expr(.call(.addedDuration, [left.sql, right.sql]))
}

/// The moment as long before another as a column says.
public func - <V: DateTimeValue>(left: Expr<V>, right: Expr<Duration>) -> Expr<V> {
    Expr(.call(.subtractedDuration, [left.sql, right.sql]))
}

extension Duration: SummableValue {
    /// The same type.
    public typealias Sum = Duration
    /// The same type, rounded to a microsecond.
    public typealias Average = Duration
    /// As lengths of time.
    public static var summation: Summation { .duration }
}

extension SQLFunction {
    static let momentsApart = SQLFunction("moments apart") { "(\($0[0]) - \($0[1]))" }
    static let daysApart = SQLFunction("days apart") { "((\($0[0]) - \($0[1])) * INTERVAL '1 day')" }
    static let timesApart = SQLFunction("times apart") { "(\($0[0]) - \($0[1]))" }
    static let addedDuration = SQLFunction("added duration") { "(\($0[0]) + \($0[1]))" }
    static let subtractedDuration = SQLFunction("subtracted duration") { "(\($0[0]) - \($0[1]))" }
}
