import FoundationEssentials

/// Arithmetic with decimals: an operator where the database computes exactly, a function where it would not.
package enum DecimalFunction {
    package static let add = SQLFunction("decimal add") { "(\($0[0]) + \($0[1]))" }
    package static let subtract = SQLFunction("decimal subtract") { "(\($0[0]) - \($0[1]))" }
    package static let multiply = SQLFunction("decimal multiply") { "(\($0[0]) * \($0[1]))" }
    /// Of dividend, divisor, and the places that either has at least; null for a divisor of zero.
    package static let divide = SQLFunction("decimal divide", mayBeNull: true) { "(\($0[0]) / NULLIF(\($0[1]), 0))" }
    /// With the sign of the dividend; null for a divisor of zero.
    package static let remainder = SQLFunction("decimal remainder", mayBeNull: true) {
        "(\($0[0]) % NULLIF(\($0[1]), 0))"
    }
    package static let negate = SQLFunction("decimal negate") { "(- \($0[0]))" }
    package static let absolute = SQLFunction("decimal abs") { "ABS(\($0[0]))" }
    package static let ceiling = SQLFunction("decimal ceil") { "CEILING(\($0[0]))" }
    package static let floor = SQLFunction("decimal floor") { "FLOOR(\($0[0]))" }
    /// To places, a half away from zero.
    package static let roundTo = SQLFunction("decimal round to") { "ROUND(\($0[0]), \($0[1]))" }
    package static let greatest = SQLFunction("decimal greatest") { "GREATEST(\($0.joined(separator: ", ")))" }
    package static let least = SQLFunction("decimal least") { "LEAST(\($0.joined(separator: ", ")))" }
    /// As text with places.
    package static let text = SQLFunction("text of decimal") { "CAST(\($0[0]) AS text)" }
    /// The number as a column keeps it that has so many places; PostgreSQL's columns round by themselves.
    package static let round = SQLFunction("decimal round") { $0[0] }

    /// The name of a comparison of computed decimals: `decimal <`.
    package static func name(of comparison: Comparison) -> String { "decimal \(comparison.rawValue)" }
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
        if case .column(let path) = value, case .decimal(_, let own) = path.field.kind, own <= places { return sql }
        return DecimalFunction.round.sql([sql, "\(places)"], dialect)
    }
}

extension SQLExpression {
    /// Whether the expression is a decimal by its columns, values or functions.
    var isDecimal: Bool {
        switch self {
        case .value(.decimal): true
        case .column(let path): if case .decimal = path.field.kind { true } else { false }
        case .arithmetic(_, let left, let right): left.isDecimal || right.isDecimal
        case .call(let function, let arguments): Self.isDecimal(function.name, arguments)
        case .aggregate(let call): Self.isDecimal(call)
        case .window(let call):
            switch call.function {
            case .aggregate(let call): Self.isDecimal(call)
            case .function(_, let arguments): arguments.first?.isDecimal ?? false
            case .problem: false
            }
        case .subquery(_, let selected): selected.isDecimal
        case .outer(let inner), .annotated(_, let inner): inner.isDecimal
        default: false
        }
    }

    /// Whether it is a decimal that is not stored or bound as it is, so that a database may hold it in another form.
    var isComputedDecimal: Bool {
        switch self {
        case .column, .value: false
        default: isDecimal
        }
    }

    private static func isDecimal(_ call: AggregateCall) -> Bool {
        switch call.function {
        case .minimum, .maximum, .anyValue: call.arguments.first?.isDecimal ?? false
        default: call.function.name.hasSuffix(".decimal")
        }
    }

    private static func isDecimal(_ function: String, _ arguments: [SQLExpression]) -> Bool {
        switch function {
        case "typed decimal", "cast decimal": true
        case "COALESCE", "NULLIF": arguments.contains(where: \.isDecimal)
        case "CASE": arguments.count > 1 && arguments[1].isDecimal
        default: function.hasPrefix("decimal ")
        }
    }

    /// How many digits stand behind the point in PostgreSQL, zeros at the end among them, as far as that is known.
    var decimalPlaces: Int {
        switch self {
        case .column(let path): if case .decimal(_, let places) = path.field.kind { places } else { 0 }
        case .value(.decimal(let number)): Swift.max(0, -number.exponent)
        case .arithmetic(.multiply, let left, let right): left.decimalPlaces + right.decimalPlaces
        case .arithmetic(_, let left, let right): Swift.max(left.decimalPlaces, right.decimalPlaces)
        case .call(_, let arguments): arguments.map(\.decimalPlaces).max() ?? 0
        case .aggregate(let call): call.arguments.first?.decimalPlaces ?? 0
        case .outer(let inner), .annotated(_, let inner): inner.decimalPlaces
        default: 0
        }
    }
}
