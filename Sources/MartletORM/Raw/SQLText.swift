/// SQL that you write yourself; what you interpolate is bound and never stands in the text.
///
/// ```swift
/// let posts = try await Post.objects.raw("SELECT * FROM blog_post WHERE title = \(title)")
/// ```
///
/// | interpolation | becomes |
/// | --- | --- |
/// | `\(value)` | a placeholder, with the value bound |
/// | `\(list: values)` | `(?, ?, ?)`, each bound, for `IN` |
/// | `\(identifier: name)` | a quoted name |
/// | `\(table: Post.self)` | the quoted name of the model's table |
/// | `\(column: \Post.title)` | the quoted name of the property's column |
/// | `\($0.title)` | a column or an expression, in ``Expr/init(sql:)`` |
/// | `\(other)` of this type | that text, with what it binds |
///
/// A `String` is always a value: text of SQL can only be written in the source.
public struct SQLText: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
        case list([SQLValue])
        case identifier(String)
        case expression(SQLExpression)
        case problem(String)
    }

    private(set) var parts: [Part]

    /// Text without values.
    public init(stringLiteral text: String) {
        parts = [.text(text)]
    }

    /// Text with values.
    public init(stringInterpolation: Interpolation) {
        parts = stringInterpolation.parts
    }

    /// One text behind another; put blanks where they belong.
    public static func + (left: SQLText, right: SQLText) -> SQLText {
        var text = left
        text.parts += right.parts
        return text
    }

    /// Collects the parts.
    public struct Interpolation: StringInterpolationProtocol, Sendable {
        var parts: [Part] = []

        /// Begins with nothing.
        public init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        /// Text of the source.
        public mutating func appendLiteral(_ text: String) {
            if !text.isEmpty { parts.append(.text(text)) }
        }

        /// A value, which is bound.
        public mutating func appendInterpolation(_ value: some FieldValue) {
            parts.append(.value(value.sqlValue))
        }

        /// A column or another expression of the query that the text stands in.
        public mutating func appendInterpolation(_ expression: Expr<some FieldValue>) {
            parts.append(.expression(expression.sql))
        }

        /// Another text.
        public mutating func appendInterpolation(_ other: SQLText) {
            parts += other.parts
        }

        /// Values in parentheses, each bound; at least one.
        public mutating func appendInterpolation<V: FieldValue>(list values: some Sequence<V>) {
            parts.append(.list(values.map(\.sqlValue)))
        }

        /// A name, in quotes.
        public mutating func appendInterpolation(identifier name: String) {
            parts.append(.identifier(name))
        }

        /// The name of a model's table, in quotes.
        public mutating func appendInterpolation(table model: (some Model).Type) {
            parts.append(.identifier(model.anyTable.name))
        }

        /// The name of a property's column, in quotes.
        public mutating func appendInterpolation<M: Model>(column property: any PartialKeyPath<M> & Sendable) {
            if let schema = M.table.field(at: property)?.schema, schema.kind.hasColumn {
                parts.append(.identifier(schema.column))
            } else {
                parts.append(.problem("'\(Field<M>.propertyName(property))' is not a column of \(M.self)."))
            }
        }
    }

    /// The statement as a database takes it.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for an empty list, a name with a zero byte, or a property without a column.
    func statement(_ dialect: any SQLDialect) throws(ORMError) -> Statement {
        var statement = Statement("")
        func bind(_ value: SQLValue) -> String {
            statement.parameters.append(value)
            return dialect.placeholder(statement.parameters.count)
        }
        for part in parts {
            switch part {
            case .text(let text): statement.sql += text
            case .value(let value): statement.sql += bind(value)
            case .list(let values):
                guard !values.isEmpty else { throw .invalidQuery(Self.emptyList) }
                statement.sql += "(" + values.map(bind).joined(separator: ", ") + ")"
            case .identifier(let name):
                guard Self.isPossible(name) else { throw .invalidQuery(Self.impossibleName) }
                statement.sql += dialect.quoted(name)
            case .expression:
                throw .invalidQuery(
                    "An expression of a query cannot stand in a statement of its own: it has no table there. "
                        + "Name the column by `\\(column: …)`.")
            case .problem(let problem): throw .invalidQuery(problem)
            }
        }
        guard statement.parameters.count <= dialect.maximumParameters else {
            throw .invalidQuery(
                "A statement binds \(statement.parameters.count) values; \(dialect.name) takes at most "
                    + "\(dialect.maximumParameters).")
        }
        return statement
    }

    static let emptyList = "`\\(list: …)` was given no value, and SQL has no empty list. Ask before."
    static let impossibleName = "A name in SQL is neither empty nor has a zero byte."

    /// Whether a database could have something of that name.
    static func isPossible(_ name: String) -> Bool { !name.isEmpty && !name.utf8.contains(0) }
}
