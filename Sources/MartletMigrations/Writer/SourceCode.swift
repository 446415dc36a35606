/// Swift source as a tree that is laid out the way swift-format lays it out.
indirect enum SourceCode {
    struct Argument {
        let label: String?
        let value: SourceCode
    }

    /// Text that is never broken.
    case text(String)
    /// `name(argument, label: argument)`.
    case call(String, [Argument])
    /// `[element, element]`; one element a line if it is told to.
    case list([SourceCode], oneALine: Bool)

    static let width = 120
    static let step = 4

    /// The source on one line; `nil` when it is told to have several.
    private var flat: String? {
        switch self {
        case .text(let text): return text
        case .call(let name, let arguments):
            let parts = arguments.compactMap(\.flat)
            return parts.count == arguments.count ? "\(name)(\(parts.joined(separator: ", ")))" : nil
        case .list(let elements, let oneALine):
            if elements.isEmpty { return "[]" }
            let parts = elements.compactMap(\.flat)
            return parts.count == elements.count && !oneALine ? "[\(parts.joined(separator: ", "))]" : nil
        }
    }

    /// The source, whose first line begins at a column and whose other lines are indented.
    ///
    /// - Parameters:
    ///   - indent: The indentation of the line it stands in.
    ///   - column: Where it begins.
    ///   - tail: How many characters follow on its last line.
    func laidOut(indent: Int, column: Int, tail: Int) -> String {
        if let flat, column + flat.count + tail <= Self.width { return flat }
        switch self {
        case .text(let text): return text
        case .call(let name, let arguments): return "\(name)(\n" + Self.fill(arguments, indent + Self.step, tail) + ")"
        case .list(let elements, _):
            let inner = indent + Self.step
            // swift-format wants no comma behind the only element.
            let comma = elements.count > 1 ? "," : ""
            let lines = elements.map {
                Self.blank(inner) + $0.laidOut(indent: inner, column: inner, tail: 1) + "\(comma)\n"
            }
            return "[\n" + lines.joined() + Self.blank(indent) + "]"
        }
    }

    /// A call that a closure follows, up to the brace: `name(argument) {`.
    static func opening(_ name: String, _ arguments: [Argument], indent: Int, column: Int) -> String {
        let call = SourceCode.call(name, arguments)
        if let flat = call.flat, column + flat.count + 2 <= width { return flat + " {" }
        // The parenthesis has a line of its own, so that the body stands out.
        return "\(name)(\n" + fill(arguments, indent + step, -1) + "\n" + blank(indent) + ") {"
    }

    /// Arguments one after the other, with a new line before one that does not fit.
    private static func fill(_ arguments: [Argument], _ indent: Int, _ tail: Int) -> String {
        var result = blank(indent)
        var column = indent
        var followsSeveralLines = false
        for (index, argument) in arguments.enumerated() {
            let after = index == arguments.count - 1 ? tail + 1 : 1
            if index > 0 {
                if let flat = argument.flat, !followsSeveralLines, column + 1 + flat.count + after <= width {
                    result += " "
                    column += 1
                } else {
                    result += "\n" + blank(indent)
                    column = indent
                }
            }
            let text = argument.laidOut(indent: indent, column: column, tail: after)
            let separator = index == arguments.count - 1 ? "" : ","
            result += text + separator
            let last = text.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
            followsSeveralLines = text.contains("\n")
            column = (followsSeveralLines ? last : column + last) + separator.count
        }
        return result
    }

    private static func blank(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension SourceCode.Argument {
    fileprivate var flat: String? {
        guard case .some(let text) = SourceCode.flatText(value) else { return nil }
        return prefix + text
    }

    fileprivate var prefix: String { label.map { "\($0): " } ?? "" }

    fileprivate func laidOut(indent: Int, column: Int, tail: Int) -> String {
        prefix + value.laidOut(indent: indent, column: column + prefix.count, tail: tail)
    }
}

extension SourceCode {
    fileprivate static func flatText(_ code: SourceCode) -> String? { code.flat }

    /// A string literal. What could end it, begin an interpolation or not be seen is escaped.
    static func string(_ text: String) -> SourceCode {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            default:
                if scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .control {
                    literal += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    literal.unicodeScalars.append(scalar)
                }
            }
        }
        return .text(literal + "\"")
    }

    static func strings(_ texts: [String]) -> SourceCode { .list(texts.map(string), oneALine: false) }
}

/// Builds the arguments of a call, leaving out those that have their default.
struct SourceArguments {
    private(set) var list: [SourceCode.Argument] = []

    init(_ first: SourceCode...) {
        list = first.map { .init(label: nil, value: $0) }
    }

    func with(_ label: String?, _ value: SourceCode?, unless isDefault: Bool = false) -> SourceArguments {
        guard let value, !isDefault else { return self }
        var copy = self
        copy.list.append(.init(label: label, value: value))
        return copy
    }
}
