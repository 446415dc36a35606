import FoundationEssentials
import MartletCalendar

extension SQLCompiler {
    /// A comparison of a moment's year with a number, as one of the moment with the year's ends, which an index serves;
    /// `nil` for any other comparison.
    mutating func yearRange(
        _ comparison: Comparison, _ left: SQLExpression, _ right: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String? {
        guard case .datePart(.year, .call(let function, let arguments)) = left, function.name == "local time",
            arguments.count == 2, case .value(.integer(let number)) = right, (1...9998).contains(number)
        else { return nil }
        let year = Int(number)
        let column = try operand(arguments[0], in: &scope)
        let zone = arguments[1]
        switch comparison {
        case .less: return try "\(column) < \(start(of: year, zone, in: &scope))"
        case .lessOrEqual: return try "\(column) < \(start(of: year + 1, zone, in: &scope))"
        case .greater: return try "\(column) >= \(start(of: year + 1, zone, in: &scope))"
        case .greaterOrEqual: return try "\(column) >= \(start(of: year, zone, in: &scope))"
        case .equal:
            let start = try start(of: year, zone, in: &scope)
            return try "(\(column) >= \(start) AND \(column) < \(self.start(of: year + 1, zone, in: &scope)))"
        case .notEqual: return nil
        }
    }

    /// The moment at which a year begins in a zone. In UTC it is a bound value, else the database knows it.
    private mutating func start(
        of year: Int, _ zone: SQLExpression, in scope: inout Scope
    ) throws(ORMError) -> String {
        if case .call(let name, _) = zone, name.name == "'UTC'" {
            let days = CivilDate.firstDay(of: year)
            return bind(.dateTime(Date(timeIntervalSince1970: Double(days * 86_400))))
        }
        let digits = String("000\(year)".suffix(4))
        let literal = SQLFunction("'\(digits)-01-01 00:00:00'") { _ in "'\(digits)-01-01 00:00:00'" }
        return try sql(.call(.moment, [.call(literal, []), zone]), in: &scope)
    }

    /// What a document holds at a path.
    mutating func json(
        _ reading: JSONReading, _ document: SQLExpression, _ path: [JSONStep], in scope: inout Scope
    ) throws(ORMError) -> String {
        let document = try sql(document, in: &scope)
        var bound: [SQLValue] = []
        let first = parameters.count
        let sql = dialect.json(reading, of: document, at: path) { value in
            bound.append(value)
            return dialect.placeholder(first + bound.count)
        }
        for value in bound { _ = bind(value) }
        return sql
    }
}
