extension SchemaExpression {
    /// How the parts of an expression are written at one place: in a table's definition, or in a query that asks whether
    /// a constraint would hold.
    package struct Writer {
        /// The database's language.
        package let dialect: any SQLDialect
        /// The SQL of a field.
        package let column: (String) -> String
        /// The SQL of a constant.
        package let value: (SQLValue) -> String
        /// The SQL of a function that is written in another way here than in queries.
        package let function: (String, [String]) -> String?

        /// Makes a writer.
        package init(
            dialect: any SQLDialect, column: @escaping (String) -> String, value: @escaping (SQLValue) -> String,
            function: @escaping (String, [String]) -> String? = { _, _ in nil }
        ) {
            self.dialect = dialect
            self.column = column
            self.value = value
            self.function = function
        }
    }

    /// The SQL of the expression.
    package func sql(_ writer: Writer) -> String {
        func operand(_ inner: SchemaExpression) -> String {
            inner.isCondition ? "(\(inner.sql(writer)))" : inner.sql(writer)
        }
        switch self {
        case .field(let name): return writer.column(name)
        case .value(let value): return writer.value(value)
        case .binary(let sign, let left, let right):
            let text = "\(operand(left)) \(sign.rawValue) \(operand(right))"
            return sign.isComparison ? text : "(\(text))"
        case .all(let parts): return Self.joined(parts, " AND ", empty: "1 = 1", writer)
        case .any(let parts): return Self.joined(parts, " OR ", empty: "1 = 0", writer)
        // What is neither true nor false does not hold either, as in a query.
        case .not(let inner): return "(\(inner.sql(writer))) IS NOT TRUE"
        case .isNull(let inner): return "\(operand(inner)) IS NULL"
        case .oneOf(_, let values) where values.isEmpty: return "1 = 0"
        case .oneOf(let inner, let values):
            return "\(operand(inner)) IN (\(values.map { $0.sql(writer) }.joined(separator: ", ")))"
        case .text(let test, let inner, let text):
            let dialect = writer.dialect
            let pattern = writer.value(.text(dialect.textPattern(test, text)))
            return dialect.textTest(test, column: operand(inner), pattern: pattern)
        case .datePart(let part, let inner): return writer.dialect.datePart(part, of: inner.clockSQL(writer))
        case .function(let name, let form, let arguments):
            let written = arguments.map { $0.sql(writer) }
            if let own = writer.function(name, written) ?? writer.dialect.call(name, written) { return own }
            return form.map { Self.expand($0, written) } ?? "\(name)(\(written.joined(separator: ", ")))"
        }
    }

    /// What clocks show at a moment: in UTC, unless the expression names another zone.
    private func clockSQL(_ writer: Writer) -> String {
        let text = sql(writer)
        if case .function("local time", _, _) = self { return text }
        return writer.dialect.call("local time", [text, "'UTC'"]) ?? text
    }

    private static func joined(
        _ parts: [SchemaExpression], _ word: String, empty: String, _ writer: Writer
    ) -> String {
        if parts.count < 2 { return parts.first?.sql(writer) ?? empty }
        return parts.map { part in
            switch part {
            case .all, .any: "(\(part.sql(writer)))"
            default: part.sql(writer)
            }
        }.joined(separator: word)
    }

    /// Whether it is true or false by its form.
    private var isCondition: Bool {
        switch self {
        case .binary(let sign, _, _): sign.isComparison
        case .all, .any, .not, .isNull, .oneOf, .text: true
        case .field, .value, .function, .datePart: false
        }
    }

    /// Puts arguments into the places `{0}`, `{1}` of a form; what stands in an argument is not looked at again.
    private static func expand(_ form: String, _ arguments: [String]) -> String {
        var result = ""
        var rest = form[...]
        while let start = rest.firstIndex(of: "{") {
            result += rest[..<start]
            let inner = rest[rest.index(after: start)...]
            guard let end = inner.firstIndex(of: "}"), let position = Int(inner[..<end]),
                arguments.indices.contains(position)
            else {
                result += "{"
                rest = inner
                continue
            }
            result += arguments[position]
            rest = inner[inner.index(after: end)...]
        }
        return result + rest
    }
}

extension SchemaOperator {
    /// Whether it compares.
    var isComparison: Bool {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        case .add, .subtract, .multiply, .divide, .remainder: false
        }
    }
}

extension SchemaExpression {
    /// A text that is the same for equal expressions and for no others: what names are made from.
    var signature: String {
        func list(_ parts: [SchemaExpression]) -> String { parts.map(\.signature).joined(separator: ",") }
        return switch self {
        case .field(let name): name
        case .value(let value): "'\(value)'"
        case .binary(let sign, let left, let right): "(\(left.signature)\(sign.rawValue)\(right.signature))"
        case .all(let parts): "all(\(list(parts)))"
        case .any(let parts): "any(\(list(parts)))"
        case .not(let inner): "not(\(inner.signature))"
        case .isNull(let inner): "null(\(inner.signature))"
        case .oneOf(let inner, let values): "in(\(inner.signature),\(list(values)))"
        case .text(let test, let inner, let text): "\(test)(\(inner.signature),'\(text)')"
        case .datePart(let part, let inner): "\(part)(\(inner.signature))"
        case .function(let name, _, let arguments): "\(name)(\(list(arguments)))"
        }
    }
}

extension IndexTerm {
    /// A text that is the same for equal terms and for no others.
    var signature: String {
        (isDescending ? "-" : "") + expression.signature + (nulls.map { " \($0)" } ?? "")
            + (operatorClass.map { " \($0)" } ?? "")
    }
}
