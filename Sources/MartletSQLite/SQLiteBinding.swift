import CSQLite
import FoundationEssentials
import MartletORM
import MartletValues

/// Tells SQLite to copy the bytes it is given before the call returns (`SQLITE_TRANSIENT`, a macro in C).
let copyBytes = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// Binds a value in the form in which Django stores it.
func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
    switch value {
    case .null: sqlite3_bind_null(statement, index)
    case .bool(let flag): sqlite3_bind_int64(statement, index, flag ? 1 : 0)
    case .integer(let number): sqlite3_bind_int64(statement, index, number)
    case .real(let number): sqlite3_bind_double(statement, index, number)
    case .text(let text): bind(text, to: statement, at: index)
    case .uuid(let uuid): bind(UUIDText.hexadecimal(uuid), to: statement, at: index)
    case .dateTime(let date): bind(date, to: statement, at: index)
    case .decimal(let number): bindDecimal(number, to: statement, at: index)
    case .date(let day): bind(day.description, to: statement, at: index)
    case .time(let time): bind(time.description, to: statement, at: index)
    case .json(let text): bind(text, to: statement, at: index)
    case .duration(let duration):
        duration.wholeMicroseconds.map { sqlite3_bind_int64(statement, index, $0) } ?? SQLITE_MISMATCH
    case .bytes(let bytes):
        bytes.isEmpty
            ? sqlite3_bind_zeroblob(statement, index, 0)
            : bytes.withUnsafeBytes {
                sqlite3_bind_blob64(statement, index, $0.baseAddress, UInt64($0.count), copyBytes)
            }
    }
}

/// A moment as text, without a string in between.
private func bind(_ date: Date, to statement: OpaquePointer, at index: Int32) -> Int32 {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: DateTimeText.longest) { buffer in
        let count = DateTimeText.write(date, to: buffer)
        return buffer.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text64(statement, index, $0.baseAddress, UInt64(count), copyBytes, UInt8(SQLITE_UTF8))
        }
    }
}

func bind(_ text: String, to statement: OpaquePointer, at index: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
        // An empty string may have no address, and a null pointer would bind NULL.
        guard let base = bytes.baseAddress, bytes.count > 0 else {
            return sqlite3_bind_text(statement, index, "", 0, copyBytes)
        }
        return base.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
            sqlite3_bind_text64(statement, index, $0, UInt64(bytes.count), copyBytes, UInt8(SQLITE_UTF8))
        }
    }
}
