import CSQLite

extension ScalarFunction {
    /// SQLite's own conversion makes 0 of what is no number.
    static let conversions = [
        ScalarFunction("martlet_integer", 1) { a in
            switch a.type(0) {
            case SQLITE_INTEGER: return .integer(a.integer(0))
            case SQLITE_FLOAT:
                guard let number = Int64(exactly: a.real(0).rounded(.toNearestOrEven)) else {
                    throw FunctionError("\(a.real(0)) is out of range for a whole number")
                }
                return .integer(number)
            default:
                guard let number = Int64(trimmed(a.text(0))) else {
                    throw FunctionError("invalid input for a whole number: \"\(a.text(0).prefix(40))\"")
                }
                return .integer(number)
            }
        },
        ScalarFunction("martlet_real", 1) { a in
            if a.type(0) != SQLITE_TEXT { return .real(a.real(0)) }
            guard let number = Double(trimmed(a.text(0))) else {
                throw FunctionError("invalid input for a number: \"\(a.text(0).prefix(40))\"")
            }
            return .real(number)
        },
        ScalarFunction("martlet_text", 1) { a in
            guard a.type(0) == SQLITE_FLOAT else { return .text(a.text(0)) }
            let text = "\(a.real(0))"
            // PostgreSQL writes no fraction that is zero.
            return .text(text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        },
    ]

    private static func trimmed(_ text: String) -> Substring {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
