import MartletORM

extension SQLiteDialect {
    /// The most digits of a decimal that a binary number keeps, and so the most that Django's columns hold exactly.
    static let mostBinaryDigits = 15

    /// The column types of kinds that are plain values, as Django has them.
    ///
    /// A decimal of more digits than a binary number keeps is text that is compared as a number: in a column of Django's
    /// type SQLite would round it.
    static func columnType(ofScalar kind: FieldKind) -> String? {
        switch kind {
        case .smallInteger: "smallint"
        case .positiveSmallInteger: "smallint unsigned"
        case .positiveBigInteger: "bigint unsigned"
        case .decimal(let digits, _):
            digits <= mostBinaryDigits ? "decimal" : "text COLLATE \(SQLiteDecimals.collation)"
        case .date: "date"
        case .time: "time"
        case .duration: "bigint"
        case .binary: "BLOB"
        case .json: "text"
        case .integerChoices, .checkedIntegerChoices: "integer"
        case .ipAddress: "char(39)"
        case .shortUUID: "varchar(12)"
        default: kind.maxLength.map { "varchar(\($0))" }
        }
    }

    /// Arithmetic with decimals, which SQLite itself would do in binary.
    static func decimalCall(_ function: String, _ arguments: [String]) -> String? {
        if let name = SQLiteDecimals.functions[function] {
            return "\(name)(\(arguments.joined(separator: ", "))) COLLATE \(SQLiteDecimals.collation)"
        }
        if function == DecimalFunction.text.name { return "martlet_decimal_text(\(arguments.joined(separator: ", ")))" }
        // A number of SQLite and a text that says one are in no order; ours is by the value.
        guard let sign = SQLiteDecimals.comparisons[function] else { return nil }
        return "martlet_decimal_compare(\(arguments[0]), \(arguments[1])) \(sign) 0"
    }
}
