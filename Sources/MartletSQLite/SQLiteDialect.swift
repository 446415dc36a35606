public import MartletORM

/// How SQLite writes SQL; column types are those that Django gives its SQLite tables.
public struct SQLiteDialect: SQLDialect {
    /// Whether the tables that it makes refuse values of another storage class than their field's.
    let checksStorage: Bool

    /// Makes the dialect.
    ///
    /// - Parameter checksStorage: See ``SQLiteConfiguration/checksStorage``.
    public init(checksStorage: Bool = false) {
        self.checksStorage = checksStorage
    }

    /// `sqlite`.
    public var name: String { "sqlite" }

    /// Takes the write lock at once: a transaction that reads first and then writes would fail instead of wait.
    public var begin: String { "BEGIN IMMEDIATE" }

    /// `SQLITE_MAX_VARIABLE_NUMBER` since 3.32.
    public var maximumParameters: Int { 32_766 }

    /// How SQLite makes and changes tables.
    public var schemaEditor: any SchemaEditor { SQLiteSchemaEditor(dialect: self) }

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
        case .array, .range, .searchVector: nil
        case .foreignKey, .manyToMany, .manyToManyThrough: nil
        default: Self.columnType(ofScalar: kind)
        }
    }

    /// The condition that SQLite checks for each value of a column.
    public func columnCheck(of kind: FieldKind, column: String) -> String? {
        kind == .json ? "(JSON_VALID(\(column)) OR \(column) IS NULL)" : kind.check(column)
    }

    /// A test of text. `LIKE` ignores the case of ASCII letters, so the tests that regard case do not use it.
    public func textPattern(_ test: TextTest, _ text: String) -> String {
        switch test {
        case .contains: text
        case .startsWith: Self.globEscaped(text) + "*"
        case .endsWith: "*" + Self.globEscaped(text)
        case .iexact: Self.likeEscaped(text)
        case .icontains: "%" + Self.likeEscaped(text) + "%"
        case .istartsWith: Self.likeEscaped(text) + "%"
        case .iendsWith: "%" + Self.likeEscaped(text)
        }
    }

    /// A test of a text, as ``textPattern(_:_:)`` says it.
    public func textTest(_ test: TextTest, column: String, pattern: String) -> String {
        switch test {
        case .contains: "instr(\(column), \(pattern)) > 0"
        case .startsWith, .endsWith: "\(column) GLOB \(pattern)"
        case .iexact, .icontains, .istartsWith, .iendsWith: "\(column) LIKE \(pattern) ESCAPE '\\'"
        }
    }

    /// Aggregates by the names that they have in SQLite and on Martlet's connections to it.
    public func aggregate(_ call: AggregateText) -> String? { Self.aggregate(call) }

    /// A part of a date or of a date with its time, which are stored as text with fixed places.
    public func datePart(_ part: DatePart, of column: String) -> String {
        // Without the fraction, which SQLite would round: a moment just before midnight would be one of the next day.
        let whole = "SUBSTR(\(column), 1, 19)"
        // The Thursday of an ISO week tells its year and number.
        let thursday = "DATE(\(whole), '-3 days', 'weekday 4')"
        return switch part {
        case .year: "CAST(SUBSTR(\(column), 1, 4) AS integer)"
        case .isoYear: "CAST(STRFTIME('%Y', \(thursday)) AS integer)"
        case .quarter: "((CAST(SUBSTR(\(column), 6, 2) AS integer) + 2) / 3)"
        case .month: "CAST(SUBSTR(\(column), 6, 2) AS integer)"
        case .week: "((CAST(STRFTIME('%j', \(thursday)) AS integer) - 1) / 7 + 1)"
        case .day: "CAST(SUBSTR(\(column), 9, 2) AS integer)"
        case .weekDay: "(CAST(STRFTIME('%w', \(whole)) AS integer) + 1)"
        case .isoWeekDay: "((CAST(STRFTIME('%w', \(whole)) AS integer) + 6) % 7 + 1)"
        case .hour: "CAST(SUBSTR(\(column), 12, 2) AS integer)"
        case .minute: "CAST(SUBSTR(\(column), 15, 2) AS integer)"
        case .second: "CAST(SUBSTR(\(column), 18, 2) AS integer)"
        }
    }

    /// The functions that SQLite writes in its own way.
    public func call(_ function: String, _ arguments: [String]) -> String? {
        Self.decimalCall(function, arguments) ?? expressionCall(function, arguments)
    }

    private static func likeEscaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x5F || $0 == 0x5C }) else { return text }
        return escaped(text) { $0 == "%" || $0 == "_" || $0 == "\\" ? "\\\($0)" : nil }
    }

    private static func globEscaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }) else { return text }
        return escaped(text) { $0 == "*" || $0 == "?" || $0 == "[" ? "[\($0)]" : nil }
    }

    private static func escaped(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let replaced = replacement(scalar) { result += replaced } else { result.unicodeScalars.append(scalar) }
        }
        return result
    }
}
