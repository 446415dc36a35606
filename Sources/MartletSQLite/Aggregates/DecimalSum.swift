import CSQLite
import MartletORM

/// The exact sum of the decimals so far, in memory that SQLite clears when it gives it.
///
/// SQLite's own `SUM` adds binary numbers, and makes 0 of text. The digits stand in two halves, since SQLite's memory need
/// not be aligned as a number of 128 bits must be.
struct DecimalSum: BitwiseCopyable {
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private var exponent = 0
    private var isNegative = false
    private var count = 0
    private var hasFailed = false

    /// Makes the sum known to a connection; it is a window function, too.
    static func register(on handle: OpaquePointer, _ flags: Int32) -> Int32 {
        sqlite3_create_window_function(
            handle, "martlet_decimal_sum", 1, flags, nil,
            { context, _, values in DecimalSum.change(context, values) { $0.add($1) } },
            { context in DecimalSum.finish(context) }, { context in DecimalSum.finish(context) },
            { context, _, values in DecimalSum.change(context, values) { $0.remove($1) } }, nil)
    }

    private var total: ExactDecimal? {
        get { ExactDecimal.make(UInt128(high) << 64 | UInt128(low), exponent, isNegative) }
        set {
            guard let newValue else {
                hasFailed = true
                return
            }
            high = UInt64(truncatingIfNeeded: newValue.magnitude >> 64)
            low = UInt64(truncatingIfNeeded: newValue.magnitude)
            (exponent, isNegative) = (newValue.exponent, newValue.isNegative)
        }
    }

    private mutating func add(_ number: ExactDecimal) {
        count += 1
        total = total?.adding(number)
    }

    private mutating func remove(_ number: ExactDecimal) {
        count -= 1
        total = total?.subtracting(number)
    }

    private static func change(
        _ context: OpaquePointer?, _ values: UnsafeMutablePointer<OpaquePointer?>?,
        _ body: (inout DecimalSum, ExactDecimal) -> Void
    ) {
        guard let value = values?[0], sqlite3_value_type(value) != SQLITE_NULL,
            let state = SQLiteAggregates.state(context, as: DecimalSum.self)
        else { return }
        guard let number = SQLiteDecimals.decimal(value) else {
            state.pointee.hasFailed = true
            return
        }
        body(&state.pointee, number)
    }

    private static func finish(_ context: OpaquePointer?) {
        let sum = SQLiteAggregates.state(context, as: DecimalSum.self, isNew: false)?.pointee ?? DecimalSum()
        guard !sum.hasFailed else { return SQLiteDecimals.fail(context) }
        guard sum.count > 0 else { return sqlite3_result_null(context) }
        guard let total = sum.total else { return SQLiteDecimals.fail(context) }
        SQLiteDecimals.give(total, to: context)
    }
}
