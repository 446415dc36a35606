import CSQLite
import MartletORM

/// Exact decimals in SQLite, which has none of its own: how they are stored, compared and computed with.
///
/// A number of at most 15 digits is stored as Django stores it, as a binary number, of which exactly one decimal of so
/// few digits is the nearest. One of more digits is text, in a column with a collation that compares numbers.
enum SQLiteDecimals {
    /// The order of decimals in text; it must be made known to each connection.
    static let collation = "martlet_decimal"

    /// The functions by their names in Martlet, of which the result is a decimal.
    static let functions = [
        DecimalFunction.add.name: "martlet_decimal_add", DecimalFunction.subtract.name: "martlet_decimal_subtract",
        DecimalFunction.multiply.name: "martlet_decimal_multiply",
        DecimalFunction.divide.name: "martlet_decimal_divide",
        DecimalFunction.remainder.name: "martlet_decimal_remainder",
        DecimalFunction.negate.name: "martlet_decimal_negate", DecimalFunction.absolute.name: "martlet_decimal_abs",
        DecimalFunction.ceiling.name: "martlet_decimal_ceil", DecimalFunction.floor.name: "martlet_decimal_floor",
        DecimalFunction.roundTo.name: "martlet_decimal_round", DecimalFunction.round.name: "martlet_decimal_round",
        DecimalFunction.greatest.name: "martlet_decimal_greatest", DecimalFunction.least.name: "martlet_decimal_least",
        "cast decimal": "martlet_decimal",
    ]

    /// The comparisons by their names in Martlet.
    static let comparisons = Dictionary(
        uniqueKeysWithValues: [Comparison.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual].map {
            (DecimalFunction.name(of: $0), $0.rawValue)
        })

    /// A decimal as SQLite keeps it.
    enum Stored {
        case integer(Int64)
        case real(Double)
        case text(String)
    }

    static func stored(_ number: ExactDecimal) -> Stored {
        guard number.digits <= SQLiteDialect.mostBinaryDigits else { return .text(number.text()) }
        let text = number.text()
        if number.places == 0, let whole = Int64(text) { return .integer(whole) }
        return Double(text).map(Stored.real) ?? .text(text)
    }

    /// Makes the collation and the functions known to a connection.
    ///
    /// - Returns: SQLite's code of the first that failed, or `SQLITE_OK`.
    static func register(on handle: OpaquePointer) -> Int32 {
        let code = sqlite3_create_collation_v2(handle, collation, SQLITE_UTF8, nil, compareDecimals, nil)
        guard code == SQLITE_OK else { return code }
        // Innocuous: they touch nothing outside, so the schema of a file may call them.
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
        for function in DecimalCall.all {
            let code = sqlite3_create_function_v2(
                handle, function.name, function.count, flags, nil, function.body, nil, nil, nil)
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    /// The number that a value of SQLite is; `nil` for what is none, or has more than 38 digits.
    static func decimal(_ value: OpaquePointer) -> ExactDecimal? {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: return ExactDecimal(sqlite3_value_int64(value))
        case SQLITE_FLOAT: return ExactDecimal(sqlite3_value_double(value))
        case SQLITE_TEXT:
            let base = sqlite3_value_text(value)
            return ExactDecimal(text: UnsafeBufferPointer(start: base, count: Int(sqlite3_value_bytes(value))))
        default: return nil
        }
    }

    /// Gives a number to SQLite as the result of a function.
    static func give(_ number: ExactDecimal, to context: OpaquePointer?) {
        switch stored(number) {
        case .integer(let number): sqlite3_result_int64(context, number)
        case .real(let number): sqlite3_result_double(context, number)
        case .text(let text): sqlite3_result_text(context, text, -1, copyBytes)
        }
    }

    /// Says that a result has no place in a decimal.
    static func fail(_ context: OpaquePointer?) {
        sqlite3_result_error(context, "a decimal of more than 38 digits, or no number, in arithmetic", -1)
        // Told apart from errors of the statement itself: it is a value that has no result.
        sqlite3_result_error_code(context, SQLITE_MISMATCH)
    }
}

/// Numbers by their value; what is no number stands behind them, by its bytes.
private func compareDecimals(
    _: UnsafeMutableRawPointer?, _ leftCount: Int32, _ left: UnsafeRawPointer?, _ rightCount: Int32,
    _ right: UnsafeRawPointer?
) -> Int32 {
    let leftBytes = UnsafeBufferPointer(start: left?.assumingMemoryBound(to: UInt8.self), count: Int(leftCount))
    let rightBytes = UnsafeBufferPointer(start: right?.assumingMemoryBound(to: UInt8.self), count: Int(rightCount))
    switch (ExactDecimal(text: leftBytes), ExactDecimal(text: rightBytes)) {
    case (let left?, let right?): return left == right ? 0 : left < right ? -1 : 1
    case (nil, _?): return 1
    case (_?, nil): return -1
    case (nil, nil):
        if leftBytes.elementsEqual(rightBytes) { return 0 }
        return leftBytes.lexicographicallyPrecedes(rightBytes) ? -1 : 1
    }
}
