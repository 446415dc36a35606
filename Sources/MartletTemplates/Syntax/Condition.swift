/// What stands between `{% if` and `%}`.
indirect enum Condition: Sendable {
    enum Operator: String, Sendable {
        case or, and, not
        case `in`, notIn = "not in"
        case `is`, isNot = "is not"
        case equal = "==", unequal = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="

        /// How tightly it binds: a higher number wins, as in Python.
        var power: Int {
            switch self {
            case .or: 6
            case .and: 7
            case .not: 8
            case .in, .notIn: 9
            default: 10
            }
        }
    }

    case value(Expression)
    case not(Condition)
    case binary(Operator, Condition, Condition)
}

/// Reads a condition by the powers of its operators.
struct ConditionParser {
    private enum Word {
        case value(String)
        case symbol(Condition.Operator)
    }

    private var words: [Word] = []
    private var index = 0
    private let compile: (String) throws -> Expression

    /// More words than any sensible condition has; beyond that, its tree would be deep enough to exhaust the stack.
    private static let maximumWords = 500

    static func parse(_ words: [String], compile: @escaping (String) throws -> Expression) throws -> Condition {
        guard words.count <= maximumWords else {
            throw TemplateProblem.syntax(
                "The condition has more than \(maximumWords) words.", "Compute it in the view.")
        }
        var parser = ConditionParser(joined(words), compile)
        return try parser.run()
    }

    private init(_ words: [Word], _ compile: @escaping (String) throws -> Expression) {
        self.words = words
        self.compile = compile
    }

    private mutating func run() throws -> Condition {
        guard !words.isEmpty else {
            throw TemplateProblem.syntax("The condition is missing.", "Write {% if value %}.")
        }
        let condition = try read(above: 0)
        if index < words.count {
            throw TemplateProblem.syntax(
                "'\(name(words[index]))' does not belong at the end of the condition.",
                "Put 'and', 'or' or a comparison between two values.")
        }
        return condition
    }

    /// `not in` and `is not` become one word.
    private static func joined(_ words: [String]) -> [Word] {
        var result: [Word] = []
        var index = 0
        while index < words.count {
            let pair = index + 1 < words.count ? words[index] + " " + words[index + 1] : ""
            if pair == "not in" || pair == "is not", let symbol = Condition.Operator(rawValue: pair) {
                result.append(.symbol(symbol))
                index += 2
            } else {
                result.append(Condition.Operator(rawValue: words[index]).map { .symbol($0) } ?? .value(words[index]))
                index += 1
            }
        }
        return result
    }

    private mutating func read(above power: Int) throws -> Condition {
        var left = try readPrefix()
        while index < words.count, case .symbol(let symbol) = words[index], symbol != .not, symbol.power > power {
            index += 1
            left = .binary(symbol, left, try read(above: symbol.power))
        }
        if index < words.count, case .value(let text) = words[index] {
            throw TemplateProblem.syntax(
                "'\(text)' follows a value without an operator between them.", "Put 'and', 'or' or a comparison there.")
        }
        return left
    }

    private mutating func readPrefix() throws -> Condition {
        guard index < words.count else {
            throw TemplateProblem.syntax("The condition ends where a value should follow.", "Complete or shorten it.")
        }
        let word = words[index]
        index += 1
        switch word {
        case .value(let text): return .value(try compile(text))
        case .symbol(.not): return .not(try read(above: Condition.Operator.not.power))
        case .symbol(let symbol):
            throw TemplateProblem.syntax(
                "'\(symbol.rawValue)' has no value before it.", "Put a value on both sides of it.")
        }
    }

    private func name(_ word: Word) -> String {
        switch word {
        case .value(let text): text
        case .symbol(let symbol): symbol.rawValue
        }
    }
}
