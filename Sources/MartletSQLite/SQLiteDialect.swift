public import MartletORM

/// How SQLite writes SQL; column types are those that Django gives its SQLite tables.
public struct SQLiteDialect: SQLDialect {
    /// Makes the dialect.
    public init() {}

    /// `sqlite`.
    public var name: String { "sqlite" }

    /// Takes the write lock at once: a transaction that reads first and then writes would fail instead of wait.
    public var begin: String { "BEGIN IMMEDIATE" }

    /// `SQLITE_MAX_VARIABLE_NUMBER` since 3.32.
    public var maximumParameters: Int { 32_766 }

    /// How SQLite makes and changes tables.
    public var schemaEditor: any SchemaEditor { SQLiteSchemaEditor() }

    /// `?1`, `?2` and so on.
    public func placeholder(_ position: Int) -> String { "?\(position)" }

    /// The type of a field's column.
    public func columnType(of kind: FieldKind) -> String? {
        switch kind {
        case .auto: "integer"
        case .bool: "bool"
        case .char(let length), .choices(_, let length), .email(let length), .slug(let length): "varchar(\(length))"
        case .dateTime: "datetime"
        case .float: "real"
        case .integer: "integer"
        case .bigInteger: "bigint"
        case .positiveInteger: "integer unsigned"
        case .text: "text"
        case .uuid: "char(32)"
        case .foreignKey, .manyToMany: nil
        }
    }

    /// A test of text. `LIKE` ignores the case of ASCII letters, so the tests that regard case do not use it.
    public func textTest(_ test: TextTest, column: String, value: String, bind: (SQLValue) -> String) -> String {
        switch test {
        case .contains: "instr(\(column), \(bind(.text(value)))) > 0"
        case .startsWith: "\(column) GLOB \(bind(.text(Self.globEscaped(value) + "*")))"
        case .endsWith: "\(column) GLOB \(bind(.text("*" + Self.globEscaped(value))))"
        case .iexact: Self.like(column, bind(.text(Self.likeEscaped(value))))
        case .icontains: Self.like(column, bind(.text("%" + Self.likeEscaped(value) + "%")))
        case .istartsWith: Self.like(column, bind(.text(Self.likeEscaped(value) + "%")))
        case .iendsWith: Self.like(column, bind(.text("%" + Self.likeEscaped(value))))
        }
    }

    /// Aggregates by the names that they have in SQLite and on Martlet's connections to it.
    public func aggregate(_ call: AggregateText) -> String? { Self.aggregate(call) }

    /// A part of a moment, which is stored as text with fixed places.
    public func datePart(_ part: DatePart, of column: String) -> String {
        switch part {
        case .year: "CAST(substr(\(column), 1, 4) AS integer)"
        case .month: "CAST(substr(\(column), 6, 2) AS integer)"
        case .day: "CAST(substr(\(column), 9, 2) AS integer)"
        }
    }

    private static func like(_ column: String, _ pattern: String) -> String {
        "\(column) LIKE \(pattern) ESCAPE '\\'"
    }

    private static func likeEscaped(_ text: String) -> String {
        escaped(text) { $0 == "%" || $0 == "_" || $0 == "\\" ? "\\\($0)" : nil }
    }

    private static func globEscaped(_ text: String) -> String {
        escaped(text) { $0 == "*" || $0 == "?" || $0 == "[" ? "[\($0)]" : nil }
    }

    private static func escaped(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let replaced = replacement(scalar) { result += replaced } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
