/// What a range is a range of.
///
/// Source: [Django, range fields](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#range-fields).
public enum RangeKind: String, Sendable, Hashable, CaseIterable {
    /// 32-bit numbers (`IntegerRangeField`).
    case integer
    /// 64-bit numbers (`BigIntegerRangeField`).
    case bigInteger
    /// Exact decimals (`DecimalRangeField`).
    case decimal
    /// Days (`DateRangeField`).
    case date
    /// Moments (`DateTimeRangeField`).
    case dateTime
}
