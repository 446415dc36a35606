public import MartletORM

/// How PostgreSQL writes SQL; column types are those that Django gives its PostgreSQL tables.
public struct PostgreSQLDialect: SQLDialect {
    /// Makes the dialect.
    public init() {}

    /// `postgresql`.
    public var name: String { "postgresql" }

    /// Begins a transaction with the server's own isolation level.
    public var begin: String { "BEGIN" }

    /// The protocol counts parameters in 16 bits.
    public var maximumParameters: Int { 65_535 }

    /// How PostgreSQL makes and changes tables.
    public var schemaEditor: any SchemaEditor { PostgreSQLSchemaEditor() }

    /// `$1`, `$2` and so on.
    public func placeholder(_ position: Int) -> String { "$\(position)" }

    /// The type of a field's column.
    public func columnType(of kind: FieldKind) -> String? {
        switch kind {
        case .auto, .bigInteger: "bigint"
        case .bool: "boolean"
        case .char(let length), .choices(_, let length), .email(let length), .slug(let length): "varchar(\(length))"
        case .dateTime: "timestamp with time zone"
        case .float: "double precision"
        case .integer, .positiveInteger: "integer"
        case .text: "text"
        case .uuid: "uuid"
        case .foreignKey, .manyToMany: nil
        }
    }

    /// The widest type of the field's family: a cast to `varchar(20)` would cut a longer text in silence.
    public func parameterType(of kind: FieldKind) -> String? {
        switch kind {
        case .integer, .positiveInteger: "bigint"
        case .char, .choices, .email, .slug: "text"
        default: columnType(of: kind)
        }
    }

    /// A test of text. `LIKE` regards case and can use an index of its own kind; `ILIKE` does not regard it.
    public func textTest(_ test: TextTest, column: String, value: String, bind: (SQLValue) -> String) -> String {
        func like(_ pattern: String) -> String { "\(column) LIKE \(bind(.text(pattern)))" }
        func ilike(_ pattern: String) -> String { "\(column) ILIKE \(bind(.text(pattern)))" }
        let escaped = Self.escaped(value)
        return switch test {
        case .contains: "strpos(\(column), \(bind(.text(value)))) > 0"
        case .startsWith: like(escaped + "%")
        case .endsWith: like("%" + escaped)
        case .iexact: ilike(escaped)
        case .icontains: ilike("%" + escaped + "%")
        case .istartsWith: ilike(escaped + "%")
        case .iendsWith: ilike("%" + escaped)
        }
    }

    /// Aggregates with the types and names of PostgreSQL.
    public func aggregate(_ call: AggregateText) -> String? { Self.aggregate(call) }

    /// `SELECT DISTINCT ON` is PostgreSQL's own.
    public var hasDistinctOn: Bool { true }

    /// A part of a moment.
    public func datePart(_ part: DatePart, of column: String) -> String {
        let name =
            switch part {
            case .year: "YEAR"
            case .month: "MONTH"
            case .day: "DAY"
            }
        return "CAST(EXTRACT(\(name) FROM \(column) AT TIME ZONE 'UTC') AS integer)"
    }

    /// The backslash is what `LIKE` escapes with unless told.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
