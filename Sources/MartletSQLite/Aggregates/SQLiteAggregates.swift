import CSQLite
import MartletORM

/// The aggregates that SQLite lacks, so that both databases answer the same.
///
/// Source: [Application-defined SQL functions](https://www.sqlite.org/appfunc.html).
enum SQLiteAggregates {
    /// What SQLite may assume: equal rows give equal results, and nothing outside is touched.
    private static let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS

    /// Adds the aggregates to a connection; they live as long as it does.
    static func register(on handle: OpaquePointer) throws(DatabaseError) {
        var codes: [Int32] = []
        for spread in Spread.allCases { codes.append(register(spread, on: handle)) }
        for bits in BitOperation.allCases { codes.append(register(bits, on: handle)) }
        codes.append(DecimalSum.register(on: handle, flags))
        codes.append(
            sqlite3_create_function_v2(
                handle, "martlet_gather", -1, flags, nil, nil, { Gathering.step($0, $1, $2) }, { Gathering.finish($0) },
                nil))
        guard codes.allSatisfy({ $0 == SQLITE_OK }) else {
            throw DatabaseError(
                .connection, "SQLite has refused a function: " + String(cString: sqlite3_errmsg(handle)))
        }
    }

    private static func register(_ spread: Spread, on handle: OpaquePointer) -> Int32 {
        sqlite3_create_window_function(
            handle, spread.name, 1, flags, UnsafeMutableRawPointer(bitPattern: spread.rawValue),
            { context, _, arguments in Moments.change(context, arguments) { $0.add($1) } },
            { context in Moments.finish(context) }, { context in Moments.finish(context) },
            { context, _, arguments in Moments.change(context, arguments) { $0.remove($1) } }, nil)
    }

    private static func register(_ operation: BitOperation, on handle: OpaquePointer) -> Int32 {
        sqlite3_create_function_v2(
            handle, operation.name, 1, flags, UnsafeMutableRawPointer(bitPattern: operation.rawValue), nil,
            { context, _, arguments in Bits.step(context, arguments) }, { context in Bits.finish(context) }, nil)
    }

    /// The state of one group, in memory that SQLite clears when it gives it and takes back by itself.
    static func state<State: BitwiseCopyable>(
        _ context: OpaquePointer?, as _: State.Type, isNew: Bool = true
    ) -> UnsafeMutablePointer<State>? {
        sqlite3_aggregate_context(context, isNew ? Int32(MemoryLayout<State>.size) : 0)?
            .bindMemory(to: State.self, capacity: 1)
    }
}

/// How far values lie apart; the raw value tells SQLite's callbacks which of them is meant.
private enum Spread: Int, CaseIterable {
    case variancePopulation = 1
    case varianceSample
    case deviationPopulation
    case deviationSample

    var name: String {
        switch self {
        case .variancePopulation: "VAR_POP"
        case .varianceSample: "VAR_SAMP"
        case .deviationPopulation: "STDDEV_POP"
        case .deviationSample: "STDDEV_SAMP"
        }
    }

    /// - Returns: `nil` for too few values.
    func value(_ moments: Moments) -> Double? {
        let isSample = self == .varianceSample || self == .deviationSample
        let divisor = moments.count - (isSample ? 1 : 0)
        guard divisor > 0 else { return nil }
        // Rounding may leave a little less than nothing.
        let variance = max(0, moments.squares) / Double(divisor)
        return self == .deviationPopulation || self == .deviationSample ? variance.squareRoot() : variance
    }
}

/// The count, the mean and the sum of squared distances from it.
///
/// One pass without the loss of digits that a sum of squares has (Welford's method).
private struct Moments: BitwiseCopyable {
    var count = 0
    var mean = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
        count += 1
        let distance = value - mean
        mean += distance / Double(count)
        squares += distance * (value - mean)
    }

    mutating func remove(_ value: Double) {
        guard count > 1 else {
            self = Moments()
            return
        }
        count -= 1
        let distance = value - mean
        mean -= distance / Double(count)
        squares -= distance * (value - mean)
    }

    static func change(
        _ context: OpaquePointer?, _ arguments: UnsafeMutablePointer<OpaquePointer?>?,
        _ body: (inout Moments, Double) -> Void
    ) {
        guard let argument = arguments?[0], sqlite3_value_type(argument) != SQLITE_NULL,
            let state = SQLiteAggregates.state(context, as: Moments.self)
        else { return }
        body(&state.pointee, sqlite3_value_double(argument))
    }

    static func finish(_ context: OpaquePointer?) {
        let spread = Spread(rawValue: Int(bitPattern: sqlite3_user_data(context)))
        let moments = SQLiteAggregates.state(context, as: Moments.self, isNew: false)?.pointee ?? Moments()
        if let value = spread?.value(moments) {
            sqlite3_result_double(context, value)
        } else {
            sqlite3_result_null(context)
        }
    }
}

/// The operations on bits.
private enum BitOperation: Int, CaseIterable {
    case and = 1
    case or
    case xor

    var name: String {
        switch self {
        case .and: "BIT_AND"
        case .or: "BIT_OR"
        case .xor: "BIT_XOR"
        }
    }
}

/// The bits of the values so far.
private struct Bits: BitwiseCopyable {
    var hasValue = false
    var value: Int64 = 0

    static func step(_ context: OpaquePointer?, _ arguments: UnsafeMutablePointer<OpaquePointer?>?) {
        guard let argument = arguments?[0], sqlite3_value_type(argument) != SQLITE_NULL,
            let state = SQLiteAggregates.state(context, as: Bits.self)
        else { return }
        let number = sqlite3_value_int64(argument)
        guard state.pointee.hasValue else {
            state.pointee = Bits(hasValue: true, value: number)
            return
        }
        switch BitOperation(rawValue: Int(bitPattern: sqlite3_user_data(context))) {
        case .and?: state.pointee.value &= number
        case .or?: state.pointee.value |= number
        case .xor?: state.pointee.value ^= number
        case nil: break
        }
    }

    static func finish(_ context: OpaquePointer?) {
        guard let bits = SQLiteAggregates.state(context, as: Bits.self, isNew: false)?.pointee, bits.hasValue else {
            return sqlite3_result_null(context)
        }
        sqlite3_result_int64(context, bits.value)
    }
}
