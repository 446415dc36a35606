extension Expr {
    /// A value as an expression, where no column stands beside it: `Expr(5)`, `coalesce($0.nickname, Expr("none"))`.
    ///
    /// The value is bound, and its type is told to databases that would have to guess it.
    ///
    /// Source: [Django, `Value`](https://docs.djangoproject.com/en/5.2/ref/models/expressions/#value-expressions).
    public init(_ value: V) {
        self.init(.typed(value.sqlValue))
    }
}

extension SQLExpression {
    /// A bound value that carries its type: PostgreSQL takes a lone parameter for text.
    package static func typed(_ value: SQLValue) -> SQLExpression {
        switch value {
        case .bool: .call(.typedBool, [.value(value)])
        case .integer: .call(.typedInteger, [.value(value)])
        case .real: .call(.typedReal, [.value(value)])
        case .text: .call(.typedText, [.value(value)])
        case .bytes: .call(.typedBytes, [.value(value)])
        case .uuid: .call(.typedUUID, [.value(value)])
        case .dateTime: .call(.typedDateTime, [.value(value)])
        case .decimal: .call(.typedDecimal, [.value(value)])
        case .date: .call(.typedDate, [.value(value)])
        case .time: .call(.typedTime, [.value(value)])
        case .duration: .call(.typedDuration, [.value(value)])
        case .json: .call(.typedJSON, [.value(value)])
        case .null: .value(value)
        }
    }

    /// A whole number that stands in the text of the statement, so that two places with it are the same expression.
    static func constant(_ number: Int) -> SQLExpression {
        .call(SQLFunction("\(number)") { _ in number < 0 ? "(\(number))" : "\(number)" }, [])
    }
}

extension SQLFunction {
    static let typedBool = SQLFunction("typed bool") { $0[0] }
    static let typedInteger = SQLFunction("typed integer") { $0[0] }
    static let typedReal = SQLFunction("typed real") { $0[0] }
    static let typedText = SQLFunction("typed text") { $0[0] }
    static let typedBytes = SQLFunction("typed bytes") { $0[0] }
    static let typedUUID = SQLFunction("typed uuid") { $0[0] }
    static let typedDateTime = SQLFunction("typed dateTime") { $0[0] }
    static let typedDecimal = SQLFunction("typed decimal") { $0[0] }
    static let typedDate = SQLFunction("typed date") { $0[0] }
    static let typedTime = SQLFunction("typed time") { $0[0] }
    static let typedDuration = SQLFunction("typed duration") { $0[0] }
    static let typedJSON = SQLFunction("typed json") { $0[0] }
}
