import MartletORM

/// What a column of a database becomes in a model.
struct InspectedKind: Equatable {
    /// The property's type, without a question mark.
    var type: String
    /// The property's initial value.
    var initial: String
    /// The function that makes the field, such as `char`.
    var factory: String
    /// Its arguments behind the property.
    var arguments: [String] = []
    /// Whether the function knows `unique:`.
    var hasOptions = true
    /// Whether the function knows `index:`.
    var hasIndex = true
    /// Whether such a column can identify a row.
    var isKey = false

    private init(
        _ type: String, _ initial: String, _ factory: String, _ arguments: [String] = [], hasOptions: Bool = true,
        hasIndex: Bool = true, isKey: Bool = false
    ) {
        self.type = type
        self.initial = initial
        self.factory = factory
        self.arguments = arguments
        self.hasOptions = hasOptions
        self.hasIndex = hasOptions && hasIndex
        self.isKey = isKey
    }

    /// What a column becomes; `nil` for a type that no field stores.
    init?(_ column: InspectedColumn, in table: InspectedTable, isSQLite: Bool) {
        guard let found = Self.kind(column, table, isSQLite) else { return nil }
        self = found
    }

    private static func kind(_ column: InspectedColumn, _ table: InspectedTable, _ isSQLite: Bool) -> InspectedKind? {
        let type = ColumnTypeText(column.type)
        if column.isIdentity, table.primaryKey == [column.name] {
            return InspectedKind("Int", "0", "auto", isKey: true)
        }
        if isSQLite, let kind = sqlite(column, type, table) { return kind }
        if type.dimensions > 0 { return array(of: type) }
        return number(type, isPositive: table.isPositive(column.name)) ?? other(type) ?? postgreSQL(type.name)
    }

    /// What only SQLite has, by the types that Django gives to columns there.
    private static func sqlite(
        _ column: InspectedColumn, _ type: ColumnTypeText, _ table: InspectedTable
    ) -> InspectedKind? {
        switch (type.name, type.numbers.first) {
        case ("char", 32): InspectedKind("UUID", "UUID()", "uuid", isKey: true)
        case ("char", 39): address
        case ("datetime", _): moment
        case ("bool", _): InspectedKind("Bool", "false", "bool", hasOptions: false)
        case ("real", _): InspectedKind("Double", "0", "float")
        case ("blob", _): bytes
        case ("decimal", nil): decimal([10, 5])
        case ("text", _) where table.checks.contains(where: { $0.isJSONCheck(of: column.name) }): document
        default: nil
        }
    }

    private static func number(_ type: ColumnTypeText, isPositive: Bool) -> InspectedKind? {
        func integer(_ size: String) -> InspectedKind {
            let factory = isPositive || type.isUnsigned ? "positive\(size)" : size
            return InspectedKind("Int", "0", factory.prefix(1).lowercased() + factory.dropFirst(), isKey: true)
        }
        return switch type.name {
        case "smallint", "smallserial": integer("SmallInteger")
        case "integer", "int", "serial": integer("Integer")
        case "bigint", "bigserial": integer("BigInteger")
        case "double precision", "real", "double", "float": InspectedKind("Double", "0", "float")
        case "numeric", "decimal": decimal(type.numbers.count == 2 ? type.numbers : [1000, 100])
        default: nil
        }
    }

    private static func other(_ type: ColumnTypeText) -> InspectedKind? {
        switch type.name {
        case "boolean", "bool": InspectedKind("Bool", "false", "bool", hasOptions: false)
        case "varchar", "character varying", "character", "char", "bpchar", "nvarchar", "nchar":
            type.numbers.first.map { InspectedKind("String", "\"\"", "char", ["maxLength: \($0)"], isKey: true) }
                ?? InspectedKind("String", "\"\"", "text", hasOptions: false)
        case "text", "citext", "clob": InspectedKind("String", "\"\"", "text", hasOptions: false)
        case "uuid": InspectedKind("UUID", "UUID()", "uuid", isKey: true)
        case "timestamp with time zone", "datetime": moment
        case "date": InspectedKind("CalendarDate", "CalendarDate.first", "date")
        case "time", "time without time zone": InspectedKind("TimeOfDay", "TimeOfDay.midnight", "time")
        case "interval": InspectedKind("Duration", "Duration.zero", "duration")
        case "bytea", "blob": bytes
        case "jsonb", "json": document
        case "inet": address
        default: nil
        }
    }

    /// Elements may always be null in PostgreSQL, and every row shall be read.
    private static func array(of type: ColumnTypeText) -> InspectedKind? {
        guard let element = number(type, isPositive: false) ?? other(type),
            ["Int", "String", "Bool", "Double", "UUID", "Date"].contains(element.type)
        else { return nil }
        let arguments = element.arguments.isEmpty ? "" : "(\(element.arguments.joined(separator: ", ")))"
        var kind = ".\(element.factory)\(arguments)"
        var swift = "[\(element.type)?]"
        for _ in 1..<max(type.dimensions, 1) {
            kind = ".array(\(kind), size: nil)"
            swift = "[\(swift)]"
        }
        return InspectedKind(swift, "[]", "array", ["of: \(kind)"])
    }

    /// What only PostgreSQL has.
    private static func postgreSQL(_ name: String) -> InspectedKind? {
        func range(_ bound: String, _ factory: String) -> InspectedKind {
            InspectedKind("RangeValue<\(bound)>", "RangeValue.unbounded", factory, hasIndex: false)
        }
        return switch name {
        case "int4range": range("Int", "integerRange")
        case "int8range": range("Int", "bigIntegerRange")
        case "numrange": range("Decimal", "decimalRange")
        case "daterange": range("CalendarDate", "dateRange")
        case "tstzrange": range("Date", "dateTimeRange")
        case "tsvector": InspectedKind("SearchVector", "SearchVector()", "searchVector", hasOptions: false)
        default: nil
        }
    }

    private static let moment = InspectedKind("Date", "Date.now", "dateTime")
    private static let bytes = InspectedKind("Data", "Data()", "binary", hasOptions: false)
    private static let document = InspectedKind("JSONValue", "JSONValue.null", "json", hasOptions: false)
    private static let address = InspectedKind(
        "IPAddress", "IPAddress(networkOrder: [0, 0, 0, 0])", "ipAddress")

    private static func decimal(_ numbers: [Int]) -> InspectedKind {
        InspectedKind("Decimal", "0", "decimal", ["maxDigits: \(numbers[0])", "decimalPlaces: \(numbers[1])"])
    }
}

/// A column's type in the words of a database, taken apart: `integer unsigned`, `varchar(50)`, `bigint[]`.
struct ColumnTypeText {
    let name: String
    let numbers: [Int]
    let isUnsigned: Bool
    /// How many pairs of brackets are behind it.
    let dimensions: Int

    init(_ text: String) {
        var words = text.lowercased()
        dimensions = words.split(separator: "[]", omittingEmptySubsequences: false).count - 1
        words = words.replacing("[]", with: "")
        isUnsigned = words.contains("unsigned")
        words = words.replacing("unsigned", with: "")
        var bare = ""
        var inside: Substring = ""
        if let open = words.firstIndex(of: "("), let close = words[open...].firstIndex(of: ")") {
            bare = String(words[..<open]) + words[words.index(after: close)...]
            inside = words[words.index(after: open)..<close]
        } else {
            bare = words
        }
        name = bare.split(separator: " ").joined(separator: " ")
        numbers = inside.split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
    }
}

extension InspectedTable {
    /// Whether a check keeps numbers below zero out of a column.
    fileprivate func isPositive(_ column: String) -> Bool {
        checks.contains { isPositive(column, by: $0) }
    }

    /// Whether this check does.
    func isPositive(_ column: String, by check: String) -> Bool {
        let bare = check.filter { !"()\" ".contains($0) }.lowercased()
        return bare.replacing("check", with: "") == column.lowercased() + ">=0"
    }
}

extension String {
    /// Whether this is the check that Django gives to a column of JSON.
    func isJSONCheck(of column: String) -> Bool {
        filter { !" ()".contains($0) }.lowercased().contains("json_valid\"\(column.lowercased())\"")
    }
}
