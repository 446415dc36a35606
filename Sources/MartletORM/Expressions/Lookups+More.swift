// Lookups that are no comparison of a column with one value.

extension Expr where V.Unwrapped: Comparable {
    /// Between two values, both included.
    public func between(_ low: V.Unwrapped, _ high: V.Unwrapped) -> Condition {
        Condition(.call(.between, [sql, .value(low.sqlValue), .value(high.sqlValue)]))
    }

    /// Between two expressions, both included.
    public func between(_ low: Expr<V>, _ high: Expr<V>) -> Condition {
        Condition(.call(.between, [sql, low.sql, high.sql]))
    }
}

extension Expr {
    /// One of several expressions.
    public func `in`(_ first: Expr<V>, _ others: Expr<V>...) -> Condition {
        Condition(.call(.inExpressions, [sql, first.sql] + others.map(\.sql)))
    }
}

extension Expr where V: TextValue {
    /// Has a part that the regular expression describes.
    ///
    /// The database's own expressions: PostgreSQL's, and those of PCRE2 on SQLite, where a point is any character and
    /// `$` the very end, as PostgreSQL means them. One that is none is an error of kind `invalidValue`.
    ///
    /// An expression that comes from outside may take long: on SQLite the steps of one comparison are counted and end
    /// it with an error; on PostgreSQL the time limit of the statement does.
    ///
    /// Source: [Django, `regex`](https://docs.djangoproject.com/en/5.2/ref/models/querysets/#regex).
    public func regex(_ pattern: String) -> Condition { Condition(.matches(sql, pattern, ignoringCase: false)) }

    /// Has a part that the regular expression describes, without regard to case.
    public func iregex(_ pattern: String) -> Condition { Condition(.matches(sql, pattern, ignoringCase: true)) }

    /// Contains the other text.
    public func contains(_ text: Expr<some TextValue>) -> Condition { Condition(.call(.contains, [sql, text.sql])) }

    /// Begins with the other text.
    public func startsWith(_ text: Expr<some TextValue>) -> Condition {
        Condition(.call(.startsWith, [sql, text.sql]))
    }

    /// Ends with the other text.
    public func endsWith(_ text: Expr<some TextValue>) -> Condition { Condition(.call(.endsWith, [sql, text.sql])) }

    /// Contains the other text, without regard to case.
    public func icontains(_ text: Expr<some TextValue>) -> Condition { lower().contains(text.lower()) }

    /// Begins with the other text, without regard to case.
    public func istartsWith(_ text: Expr<some TextValue>) -> Condition { lower().startsWith(text.lower()) }

    /// Ends with the other text, without regard to case.
    public func iendsWith(_ text: Expr<some TextValue>) -> Condition { lower().endsWith(text.lower()) }

    /// Equal to the other text without regard to case.
    public func iexact(_ text: Expr<V>) -> Condition { lower() == text.lower() }
}

extension SQLExpression {
    /// The longest regular expression, in bytes of UTF-8: compiling one takes time too.
    static let longestPattern = 2_000

    static func matches(_ text: SQLExpression, _ pattern: String, ignoringCase: Bool) -> SQLExpression {
        guard pattern.utf8.count <= longestPattern else {
            return .invalid(
                "A regular expression has \(pattern.utf8.count) bytes; at most \(longestPattern) are compared with.")
        }
        return .call(ignoringCase ? .iregex : .regex, [text, .value(.text(pattern))])
    }
}

extension SQLFunction {
    static let between = SQLFunction("BETWEEN", isCondition: true) { "\($0[0]) BETWEEN \($0[1]) AND \($0[2])" }
    static let inExpressions = SQLFunction("IN", isCondition: true) { arguments in
        "\(arguments[0]) IN (\(arguments.dropFirst().joined(separator: ", ")))"
    }
    static let regex = SQLFunction("REGEX", isCondition: true) { "\($0[0]) ~ \($0[1])" }
    static let iregex = SQLFunction("IREGEX", isCondition: true) { "\($0[0]) ~* \($0[1])" }
    static let contains = SQLFunction("contains", isCondition: true) { "STRPOS(\($0[0]), \($0[1])) > 0" }
    static let startsWith = SQLFunction("starts with", isCondition: true) {
        "LEFT(\($0[0]), LENGTH(\($0[1]))) = \($0[1])"
    }
    static let endsWith = SQLFunction("ends with", isCondition: true) {
        "RIGHT(\($0[0]), LENGTH(\($0[1]))) = \($0[1])"
    }
}
