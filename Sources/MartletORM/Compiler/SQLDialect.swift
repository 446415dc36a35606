/// How one database writes SQL.
public protocol SQLDialect: Sendable {
    /// The database's name, such as `sqlite`.
    var name: String { get }

    /// Begins a transaction that will write.
    var begin: String { get }

    /// The most values that can be bound to one statement.
    var maximumParameters: Int { get }

    /// The placeholder of the value at a position, counted from 1.
    func placeholder(_ position: Int) -> String

    /// The column type of a field; `nil` for one that has no column. A foreign key has its target's type.
    func columnType(of kind: FieldKind) -> String?

    /// The type that a bound value of a field must be cast to where no column stands beside it; `nil` where the
    /// database takes values as they are.
    func parameterType(of kind: FieldKind) -> String?

    /// How tables are made and changed.
    var schemaEditor: any SchemaEditor { get }

    /// A test of a text against a pattern of literal text.
    ///
    /// - Parameters:
    ///   - column: SQL of the text that is tested.
    ///   - bind: Binds a value and returns its placeholder.
    func textTest(_ test: TextTest, column: String, value: String, bind: (SQLValue) -> String) -> String

    /// A part of a moment, as a number, in UTC.
    func datePart(_ part: DatePart, of column: String) -> String

    /// The SQL of a function or operator that this database writes differently; `nil` for one that it writes as others
    /// do.
    ///
    /// - Parameters:
    ///   - function: The function's name in Martlet.
    ///   - arguments: The SQL of its arguments; each may be used several times and in any order.
    func call(_ function: String, _ arguments: [String]) -> String?
}

extension SQLDialect {
    /// Values are taken as they are.
    public func parameterType(of kind: FieldKind) -> String? { nil }

    /// Functions are written as everywhere.
    public func call(_ function: String, _ arguments: [String]) -> String? { nil }

    /// An identifier in quotes; a quote inside is doubled.
    public func quoted(_ identifier: String) -> String { SQLIdentifier.quoted(identifier) }
}

/// Names of tables and columns in SQL.
enum SQLIdentifier {
    /// The name in quotes, as the standard and both databases have them; a quote inside is doubled.
    static func quoted(_ identifier: String) -> String {
        var result = "\""
        if identifier.utf8.contains(0x22) {
            for scalar in identifier.unicodeScalars {
                if scalar == "\"" { result.append("\"") }
                result.unicodeScalars.append(scalar)
            }
        } else {
            result.append(identifier)
        }
        result.append("\"")
        return result
    }
}

/// A test of text: Django's lookups of the same names.
public enum TextTest: Sendable, Hashable {
    /// Equal without regard to case.
    case iexact
    /// Contains.
    case contains
    /// Contains, without regard to case.
    case icontains
    /// Begins with.
    case startsWith
    /// Begins with, without regard to case.
    case istartsWith
    /// Ends with.
    case endsWith
    /// Ends with, without regard to case.
    case iendsWith
}

/// A part of a moment.
public enum DatePart: Sendable, Hashable {
    /// The year.
    case year
    /// The month, 1 to 12.
    case month
    /// The day of the month, 1 to 31.
    case day
}
