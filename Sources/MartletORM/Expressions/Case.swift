/// Values by conditions, of which the first that holds counts.
///
/// ```swift
/// .values { ($0.title, when($0.stars > 4, then: "good").when($0.stars > 2, then: "fair").else("poor")) }
/// ```
///
/// SQL: `CASE WHEN stars > 4 THEN 'good' WHEN stars > 2 THEN 'fair' ELSE 'poor' END`.
///
/// Source: [Django, conditional expressions](https://docs.djangoproject.com/en/5.2/ref/models/conditional-expressions/).
public struct Case<V: FieldValue>: Sendable {
    private var branches: [SQLExpression]

    fileprivate init(_ branches: [SQLExpression]) {
        self.branches = branches
    }

    /// Adds a condition and its value.
    public func when(_ condition: Condition, then value: V) -> Case {
        Case(branches + [condition.sql, .typed(value.sqlValue)])
    }

    /// Adds a condition and its value.
    public func when(_ condition: Condition, then value: Expr<V>) -> Case {
        Case(branches + [condition.sql, value.sql])
    }

    /// The value where no condition holds.
    public func `else`(_ value: V) -> Expr<V> {
        Expr(.call(.caseWhen, branches + [.typed(value.sqlValue)]))
    }

    /// The value where no condition holds.
    public func `else`(_ value: Expr<V>) -> Expr<V> {
        Expr(.call(.caseWhen, branches + [value.sql]))
    }

    /// Null where no condition holds.
    public var elseNull: Expr<V.Unwrapped?> { Expr<V.Unwrapped?>(.call(.caseWhen, branches)) }
}

/// Begins a ``Case``: the value where the condition holds.
public func when<V: FieldValue>(_ condition: Condition, then value: V) -> Case<V> {
    Case([condition.sql, .typed(value.sqlValue)])
}

/// Begins a ``Case``: the value where the condition holds.
public func when<V: FieldValue>(_ condition: Condition, then value: Expr<V>) -> Case<V> {
    Case([condition.sql, value.sql])
}

extension SQLFunction {
    /// Conditions and values in turn; one more is the value of `ELSE`.
    static let caseWhen = SQLFunction("CASE", mayBeNull: true) { arguments in
        var sql = "CASE"
        for index in stride(from: 0, to: arguments.count - 1, by: 2) {
            sql += " WHEN \(arguments[index]) THEN \(arguments[index + 1])"
        }
        if arguments.count % 2 == 1, let last = arguments.last { sql += " ELSE \(last)" }
        return "(\(sql) END)"
    }
}
