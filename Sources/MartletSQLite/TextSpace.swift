import CSQLite
import FoundationEssentials
import MartletORM

/// Room for the texts of one row, from which SQLite reads them while it runs the statement.
///
/// A text that SQLite is to keep by itself costs it a piece of memory each time.
struct TextSpace: ~Copyable {
    private var bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4_096)
    private var count = 0

    deinit {
        bytes.deallocate()
    }

    /// Makes room for the texts of a row. What was bound before must not be run any more.
    mutating func begin(_ row: ArraySlice<SQLValue>) {
        count = 0
        var needed = 0
        for value in row {
            switch value {
            case .text(let text), .json(let text): needed += text.utf8.count
            case .dateTime: needed += DateTimeText.longest
            default: break
            }
        }
        guard needed > bytes.count else { return }
        bytes.deallocate()
        bytes = .allocate(capacity: needed * 2)
    }

    /// Binds a value of the row for which there is room; it stays bound until the next row begins.
    mutating func bind(_ value: SQLValue, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .text(let text), .json(let text):
            let room = UnsafeMutableBufferPointer(rebasing: bytes[count...])
            // `begin` has counted the same bytes, so all of them are copied.
            let copied = text.utf8.withContiguousStorageIfAvailable { room.update(fromContentsOf: $0) }
            guard let length = copied else { return MartletSQLite.bind(value, to: statement, at: index) }
            return bindNext(length, to: statement, at: index)
        case .dateTime(let date):
            let room = UnsafeMutableBufferPointer(rebasing: bytes[count...])
            return bindNext(DateTimeText.write(date, to: room), to: statement, at: index)
        default:
            return MartletSQLite.bind(value, to: statement, at: index)
        }
    }

    /// Binds the bytes that were just written behind the others.
    private mutating func bindNext(_ length: Int, to statement: OpaquePointer, at index: Int32) -> Int32 {
        // There is always memory, also behind the last byte, so an empty text is not bound as NULL.
        let start = UnsafeMutableRawPointer(bytes.baseAddress.unsafelyUnwrapped + count)
        count += length
        // Without a destructor SQLite neither copies nor frees what it reads.
        return sqlite3_bind_text64(
            statement, index, start.assumingMemoryBound(to: CChar.self), UInt64(length), nil, UInt8(SQLITE_UTF8))
    }
}
