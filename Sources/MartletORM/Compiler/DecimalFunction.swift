/// Arithmetic with decimals: an operator where the database computes exactly, a function where it would not.
package enum DecimalFunction {
    package static let add = SQLFunction("decimal add") { "(\($0[0]) + \($0[1]))" }
    package static let subtract = SQLFunction("decimal subtract") { "(\($0[0]) - \($0[1]))" }
    package static let multiply = SQLFunction("decimal multiply") { "(\($0[0]) * \($0[1]))" }
    /// The number as a column keeps it that has so many places; PostgreSQL's columns round by themselves.
    package static let round = SQLFunction("decimal round") { $0[0] }
}

extension SQLCompiler {
    /// Arithmetic in which a decimal takes part; `nil` for any other.
    mutating func decimalArithmetic(
        _ sign: Arithmetic, _ left: SQLExpression, _ right: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String? {
        guard left.isDecimal || right.isDecimal else { return nil }
        let left = try sql(left, in: &scope)
        let arguments = [left, try sql(right, in: &scope)]
        return switch sign {
        case .add: DecimalFunction.add.sql(arguments, dialect)
        case .subtract: DecimalFunction.subtract.sql(arguments, dialect)
        case .multiply: DecimalFunction.multiply.sql(arguments, dialect)
        }
    }

    /// The value that an update gives to a column.
    mutating func assigned(
        _ value: SQLExpression, to column: FieldSchema, in scope: inout Scope
    ) throws(ORMError) -> String {
        guard case .decimal(_, let places) = column.kind else { return try sql(value, in: &scope) }
        if case .value(let value) = value { return bind(value.rounded(places: places)) }
        let sql = try sql(value, in: &scope)
        guard case .arithmetic = value else { return sql }
        return DecimalFunction.round.sql([sql, "\(places)"], dialect)
    }
}

extension SQLExpression {
    /// Whether the expression is a decimal by its columns or values.
    fileprivate var isDecimal: Bool {
        switch self {
        case .value(.decimal): true
        case .column(let path): if case .decimal = path.field.kind { true } else { false }
        case .arithmetic(_, let left, let right): left.isDecimal || right.isDecimal
        default: false
        }
    }
}
