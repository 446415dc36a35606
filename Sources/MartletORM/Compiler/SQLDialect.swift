/// How one database writes SQL.
public protocol SQLDialect: Sendable {
    /// The database's name, such as `sqlite`.
    var name: String { get }

    /// Begins a transaction that will write.
    var begin: String { get }

    /// Begins a transaction with options.
    func begin(_ options: TransactionOptions) -> String

    /// What stands in front of a query to have it explained.
    ///
    /// - Throws: ``ORMError/invalidQuery(_:)`` for options that the database does not have.
    func explain(_ options: ExplainOptions) throws(ORMError) -> String

    /// Whether a `SELECT` can lock the rows that it finds.
    var locksRows: Bool { get }

    /// The most values that can be bound to one statement.
    var maximumParameters: Int { get }

    /// The placeholder of the value at a position, counted from 1.
    func placeholder(_ position: Int) -> String

    /// The column type of a field; `nil` for one that has no column. A foreign key has its target's type.
    func columnType(of kind: FieldKind) -> String?

    /// The type that a bound value of a field must be cast to where no column stands beside it; `nil` where the
    /// database takes values as they are.
    func parameterType(of kind: FieldKind) -> String?

    /// What stands behind a `SELECT` whose rows nobody else may hold, while rows that refer to them can still be added;
    /// `nil` where a transaction that writes keeps out all others.
    var holdClause: String? { get }

    /// The condition that the database checks for each value of a column, as SQL; `nil` for most kinds.
    ///
    /// - Parameter column: The column's name in quotes.
    func columnCheck(of kind: FieldKind, column: String) -> String?

    /// How tables are made and changed.
    var schemaEditor: any SchemaEditor { get }

    /// What ``textTest(_:column:pattern:)`` compares with, made of the literal text that is looked for.
    func textPattern(_ test: TextTest, _ text: String) -> String

    /// A test of a text against a pattern.
    ///
    /// - Parameters:
    ///   - column: SQL of the text that is tested.
    ///   - pattern: SQL of the pattern, such as its placeholder.
    func textTest(_ test: TextTest, column: String, pattern: String) -> String

    /// A part of a date or of a date with its time, as clocks show it, as a number.
    func datePart(_ part: DatePart, of column: String) -> String

    /// What a document of JSON holds at a path.
    ///
    /// - Parameter bind: Binds a value and returns its placeholder.
    func json(
        _ reading: JSONReading, of document: String, at path: [JSONStep], bind: (SQLValue) -> String
    ) -> String

    /// The SQL of a function or operator that this database writes differently; `nil` for one that it writes as others
    /// do.
    ///
    /// - Parameters:
    ///   - function: The function's name in Martlet.
    ///   - arguments: The SQL of its arguments; each may be used several times and in any order.
    func call(_ function: String, _ arguments: [String]) -> String?

    /// The SQL of an aggregate that this database writes differently; `nil` for one that it writes as others do.
    func aggregate(_ call: AggregateText) -> String?

    /// Whether `SELECT DISTINCT ON` is understood.
    var hasDistinctOn: Bool { get }
}

extension SQLDialect {
    /// `FOR UPDATE` is standard SQL.
    public var locksRows: Bool { true }

    /// Standard SQL.
    public func begin(_ options: TransactionOptions) -> String { "START TRANSACTION" + options.sql }

    /// A transaction that writes keeps out all others.
    public var holdClause: String? { nil }

    /// Values are taken as they are.
    public func parameterType(of kind: FieldKind) -> String? { nil }

    /// What the kind itself asks for: numbers that are not negative, choices that are checked.
    public func columnCheck(of kind: FieldKind, column: String) -> String? { kind.check(column) }

    /// Functions are written as everywhere.
    public func call(_ function: String, _ arguments: [String]) -> String? { nil }

    /// Aggregates are written as everywhere.
    public func aggregate(_ call: AggregateText) -> String? { nil }

    /// Only PostgreSQL does.
    public var hasDistinctOn: Bool { false }

    /// An identifier in quotes; a quote inside is doubled.
    public func quoted(_ identifier: String) -> String { SQLIdentifier.quoted(identifier) }
}

/// Names of tables and columns in SQL.
enum SQLIdentifier {
    /// A column of a table, both in quotes, made as one text: queries consist of these.
    static func quoted(_ table: String, _ column: String) -> String {
        var result = ""
        result.reserveCapacity(table.utf8.count + column.utf8.count + 5)
        append(table, to: &result)
        result.append(".")
        append(column, to: &result)
        return result
    }

    /// The name in quotes, as the standard and both databases have them; a quote inside is doubled.
    static func quoted(_ identifier: String) -> String {
        var result = ""
        append(identifier, to: &result)
        return result
    }

    private static func append(_ identifier: String, to result: inout String) {
        result.append("\"")
        if identifier.utf8.contains(0x22) {
            for scalar in identifier.unicodeScalars {
                if scalar == "\"" { result.append("\"") }
                result.unicodeScalars.append(scalar)
            }
        } else {
            result.append(identifier)
        }
        result.append("\"")
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
