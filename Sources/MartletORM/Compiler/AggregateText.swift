/// The parts of a call of an aggregate as SQL: what a dialect puts together.
public struct AggregateText: Sendable {
    /// One term of the order in which rows are taken.
    public struct Term: Sendable {
        /// The expression.
        public let sql: String
        /// ` ASC` or ` DESC`, and where nulls stand.
        public let direction: String
    }

    /// The name in Martlet: `SUM.integer`, `STRING_AGG`.
    public let name: String
    /// The arguments; each stands once.
    public private(set) var arguments: [String]
    /// Whether equal arguments count once.
    public let isDistinct: Bool
    /// The order in which rows are taken.
    public let order: [Term]
    /// The condition that rows must satisfy.
    public var filter: String?
    /// `OVER (…)` with a blank before it.
    public let over: String?

    /// `NAME(DISTINCT argument ORDER BY …) FILTER (WHERE …) OVER (…)`.
    ///
    /// - Parameters:
    ///   - function: The function's name in SQL; without the part behind a point.
    ///   - hasOrder: Whether the function takes an order.
    public func standard(_ function: String, hasOrder: Bool = true) -> String {
        written(String(function.prefix { $0 != "." }), hasOrder: hasOrder)
    }

    /// The same of a function whose name may have a schema before it.
    func written(_ function: String, hasOrder: Bool = true) -> String {
        var sql = function
        sql += isDistinct ? "(DISTINCT " : "("
        sql += arguments.joined(separator: ", ")
        if hasOrder, !order.isEmpty {
            sql += " ORDER BY " + order.map { $0.sql + $0.direction }.joined(separator: ", ")
        }
        return sql + ")" + tail
    }

    /// The same call with one argument less.
    public var withoutLastArgument: AggregateText {
        var call = self
        call.arguments.removeLast()
        return call
    }

    /// `FILTER (WHERE …) OVER (…)` with a blank before it; empty for neither.
    public var tail: String { (filter.map { " FILTER (WHERE \($0))" } ?? "") + (over ?? "") }
}
