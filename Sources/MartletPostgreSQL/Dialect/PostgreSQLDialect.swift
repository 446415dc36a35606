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

    /// `FOR NO KEY UPDATE`: the key of a row that is held can still be referred to.
    public var holdClause: String? { " FOR NO KEY UPDATE" }

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
        case .array(let kind, let size):
            (columnType(of: kind) ?? "text") + (size.map { "[\($0)]" } ?? "[]")
        case .range(let kind): Self.rangeType(of: kind)
        case .searchVector: "tsvector"
        case .foreignKey, .manyToMany, .manyToManyThrough: nil
        default: Self.columnType(ofScalar: kind)
        }
    }

    /// The widest type of the field's family: a cast to `varchar(20)` would cut a longer text in silence.
    public func parameterType(of kind: FieldKind) -> String? {
        if kind.integerRange != nil { return "bigint" }
        if kind.maxLength != nil { return "text" }
        if case .decimal = kind { return "numeric" }
        return columnType(of: kind)
    }

    /// A test of text. `LIKE` regards case and can use an index of its own kind; `ILIKE` does not regard it.
    public func textPattern(_ test: TextTest, _ text: String) -> String {
        switch test {
        case .contains: text
        case .iexact: Self.escaped(text)
        case .icontains: "%" + Self.escaped(text) + "%"
        case .startsWith, .istartsWith: Self.escaped(text) + "%"
        case .endsWith, .iendsWith: "%" + Self.escaped(text)
        }
    }

    /// A test of a text, as ``textPattern(_:_:)`` says it.
    public func textTest(_ test: TextTest, column: String, pattern: String) -> String {
        switch test {
        case .contains: "strpos(\(column), \(pattern)) > 0"
        case .startsWith, .endsWith: "\(column) LIKE \(pattern)"
        case .iexact, .icontains, .istartsWith, .iendsWith: "\(column) ILIKE \(pattern)"
        }
    }

    /// Aggregates with the types and names of PostgreSQL.
    public func aggregate(_ call: AggregateText) -> String? { Self.aggregate(call) }

    /// `SELECT DISTINCT ON` is PostgreSQL's own.
    public var hasDistinctOn: Bool { true }

    /// A part of a date or of a date with its time.
    public func datePart(_ part: DatePart, of column: String) -> String {
        switch part {
        case .year: "CAST(EXTRACT(YEAR FROM \(column)) AS integer)"
        case .isoYear: "CAST(EXTRACT(ISOYEAR FROM \(column)) AS integer)"
        case .quarter: "CAST(EXTRACT(QUARTER FROM \(column)) AS integer)"
        case .month: "CAST(EXTRACT(MONTH FROM \(column)) AS integer)"
        case .week: "CAST(EXTRACT(WEEK FROM \(column)) AS integer)"
        case .day: "CAST(EXTRACT(DAY FROM \(column)) AS integer)"
        case .weekDay: "CAST(EXTRACT(DOW FROM \(column)) + 1 AS integer)"
        case .isoWeekDay: "CAST(EXTRACT(ISODOW FROM \(column)) AS integer)"
        case .hour: "CAST(EXTRACT(HOUR FROM \(column)) AS integer)"
        case .minute: "CAST(EXTRACT(MINUTE FROM \(column)) AS integer)"
        // With its fraction, which the conversion would round to 60.
        case .second: "CAST(FLOOR(EXTRACT(SECOND FROM \(column))) AS integer)"
        }
    }

    /// The functions that PostgreSQL writes in its own way.
    public func call(_ function: String, _ arguments: [String]) -> String? {
        expressionCall(function, arguments)
    }

    private static func rangeType(of kind: RangeKind) -> String {
        switch kind {
        case .integer: "int4range"
        case .bigInteger: "int8range"
        case .decimal: "numrange"
        case .date: "daterange"
        case .dateTime: "tstzrange"
        }
    }

    /// The backslash is what `LIKE` escapes with unless told.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x5F || $0 == 0x5C }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}
