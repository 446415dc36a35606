/// What a range can be turned into before it is asked.
///
/// Source: [Django, querying range fields](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#querying-using-the-bounds).
enum RangeTransform: String, CaseIterable {
    case startswith, endswith, isempty
    case includesLower = "lower_inc"
    case includesUpper = "upper_inc"
    case unboundedBelow = "lower_inf"
    case unboundedAbove = "upper_inf"

    /// The transformed range.
    func of(_ range: SQLExpression) -> SQLExpression {
        switch self {
        case .startswith: .call(SQLFunction("lower", mayBeNull: true), [range])
        case .endswith: .call(SQLFunction("upper", mayBeNull: true), [range])
        default: .call(SQLFunction(rawValue, isCondition: true), [range])
        }
    }

    /// What it is then.
    func type(of kind: RangeKind) -> LookupType {
        switch self {
        case .startswith, .endswith: kind.bound
        default: .bool
        }
    }
}

extension RangeKind {
    /// What its ends are.
    var bound: LookupType {
        switch self {
        case .integer, .bigInteger: .integer
        case .decimal: .decimal
        case .date: .date
        case .dateTime: .dateTime
        }
    }

    /// The whole numbers that can be ends; the largest has none behind it, where PostgreSQL would end the range.
    var numbers: ClosedRange<Int64> {
        self == .integer ? Int64(Int32.min)...Int64(Int32.max - 1) : .min ... .max - 1
    }
}
