import CSQLite
import FoundationEssentials
import MartletORM
import MartletValues

extension SQLiteError {
    /// The error for a value that was not bound because nothing of SQLite holds it; `nil` for any other value.
    static func unstorable(_ value: SQLValue, sql: String) -> DatabaseError? {
        switch value {
        case .decimal(let number) where ExactDecimal(number) == nil:
            DatabaseError(.invalidValue, "A decimal that is not a number cannot be stored.", sql: sql)
        case .duration(let duration) where duration.wholeMicroseconds == nil:
            DatabaseError(
                .invalidValue,
                "A duration of \(duration) is longer than the 292,000 years that 64 bits of microseconds hold.",
                sql: sql)
        default: nil
        }
    }
}

/// Binds a decimal as a number where a number of SQLite keeps all its digits, so that it compares with what arithmetic
/// yields, and as text where not.
func bindDecimal(_ number: Decimal, to statement: OpaquePointer, at index: Int32) -> Int32 {
    guard let exact = ExactDecimal(number) else { return SQLITE_MISMATCH }
    switch SQLiteDecimals.stored(exact) {
    case .integer(let number): return sqlite3_bind_int64(statement, index, number)
    case .real(let number): return sqlite3_bind_double(statement, index, number)
    case .text(let text): return bind(text, to: statement, at: index)
    }
}
