import CSQLite
import MartletORM

/// A function of decimals that SQL can call. Null with anything is null.
struct DecimalCall: Sendable {
    typealias Values = UnsafeMutablePointer<OpaquePointer?>
    typealias Body = @convention(c) (OpaquePointer?, Int32, Values?) -> Void

    let name: String
    /// How many arguments it takes; -1 for any number.
    let count: Int32
    let body: Body

    init(_ name: String, _ count: Int32, _ body: Body) {
        self.name = name
        self.count = count
        self.body = body
    }

    static let all: [DecimalCall] = [
        DecimalCall("martlet_decimal", 1) { converted($0, $2) },
        DecimalCall("martlet_decimal_add", 2) { computed($0, $2) { $0.adding($1) } },
        DecimalCall("martlet_decimal_subtract", 2) { computed($0, $2) { $0.subtracting($1) } },
        DecimalCall("martlet_decimal_multiply", 2) { computed($0, $2) { $0.multiplied(by: $1) } },
        DecimalCall("martlet_decimal_divide", 3) { divided($0, $2) },
        DecimalCall("martlet_decimal_remainder", 2) { context, _, values in
            isZero(values?[1])
                ? sqlite3_result_null(context) : computed(context, values) { $0.remainder(dividingBy: $1) }
        },
        DecimalCall("martlet_decimal_negate", 1) { changed($0, $2) { $0.negated } },
        DecimalCall("martlet_decimal_abs", 1) { changed($0, $2) { $0.isNegative ? $0.negated : $0 } },
        DecimalCall("martlet_decimal_ceil", 1) { changed($0, $2) { $0.roundedUp } },
        DecimalCall("martlet_decimal_floor", 1) { changed($0, $2) { $0.roundedDown } },
        DecimalCall("martlet_decimal_round", 2) { context, _, values in
            let places = Int(sqlite3_value_int64(values?[1]))
            changed(context, values) { $0.rounded(places: places, .halfUp) }
        },
        DecimalCall("martlet_decimal_text", 2) { text($0, $2) },
        DecimalCall("martlet_decimal_compare", 2) { compared($0, $2) },
        DecimalCall("martlet_decimal_greatest", -1) { chosen($0, $1, $2) { $0 < $1 } },
        DecimalCall("martlet_decimal_least", -1) { chosen($0, $1, $2) { $1 < $0 } },
    ]

    private static func isNull(_ value: OpaquePointer?) -> Bool { sqlite3_value_type(value) == SQLITE_NULL }

    private static func number(_ value: OpaquePointer?) -> ExactDecimal? { value.flatMap(SQLiteDecimals.decimal) }

    private static func isZero(_ value: OpaquePointer?) -> Bool { number(value)?.magnitude == 0 }

    private static func changed(
        _ context: OpaquePointer?, _ values: Values?, _ operation: (ExactDecimal) -> ExactDecimal
    ) {
        guard !isNull(values?[0]) else { return sqlite3_result_null(context) }
        guard let number = number(values?[0]) else { return SQLiteDecimals.fail(context) }
        SQLiteDecimals.give(operation(number), to: context)
    }

    private static func computed(
        _ context: OpaquePointer?, _ values: Values?, _ operation: (ExactDecimal, ExactDecimal) -> ExactDecimal?
    ) {
        guard !isNull(values?[0]), !isNull(values?[1]) else { return sqlite3_result_null(context) }
        guard let left = number(values?[0]), let right = number(values?[1]), let result = operation(left, right) else {
            return SQLiteDecimals.fail(context)
        }
        SQLiteDecimals.give(result, to: context)
    }

    /// Of dividend, divisor, and the places that either has at least; null for a divisor of zero.
    private static func divided(_ context: OpaquePointer?, _ values: Values?) {
        guard !isZero(values?[1]) else { return sqlite3_result_null(context) }
        let places = Int(sqlite3_value_int64(values?[2]))
        computed(context, values) { $0.divided(by: $1, atLeast: places) }
    }

    /// What is text may have blanks around it, as in PostgreSQL.
    private static func converted(_ context: OpaquePointer?, _ values: Values?) {
        guard !isNull(values?[0]), let value = values?[0] else { return sqlite3_result_null(context) }
        if let number = number(value) { return SQLiteDecimals.give(number, to: context) }
        let bytes = UnsafeBufferPointer(start: sqlite3_value_text(value), count: Int(sqlite3_value_bytes(value)))
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
        let trimmed = bytes.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }.reversed()
        guard let number = ExactDecimal(String(decoding: trimmed, as: UTF8.self)) else {
            return SQLiteDecimals.fail(context)
        }
        SQLiteDecimals.give(number, to: context)
    }

    private static func text(_ context: OpaquePointer?, _ values: Values?) {
        guard !isNull(values?[0]) else { return sqlite3_result_null(context) }
        guard let number = number(values?[0]) else { return SQLiteDecimals.fail(context) }
        let text = number.text(places: Int(sqlite3_value_int64(values?[1])))
        sqlite3_result_text(context, text, -1, copyBytes)
    }

    private static func compared(_ context: OpaquePointer?, _ values: Values?) {
        guard !isNull(values?[0]), !isNull(values?[1]) else { return sqlite3_result_null(context) }
        guard let left = number(values?[0]), let right = number(values?[1]) else {
            return SQLiteDecimals.fail(context)
        }
        sqlite3_result_int64(context, left == right ? 0 : left < right ? -1 : 1)
    }

    /// One of several numbers, without those that are null.
    private static func chosen(
        _ context: OpaquePointer?, _ count: Int32, _ values: Values?,
        _ isWorse: (ExactDecimal, ExactDecimal) -> Bool
    ) {
        var best: ExactDecimal?
        for index in 0..<Int(count) where !isNull(values?[index]) {
            guard let next = number(values?[index]) else { return SQLiteDecimals.fail(context) }
            if let found = best, !isWorse(found, next) { continue }
            best = next
        }
        guard let best else { return sqlite3_result_null(context) }
        SQLiteDecimals.give(best, to: context)
    }
}
