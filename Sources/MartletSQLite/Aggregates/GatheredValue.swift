import CSQLite
import MartletJSON

/// A value of SQLite, copied out of the row that it belongs to.
enum GatheredValue: Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case blob([UInt8])

    init(_ value: OpaquePointer?) {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER: self = .integer(sqlite3_value_int64(value))
        case SQLITE_FLOAT: self = .real(sqlite3_value_double(value))
        case SQLITE_TEXT:
            // The text must be asked for before its length: asking may convert it.
            let base = sqlite3_value_text(value)
            self = .text(Array(UnsafeBufferPointer(start: base, count: Int(sqlite3_value_bytes(value)))))
        case SQLITE_BLOB:
            let base = sqlite3_value_blob(value)
            self = .blob(Array(UnsafeRawBufferPointer(start: base, count: Int(sqlite3_value_bytes(value)))))
        default: self = .null
        }
    }

    /// SQLite's order: numbers, texts by their bytes, blobs. Null is the caller's affair.
    func precedes(_ other: GatheredValue) -> Bool {
        switch (self, other) {
        case (.text(let left), .text(let right)), (.blob(let left), .blob(let right)):
            left.lexicographicallyPrecedes(right)
        case (.integer(let left), .integer(let right)): left < right
        case (.integer, .real), (.real, .integer), (.real, .real): number < other.number
        default: rank < other.rank
        }
    }

    /// The value as text.
    var text: [UInt8] {
        switch self {
        case .null: []
        case .integer(let number): Array("\(number)".utf8)
        case .real(let number): Array("\(number)".utf8)
        case .text(let bytes), .blob(let bytes): bytes
        }
    }

    /// Appends the value in JSON. Bytes and what is no number have no form there: the reader finds a null in their place.
    func appendJSON(to bytes: inout [UInt8]) {
        switch self {
        case .integer(let number): JSONNumber.append(number, to: &bytes)
        case .real(let number) where number.isFinite: bytes += Array("\(number)".utf8)
        case .text(let text):
            bytes.append(0x22)
            JSONText.append(String(decoding: text, as: UTF8.self), to: &bytes)
            bytes.append(0x22)
        case .null, .real, .blob: bytes += Array("null".utf8)
        }
    }

    private var number: Double {
        switch self {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .null, .text, .blob: 0
        }
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .integer, .real: 1
        case .text: 2
        case .blob: 3
        }
    }
}
