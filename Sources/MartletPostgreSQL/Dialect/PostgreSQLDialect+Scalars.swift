import MartletORM

extension PostgreSQLDialect {
    /// The column types of kinds that are plain values, as Django has them.
    static func columnType(ofScalar kind: FieldKind) -> String? {
        switch kind {
        case .smallInteger, .positiveSmallInteger: "smallint"
        case .positiveBigInteger: "bigint"
        case .decimal(let digits, let places): "numeric(\(digits), \(places))"
        case .date: "date"
        case .time: "time"
        case .duration: "interval"
        case .binary: "bytea"
        case .json: "jsonb"
        case .integerChoices, .checkedIntegerChoices: "integer"
        case .ipAddress: "inet"
        case .shortUUID: "varchar(12)"
        default: kind.maxLength.map { "varchar(\($0))" }
        }
    }
}
