import CPostgreSQL
import FoundationEssentials
import MartletCrypto
import MartletORM
import MartletValues

/// The values of one statement in the form libpq sends them, in memory that is used again for the next.
struct ParameterBuffer {
    /// A number does not fit the integer type that was inferred for it.
    struct TooWide: Error {}

    /// A value that no type of PostgreSQL holds.
    struct Unstorable: Error {
        let message: String

        init(duration: Duration) {
            message = "A duration of \(duration) is longer than the 292,000 years that 64 bits of microseconds hold."
        }

        init() {
            message = "A decimal that is not a number cannot be stored."
        }
    }

    /// A text has a zero byte, which no text of PostgreSQL can have.
    struct ZeroByte: Error {
        func message(position: Int) -> String {
            "Value \(position) has a null character (U+0000), which PostgreSQL cannot store in text. "
                + "Remove it, or refuse it where the input is validated."
        }
    }

    private var bytes: [UInt8] = []
    /// Where each value begins; -1 for null.
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    /// Begins with another statement.
    mutating func reset() {
        // One statement with megabytes of values must not keep them for the connection's life.
        bytes.removeAll(keepingCapacity: bytes.capacity <= 65_536)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
    }

    /// Adds a value: in binary form where the type is a number, a truth value, a moment, a UUID or bytes, else as text,
    /// which PostgreSQL converts to any type.
    ///
    /// - Parameter type: The type that was inferred; `nil` when it is not known, and all is text.
    mutating func append(_ value: SQLValue, as type: Oid?) throws {
        switch (value, type) {
        case (.null, _): appendNull()
        case (.integer(let number), .int8?): appendBinary(number)
        case (.integer(let number), .int4?): appendBinary(try narrow(number, Int32.self))
        case (.integer(let number), .int2?): appendBinary(try narrow(number, Int16.self))
        case (.integer(let number), .float8?): appendBinary(Double(number).bitPattern)
        case (.integer(let number), .bool?): appendBytes(CollectionOfOne(number == 0 ? 0 : 1))
        case (.real(let number), .float8?): appendBinary(number.bitPattern)
        case (.bool(let flag), .bool?): appendBytes(CollectionOfOne(flag ? 1 : 0))
        case (.uuid(let uuid), .uuid?): withUnsafeBytes(of: uuid.uuid) { appendBytes($0) }
        case (.dateTime(let date), .timestamptz?), (.dateTime(let date), .timestamp?):
            appendBinary(BinaryTimestamp.microseconds(of: date))
        case (.bytes(let bytes), .bytea?): appendBytes(bytes)
        case (.decimal(let number), _) where !number.isFinite: throw Unstorable()
        case (.duration(let duration), _) where duration.wholeMicroseconds == nil: throw Unstorable(duration: duration)
        case (.date(let day), .date?): appendBinary(BinaryTimestamp.days(of: day))
        case (.time(let time), .time?): appendBinary(time.microseconds)
        case (.duration(let duration), .interval?):
            appendBinary(duration.wholeMicroseconds ?? 0)
            extend(by: 8)
        default: try appendText(ParameterText.text(of: value, as: type))
        }
    }

    /// Calls `body` with what libpq takes.
    mutating func withPointers<Result>(
        _ body: (
            Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
        ) -> Result
    ) -> Result {
        pointers.removeAll(keepingCapacity: true)
        return bytes.withUnsafeBytes { bytes in
            let base = bytes.bindMemory(to: CChar.self).baseAddress
            for offset in offsets { pointers.append(offset < 0 ? nil : base.map { $0 + offset }) }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(Int32(pointers.count), pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }

    private func narrow<Number: FixedWidthInteger>(_ number: Int64, _: Number.Type) throws -> Number {
        guard let narrow = Number(exactly: number) else { throw TooWide() }
        return narrow
    }

    /// Adds zeros to the value that was added last: an interval's days and months behind its microseconds.
    private mutating func extend(by count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: count))
        lengths[lengths.count - 1] += Int32(count)
    }

    private mutating func appendNull() {
        offsets.append(-1)
        lengths.append(0)
        formats.append(0)
    }

    private mutating func appendBinary(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { appendBytes($0) }
    }

    private mutating func appendBytes(_ value: some Collection<UInt8>) {
        begin(length: value.count, format: 1)
        bytes.append(contentsOf: value)
        // An empty value has an address too, since null is told by having none.
        bytes.append(0)
    }

    private mutating func appendText(_ text: String) throws {
        var text = text
        let isClean = text.withUTF8 { utf8 in
            guard !utf8.contains(0) else { return false }
            begin(length: utf8.count, format: 0)
            bytes.append(contentsOf: utf8)
            return true
        }
        guard isClean else { throw ZeroByte() }
        bytes.append(0)
    }

    private mutating func begin(length: Int, format: Int32) {
        offsets.append(bytes.count)
        lengths.append(Int32(clamping: length))
        formats.append(format)
    }
}

/// Values in the text form that PostgreSQL reads.
enum ParameterText {
    static func text(of value: SQLValue, as type: Oid?) -> String {
        switch value {
        case .null: ""
        case .bool(let flag):
            type == .int8 || type == .int4 || type == .int2 || type == .numeric
                ? (flag ? "1" : "0") : (flag ? "true" : "false")
        case .integer(let number): "\(number)"
        case .real(let number):
            number.isNaN ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : "\(number)"
        case .text(let text): text
        case .bytes(let bytes): "\\x" + bytes.hexadecimal
        case .uuid(let uuid): uuid.uuidString.lowercased()
        case .dateTime(let date): DateTimeText.string(from: date) + "+00"
        case .decimal(let number): number.isFinite ? number.description : "NaN"
        case .date(let day): day.description
        case .time(let time): time.description
        case .duration(let duration): duration.wholeMicroseconds.map { "\($0) microseconds" } ?? "out of range"
        case .json(let text): text
        }
    }
}
