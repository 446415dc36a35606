extension IntegerValue where Self: FixedWidthInteger {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number; one that the type does not hold is an error that says which it holds.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Self {
        let wide = try row.integer(at: index)
        guard let value = Self(exactly: wide) else {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "a number from \(Self.min) to \(Self.max)",
                found: "\(wide)")
        }
        return value
    }
}

// None is wider than the database's widest number: UInt64 and UInt are no values of a field.
extension Int8: IntegerValue {}
extension Int16: IntegerValue {}
extension Int32: IntegerValue {}
extension UInt8: IntegerValue {}
extension UInt16: IntegerValue {}
extension UInt32: IntegerValue {}
