import CSQLite
import FoundationEssentials
import MartletORM
import MartletValues

/// The row a prepared statement stands on.
struct SQLiteRow: Row {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) {
        self.statement = statement
    }

    var count: Int { Int(sqlite3_column_count(statement)) }

    func isNull(at index: Int) -> Bool { type(at: index) == SQLITE_NULL }

    func bool(at index: Int) throws(DecodingProblem) -> Bool {
        guard type(at: index) == SQLITE_INTEGER else { throw problem(at: index, "true or false (1 or 0)") }
        return sqlite3_column_int64(statement, Int32(index)) != 0
    }

    func integer(at index: Int) throws(DecodingProblem) -> Int64 {
        guard type(at: index) == SQLITE_INTEGER else { throw problem(at: index, "a whole number") }
        return sqlite3_column_int64(statement, Int32(index))
    }

    func real(at index: Int) throws(DecodingProblem) -> Double {
        let type = type(at: index)
        guard type == SQLITE_FLOAT || type == SQLITE_INTEGER else { throw problem(at: index, "a number") }
        return sqlite3_column_double(statement, Int32(index))
    }

    func text(at index: Int) throws(DecodingProblem) -> String {
        guard type(at: index) == SQLITE_TEXT else { throw problem(at: index, "text") }
        return String(decoding: textBytes(at: index), as: UTF8.self)
    }

    func bytes(at index: Int) throws(DecodingProblem) -> [UInt8] {
        guard type(at: index) == SQLITE_BLOB else { throw problem(at: index, "bytes") }
        guard let base = sqlite3_column_blob(statement, Int32(index)) else { return [] }
        return Array(UnsafeRawBufferPointer(start: base, count: Int(sqlite3_column_bytes(statement, Int32(index)))))
    }

    func uuid(at index: Int) throws(DecodingProblem) -> UUID {
        guard type(at: index) == SQLITE_TEXT, let uuid = UUIDText.uuid(from: textBytes(at: index)) else {
            throw problem(at: index, "a UUID of 32 hexadecimal digits")
        }
        return uuid
    }

    func dateTime(at index: Int) throws(DecodingProblem) -> Date {
        guard type(at: index) == SQLITE_TEXT, let date = DateTimeText.date(from: textBytes(at: index)) else {
            throw problem(at: index, "a moment, such as '2026-01-31 09:05:00'")
        }
        return date
    }

    func decimal(at index: Int) throws(DecodingProblem) -> Decimal {
        let exact: ExactDecimal? =
            switch type(at: index) {
            case SQLITE_INTEGER: ExactDecimal(sqlite3_column_int64(statement, Int32(index)))
            case SQLITE_FLOAT: ExactDecimal(sqlite3_column_double(statement, Int32(index)))
            case SQLITE_TEXT: ExactDecimal(text: textBytes(at: index))
            default: nil
            }
        guard let exact else { throw problem(at: index, "a decimal number of at most 38 digits") }
        return exact.decimal
    }

    func date(at index: Int) throws(DecodingProblem) -> CalendarDate {
        guard type(at: index) == SQLITE_TEXT, let day = CalendarDate(text: textBytes(at: index)) else {
            throw problem(at: index, "a day, such as '2026-01-31'")
        }
        return day
    }

    func time(at index: Int) throws(DecodingProblem) -> TimeOfDay {
        guard type(at: index) == SQLITE_TEXT, let time = TimeOfDay(text: textBytes(at: index)) else {
            throw problem(at: index, "a time of day, such as '09:05:00'")
        }
        return time
    }

    func duration(at index: Int) throws(DecodingProblem) -> Duration {
        guard type(at: index) == SQLITE_INTEGER else { throw problem(at: index, "a whole number of microseconds") }
        return .microseconds(sqlite3_column_int64(statement, Int32(index)))
    }

    func json(at index: Int) throws(DecodingProblem) -> String { try text(at: index) }

    func value(at index: Int) -> SQLValue {
        switch type(at: index) {
        case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, Int32(index)))
        case SQLITE_FLOAT: .real(sqlite3_column_double(statement, Int32(index)))
        case SQLITE_TEXT: .text(String(decoding: textBytes(at: index), as: UTF8.self))
        case SQLITE_BLOB: (try? bytes(at: index)).map(SQLValue.bytes) ?? .null
        default: .null
        }
    }

    func columnName(at index: Int) -> String {
        sqlite3_column_name(statement, Int32(index)).map { String(cString: $0) } ?? "\(index)"
    }

    private func type(at index: Int) -> Int32 { sqlite3_column_type(statement, Int32(index)) }

    /// The text in SQLite's own memory, valid until the next step.
    private func textBytes(at index: Int) -> UnsafeBufferPointer<UInt8> {
        // The text must be asked for before its length: asking may convert it.
        let base = sqlite3_column_text(statement, Int32(index))
        return UnsafeBufferPointer(start: base, count: Int(sqlite3_column_bytes(statement, Int32(index))))
    }

    private func problem(at index: Int, _ expected: String) -> DecodingProblem {
        let found =
            switch value(at: index) {
            case .null: "null"
            case .text(let text): "the text '\(text.prefix(40))'"
            case .integer(let number): "the number \(number)"
            case .real(let number): "the number \(number)"
            default: "bytes"
            }
        return DecodingProblem(column: columnName(at: index), expected: expected, found: found)
    }
}
