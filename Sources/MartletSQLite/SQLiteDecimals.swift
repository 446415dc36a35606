import CSQLite
import MartletORM

/// Exact decimals in SQLite, which has none of its own: how they are stored, compared and computed with.
///
/// A number of at most 15 digits is stored as Django stores it, as a binary number, of which exactly one decimal of so
/// few digits is the nearest. One of more digits is text, in a column with a collation that compares numbers.
enum SQLiteDecimals {
    /// The order of decimals in text; it must be made known to each connection.
    static let collation = "martlet_decimal"

    /// The functions by their names in Martlet.
    static let functions = [
        DecimalFunction.add.name: "martlet_decimal_add", DecimalFunction.subtract.name: "martlet_decimal_subtract",
        DecimalFunction.multiply.name: "martlet_decimal_multiply", DecimalFunction.round.name: "martlet_decimal_round",
    ]

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
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
        typealias Function = @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void
        let functions: [(String, Function)] = [
            ("martlet_decimal_add", { compute($0, $2) { $0.adding($1) } }),
            ("martlet_decimal_subtract", { compute($0, $2) { $0.subtracting($1) } }),
            ("martlet_decimal_multiply", { compute($0, $2) { $0.multiplied(by: $1) } }),
            ("martlet_decimal_round", { compute($0, $2) { round($0, $1) } }),
        ]
        for (name, function) in functions {
            let code = sqlite3_create_function_v2(handle, name, 2, flags, nil, function, nil, nil, nil)
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }
}

private func round(_ number: ExactDecimal, _ places: ExactDecimal) -> ExactDecimal? {
    Int(places.text()).map { number.rounded(places: $0, .halfUp) }
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

/// Computes with two decimals; null with anything is null, and what 38 digits do not hold is an error.
private func compute(
    _ context: OpaquePointer?, _ arguments: UnsafeMutablePointer<OpaquePointer?>?,
    _ operation: (ExactDecimal, ExactDecimal) -> ExactDecimal?
) {
    guard let arguments, let left = arguments[0], let right = arguments[1],
        sqlite3_value_type(left) != SQLITE_NULL, sqlite3_value_type(right) != SQLITE_NULL
    else { return sqlite3_result_null(context) }
    guard let left = decimal(left), let right = decimal(right), let result = operation(left, right) else {
        return sqlite3_result_error(context, "a decimal of more than 38 digits, or no number, in arithmetic", -1)
    }
    switch SQLiteDecimals.stored(result) {
    case .integer(let number): sqlite3_result_int64(context, number)
    case .real(let number): sqlite3_result_double(context, number)
    case .text(let text):
        // SQLITE_TRANSIENT, a macro in C: SQLite copies the text before the call returns.
        sqlite3_result_text(context, text, -1, unsafeBitCast(-1, to: sqlite3_destructor_type.self))
    }
}

private func decimal(_ value: OpaquePointer) -> ExactDecimal? {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: return ExactDecimal(sqlite3_value_int64(value))
    case SQLITE_FLOAT: return ExactDecimal(sqlite3_value_double(value))
    case SQLITE_TEXT:
        let base = sqlite3_value_text(value)
        return ExactDecimal(text: UnsafeBufferPointer(start: base, count: Int(sqlite3_value_bytes(value))))
    default: return nil
    }
}
