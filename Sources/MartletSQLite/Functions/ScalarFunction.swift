import CSQLite
import MartletORM

/// A function in Swift that SQL can call.
///
/// Expressions of indexes and constraints may call it too, and other programs that open the file do not know it; so
/// what SQLite has itself is not replaced.
struct ScalarFunction: Sendable {
    let name: String
    let count: Int32
    let body: @Sendable (FunctionArguments) throws -> FunctionResult

    /// A function that is null when one of its arguments is, as functions of SQL are.
    init(_ name: String, _ count: Int32, _ body: @escaping @Sendable (FunctionArguments) throws -> FunctionResult) {
        self.name = name
        self.count = count
        self.body = body
    }

    /// All functions of expressions.
    static let all: [ScalarFunction] = text + digests + math + conversions + dates + expressions + documents

    /// Makes the functions known to a connection.
    static func register(on handle: OpaquePointer) throws(DatabaseError) {
        for function in all { try function.register(on: handle) }
    }

    private func register(on handle: OpaquePointer) throws(DatabaseError) {
        let box = Unmanaged.passRetained(FunctionBox(self)).toOpaque()
        // Innocuous: they touch nothing outside, so the schema of a file may call them.
        let code = sqlite3_create_function_v2(
            handle, name, count, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, box,
            { context, count, values in FunctionBox.call(context, count, values) }, nil, nil,
            { box in FunctionBox.release(box) })
        guard code == SQLITE_OK else { throw SQLiteError.current(handle, sql: name) }
    }
}

/// What a function returns.
enum FunctionResult {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bool(Bool)
}

/// Why a function has no result for its arguments.
struct FunctionError: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

/// Carries a function through SQLite's pointer.
private final class FunctionBox {
    private let function: ScalarFunction

    init(_ function: ScalarFunction) {
        self.function = function
    }

    static func release(_ box: UnsafeMutableRawPointer?) {
        if let box { Unmanaged<FunctionBox>.fromOpaque(box).release() }
    }

    static func call(
        _ context: OpaquePointer?, _ count: Int32, _ values: UnsafeMutablePointer<OpaquePointer?>?
    ) {
        guard let context, let box = sqlite3_user_data(context) else { return }
        let function = Unmanaged<FunctionBox>.fromOpaque(box).takeUnretainedValue().function
        let arguments = FunctionArguments(context: context, values: values, count: Int(count))
        guard !arguments.haveNull else { return sqlite3_result_null(context) }
        do {
            try function.body(arguments).give(to: context)
        } catch {
            let message = (error as? FunctionError)?.message ?? "\(error)"
            sqlite3_result_error(context, message, -1)
            // Told apart from errors of the statement itself: it is a value that has no result.
            sqlite3_result_error_code(context, SQLITE_MISMATCH)
        }
    }
}

extension FunctionResult {
    fileprivate func give(to context: OpaquePointer) {
        switch self {
        case .null: sqlite3_result_null(context)
        case .integer(let number): sqlite3_result_int64(context, number)
        case .real(let number): sqlite3_result_double(context, number)
        case .bool(let flag): sqlite3_result_int64(context, flag ? 1 : 0)
        case .text(var text):
            text.withUTF8 { bytes in
                let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)  // SQLITE_TRANSIENT
                guard let base = bytes.baseAddress, bytes.count > 0 else {
                    return sqlite3_result_text(context, "", 0, copied)
                }
                base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                    sqlite3_result_text64(context, $0, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
                }
            }
        }
    }
}

/// The arguments of one call, valid until it returns; none is null.
struct FunctionArguments {
    let context: OpaquePointer
    fileprivate let values: UnsafeMutablePointer<OpaquePointer?>?
    fileprivate let count: Int

    fileprivate var haveNull: Bool {
        (0..<count).contains { sqlite3_value_type(values?[$0]) == SQLITE_NULL }
    }

    func type(_ index: Int) -> Int32 { sqlite3_value_type(values?[index]) }

    func integer(_ index: Int) -> Int64 { sqlite3_value_int64(values?[index]) }

    func real(_ index: Int) -> Double { sqlite3_value_double(values?[index]) }

    /// The text; bytes that are no UTF-8 are replaced.
    func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    /// The text's bytes in SQLite's memory.
    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        // The text must be asked for before its length: asking may convert it.
        let base = sqlite3_value_text(values?[index])
        return UnsafeBufferPointer(start: base, count: Int(sqlite3_value_bytes(values?[index])))
    }
}
