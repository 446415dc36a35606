import FoundationEssentials

extension TemplateLibrary {
    mutating func addStandardFilters() {
        addValueFilters()
        addTextFilters()
        addWrappingFilters()
        addHTMLFilters()
        addListFilters()
        addNumberFilters()
        addDateFilters()
    }

    /// A filter that sees its value as text.
    mutating func textFilter(
        _ name: String, argument: TemplateFilter.Argument = .none, keepsSafe: Bool = true,
        _ body: @escaping @Sendable (String, FilterCall) throws -> String
    ) {
        filter(name, argument: argument, keepsSafe: keepsSafe) { value, call in .string(try body(value.text, call)) }
    }
}

extension FilterCall {
    /// The argument as text; empty if there is none.
    var text: String { argument?.text ?? "" }

    /// The argument as a whole number, or nil.
    var whole: Int? { argument.flatMap(wholeNumber) }
}

/// The value as Python's `int` reads it: numbers lose their fraction, text must be digits.
func wholeNumber(_ value: TemplateValue) -> Int? {
    switch value {
    case .bool(let value): value ? 1 : 0
    case .int(let value): value
    case .double(let value): Int(exactly: value.rounded(.towardZero))
    case .decimal(let value): Int(value.description.prefix { $0 != "." })
    case .string(let text), .safe(let text): Int(text.filter { $0 != "_" }.trimmingSpaces)
    default: nil
    }
}

/// The value as Python's `float` reads it.
func floatingPoint(_ value: TemplateValue) -> Double? {
    if let number = value.number { return number.double }
    switch value {
    case .string(let text), .safe(let text): return Double(text.trimmingSpaces)
    default: return nil
    }
}

extension StringProtocol {
    /// Without spaces at both ends.
    var trimmingSpaces: String {
        var part = unicodeScalars[...]
        while let scalar = part.first, scalar.isSpace { part.removeFirst() }
        while let scalar = part.last, scalar.isSpace { part.removeLast() }
        return String(part)
    }
}

extension Unicode.Scalar {
    /// Whether Python's `split` cuts here. ASCII is answered without Unicode's tables.
    var isSpace: Bool {
        value < 128 ? value == 32 || (9...13).contains(value) || (28...31).contains(value) : properties.isWhitespace
    }
}

extension String {
    /// A string of some scalars of another.
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
