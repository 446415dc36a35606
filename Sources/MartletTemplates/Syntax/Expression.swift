/// What a filter is applied to, or given.
enum Operand: Sendable {
    case literal(TemplateValue)
    case variable(Variable)
    /// A part of `forloop`; the variable counts where no loop is in progress.
    case loop(LoopVariable, Variable)
    /// `block.super`.
    case superBlock
}

/// A filter with its argument, as it stands in an expression.
struct FilterUse: Sendable {
    let name: String
    let filter: TemplateFilter
    let argument: Operand?
}

/// `post.title|default:"untitled"|upper`.
struct Expression: Sendable {
    let text: String
    let operand: Operand
    let filters: [FilterUse]

    /// The text, if the expression is a string in quotes without filters.
    var literalText: String? {
        guard filters.isEmpty, case .literal(let value) = operand, value.isSafe else { return nil }
        return value.text
    }
}

/// Reads an expression byte by byte.
struct ExpressionParser {
    private let text: String
    private let bytes: [UInt8]
    private var index = 0

    private init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// - Parameter filter: Finds a filter by name, and whether it may have (has) an argument.
    /// - Throws: ``TemplateProblem`` for what cannot be read.
    static func parse(_ text: String, filter: (String, Bool) throws -> TemplateFilter?) throws -> Expression {
        var parser = ExpressionParser(text)
        return try parser.run(filter)
    }

    private mutating func run(_ filter: (String, Bool) throws -> TemplateFilter?) throws -> Expression {
        guard let operand = try readOperand() else { throw remainder() }
        var filters: [FilterUse] = []
        while index < bytes.count {
            skipSpaces()
            guard take("|") else { throw remainder() }
            skipSpaces()
            let name = readName()
            guard !name.isEmpty else {
                throw TemplateProblem.syntax("'\(text)' has a '|' without the name of a filter.", "Write value|filter.")
            }
            var argument: Operand?
            if take(":") {
                argument = try readOperand()
                if argument == nil {
                    throw TemplateProblem.syntax(
                        "The argument of '\(name)' is missing after the colon.",
                        "Write \(name):\"text\" or \(name):variable, without a space after the colon.")
                }
            }
            guard let found = try filter(name, argument != nil) else { continue }
            filters.append(FilterUse(name: name, filter: found, argument: argument))
        }
        return Expression(text: text, operand: operand, filters: filters)
    }

    private func remainder() -> TemplateProblem {
        let rest = String(decoding: bytes[index...], as: UTF8.self)
        return .syntax(
            "Could not read '\(rest)' in '\(text)'.",
            "Write a name, a number or quoted text, then filters as |name:argument.")
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpaces() {
        while index < bytes.count, bytes[index] == 32 || bytes[index] == 9 { index += 1 }
    }

    private mutating func readName() -> String {
        let start = index
        while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    /// Quoted text, a number, a name with dots; nil if none of these comes next.
    private mutating func readOperand() throws -> Operand? {
        if let end = endOfString(bytes, at: index) {
            let text = unescaped(bytes[(index + 1)..<(end - 1)])
            index = end
            // Text in a template was written by its author, so it counts as HTML.
            return .literal(.safe(text))
        }
        if let number = readNumber() { return .literal(number) }
        let start = index
        while index < bytes.count, isNameByte(bytes[index]) || bytes[index] == UInt8(ascii: ".") { index += 1 }
        guard index > start else { return nil }
        return try Self.operand(named: String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func readNumber() -> TemplateValue? {
        var end = index
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") || bytes[end] == UInt8(ascii: "+") { end += 1 }
        let digits = end
        while end < bytes.count, isNameByte(bytes[end]) || bytes[end] == UInt8(ascii: ".") { end += 1 }
        guard digits < end, bytes[digits] != UInt8(ascii: "_"), bytes[digits] < 58 else { return nil }
        let text = String(decoding: bytes[index..<end], as: UTF8.self)
        var number: TemplateValue?
        if let whole = Int(text) {
            number = .int(whole)
        } else if text.utf8.allSatisfy({ $0 < 58 || $0 == UInt8(ascii: "e") }), let real = Double(text), real.isFinite {
            number = .double(real)
        }
        if number != nil { index = end }
        return number
    }

    private static func operand(named text: String) throws -> Operand {
        switch text {
        case "True": return .literal(.bool(true))
        case "False": return .literal(.bool(false))
        case "None": return .literal(.null)
        case "block.super": return .superBlock
        default:
            let variable = try Variable(text)
            return LoopVariable(variable).map { .loop($0, variable) } ?? .variable(variable)
        }
    }

    /// `\"`, `\'` and `\\` stand for the second character; other backslashes for themselves.
    private func unescaped(_ slice: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var index = slice.startIndex
        while index < slice.endIndex {
            let next = index + 1
            if slice[index] == UInt8(ascii: "\\"), next < slice.endIndex, [34, 39, 92].contains(slice[next]) {
                index = next
            }
            result.append(slice[index])
            index += 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}
