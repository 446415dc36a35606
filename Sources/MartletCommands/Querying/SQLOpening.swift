/// How a text of SQL begins.
enum SQLOpening {
    /// The first word, past blanks, comments and opening parentheses; empty where there is none.
    static func word(of sql: String) -> String {
        var rest = sql[...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "(" }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                guard let end = rest.dropFirst(2).firstRange(of: "*/") else { return "" }
                rest = rest[end.upperBound...]
            } else {
                return String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            }
        }
    }
}
