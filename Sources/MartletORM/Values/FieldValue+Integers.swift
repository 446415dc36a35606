extension FixedWidthInteger {
    /// Reads a number; one that the type does not hold is an error that says which it holds.
    fileprivate static func narrow(from row: any Row, at index: Int) throws(DecodingProblem) -> Self {
        let wide = try row.integer(at: index)
        guard let value = Self(exactly: wide) else {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "a number from \(Self.min) to \(Self.max)",
                found: "\(wide)")
        }
        return value
    }
}

extension Int16: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number; one that does not fit is an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Int16 {
        try narrow(from: row, at: index)
    }
}

extension Int8: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number; one that does not fit is an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Int8 {
        try narrow(from: row, at: index)
    }
}

extension UInt32: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number; one that does not fit is an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> UInt32 {
        try narrow(from: row, at: index)
    }
}

extension UInt16: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number; one that does not fit is an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> UInt16 {
        try narrow(from: row, at: index)
    }
}

extension UInt8: IntegerValue {
    /// The number.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// Reads a number; one that does not fit is an error.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> UInt8 {
        try narrow(from: row, at: index)
    }
}
