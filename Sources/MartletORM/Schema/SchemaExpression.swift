/// An expression over the columns of one row, as a value: what a constraint, an index, a generated column or a default
/// of the database is made of.
///
/// It names fields and knows no model and no database, so a migration can freeze it:
///
/// ```swift
/// AddConstraint("Person", .check("age_positive", F("age") >= 0))
/// ```
///
/// In a model it is written over typed columns, and made from them: `.check(name: "age_positive") { $0.age >= 0 }`.
public indirect enum SchemaExpression: Sendable, Hashable {
    /// A field's column.
    case field(String)
    /// A constant.
    case value(SQLValue)
    /// Two expressions with an operator between them.
    case binary(SchemaOperator, SchemaExpression, SchemaExpression)
    /// All of them hold.
    case all([SchemaExpression])
    /// One of them holds, or several.
    case any([SchemaExpression])
    /// Is false, or neither true nor false.
    case not(SchemaExpression)
    /// Is null.
    case isNull(SchemaExpression)
    /// Equals one of the others.
    case oneOf(SchemaExpression, [SchemaExpression])
    /// A test of text.
    case text(TextTest, SchemaExpression, String)
    /// A part of a moment or a date.
    case datePart(DatePart, SchemaExpression)
    /// A function, by its name and arguments.
    ///
    /// The form is the SQL of databases that do not write the function in a way of their own, with `{0}` for the first
    /// argument; `nil` stands for `name(first, second)`.
    case function(String, form: String?, [SchemaExpression])
}

/// The operators of a ``SchemaExpression``.
public enum SchemaOperator: String, Sendable, Hashable, CaseIterable {
    /// Equal.
    case equal = "="
    /// Not equal.
    case notEqual = "<>"
    /// Smaller.
    case less = "<"
    /// Smaller or equal.
    case lessOrEqual = "<="
    /// Larger.
    case greater = ">"
    /// Larger or equal.
    case greaterOrEqual = ">="
    /// The sum.
    case add = "+"
    /// The difference.
    case subtract = "-"
    /// The product.
    case multiply = "*"
    /// The quotient.
    case divide = "/"
    /// What a division leaves.
    case remainder = "%"
}

/// A field in an expression that a migration freezes, as in Django.
public func F(_ field: String) -> SchemaExpression { .field(field) }

/// A function in an expression that a migration freezes, as in Django.
///
/// - Parameter form: Its SQL with `{0}` for the first argument, such as `{0} || {1}`; `name(first, second)` unless told.
public func Func(_ name: String, form: String? = nil, _ arguments: SchemaExpression...) -> SchemaExpression {
    .function(name, form: form, arguments)
}

extension SchemaExpression {
    /// The moment of the statement, or, on PostgreSQL, of the transaction.
    public static var now: SchemaExpression { .function("now", form: "now()", []) }

    /// A random UUID.
    public static var newUUID: SchemaExpression { .function("new_uuid", form: "gen_random_uuid()", []) }

    /// Equals one of the values.
    public func `in`(_ values: [SchemaExpression]) -> SchemaExpression { .oneOf(self, values) }

    /// A test of text, such as `F("slug").test(.startsWith, "a-")`.
    public func test(_ test: TextTest, _ text: String) -> SchemaExpression { .text(test, self, text) }

    /// A UUID in its usual form.
    public static func uuid(_ text: String) -> SchemaExpression {
        .value(FieldDefault.uuid(text).value ?? .text(text))
    }

    /// A moment in UTC, such as `2026-01-31 09:05:00`.
    public static func dateTime(_ text: String) -> SchemaExpression {
        .value(FieldDefault.dateTime(text).value ?? .text(text))
    }

    /// A decimal number, as text so that no digit is lost.
    public static func decimal(_ text: String) -> SchemaExpression {
        .value(FieldDefault.decimal(text).value ?? .text(text))
    }

    /// A day, such as `2026-01-31`.
    public static func date(_ text: String) -> SchemaExpression {
        .value(FieldDefault.date(text).value ?? .text(text))
    }

    /// A time of day, such as `09:05:00`.
    public static func time(_ text: String) -> SchemaExpression {
        .value(FieldDefault.time(text).value ?? .text(text))
    }

    /// Is null.
    public var isNull: SchemaExpression { .isNull(self) }

    /// A part of a moment or a date, such as `F("created_at").part(.year)`.
    public func part(_ part: DatePart) -> SchemaExpression { .datePart(part, self) }
}

extension SchemaExpression {
    /// The fields it mentions, in the order of their first mention.
    public var fields: [String] {
        var names: [String] = []
        visit { if case .field(let name) = $0, !names.contains(name) { names.append(name) } }
        return names
    }

    /// The same expression with other names of fields.
    public func mapFields(_ name: (String) -> String) -> SchemaExpression {
        func map(_ inner: SchemaExpression) -> SchemaExpression { inner.mapFields(name) }
        return switch self {
        case .field(let field): .field(name(field))
        case .value: self
        case .binary(let sign, let left, let right): .binary(sign, map(left), map(right))
        case .all(let parts): .all(parts.map(map))
        case .any(let parts): .any(parts.map(map))
        case .not(let inner): .not(map(inner))
        case .isNull(let inner): .isNull(map(inner))
        case .oneOf(let inner, let values): .oneOf(map(inner), values.map(map))
        case .text(let test, let inner, let text): .text(test, map(inner), text)
        case .datePart(let part, let inner): .datePart(part, map(inner))
        case .function(let function, let form, let arguments): .function(function, form: form, arguments.map(map))
        }
    }

    private func visit(_ body: (SchemaExpression) -> Void) {
        body(self)
        switch self {
        case .field, .value: break
        case .binary(_, let left, let right): [left, right].forEach { $0.visit(body) }
        case .all(let parts), .any(let parts): parts.forEach { $0.visit(body) }
        case .oneOf(let inner, let values): ([inner] + values).forEach { $0.visit(body) }
        case .not(let inner), .isNull(let inner), .text(_, let inner, _), .datePart(_, let inner): inner.visit(body)
        case .function(_, _, let arguments): arguments.forEach { $0.visit(body) }
        }
    }

    /// The name of the field, if it is nothing else.
    package var plainField: String? {
        if case .field(let name) = self { name } else { nil }
    }
}

extension SchemaExpression: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral
{
    /// A whole number.
    public init(integerLiteral number: Int64) { self = .value(.integer(number)) }
    /// A number.
    public init(floatLiteral number: Double) { self = .value(.real(number)) }
    /// A text.
    public init(stringLiteral text: String) { self = .value(.text(text)) }
    /// True or false.
    public init(booleanLiteral flag: Bool) { self = .value(.bool(flag)) }
}
