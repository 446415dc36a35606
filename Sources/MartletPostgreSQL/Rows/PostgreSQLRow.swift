import CPostgreSQL
import FoundationEssentials
import MartletORM

/// A row of a result, in libpq's memory.
struct PostgreSQLRow: Row {
    private let result: OpaquePointer
    private let row: Int32

    init(_ result: OpaquePointer, _ row: Int32) {
        self.result = result
        self.row = row
    }

    var count: Int { Int(PQnfields(result)) }

    func isNull(at index: Int) -> Bool { PQgetisnull(result, row, Int32(index)) != 0 }

    func bool(at index: Int) throws(DecodingProblem) -> Bool {
        guard let flag = flag(index) else { throw problem(at: index, "true or false") }
        return flag
    }

    func integer(at index: Int) throws(DecodingProblem) -> Int64 {
        guard let number = number(index) else { throw problem(at: index, "a whole number") }
        return number
    }

    func real(at index: Int) throws(DecodingProblem) -> Double {
        guard let number = real(index) else { throw problem(at: index, "a number") }
        return number
    }

    func text(at index: Int) throws(DecodingProblem) -> String {
        // In text form every type is a text, also those of extensions; in binary form only what is text in itself.
        guard !isNull(at: index), type(index).isText || !type(index).hasBinaryDecoder else {
            if let address = address(index) { return address }
            throw problem(at: index, "text")
        }
        return string(index)
    }

    func bytes(at index: Int) throws(DecodingProblem) -> [UInt8] {
        guard !isNull(at: index), let bytes = content(index) else { throw problem(at: index, "bytes") }
        return bytes
    }

    func uuid(at index: Int) throws(DecodingProblem) -> UUID {
        guard let uuid = identifier(index) else { throw problem(at: index, "a UUID") }
        return uuid
    }

    func dateTime(at index: Int) throws(DecodingProblem) -> Date {
        guard let date = moment(index) else { throw problem(at: index, "a moment") }
        return date
    }

    func value(at index: Int) -> SQLValue {
        if isNull(at: index) { return .null }
        let value: SQLValue? =
            switch type(index) {
            case .bool: flag(index).map(SQLValue.bool)
            case .int8, .int4, .int2, .oid: number(index).map(SQLValue.integer)
            case .float8, .float4: real(index).map(SQLValue.real)
            case .numeric: ExactDecimal(exactNumber(index)).map { .decimal($0.decimal) } ?? .text(exactNumber(index))
            case .bytea: content(index).map(SQLValue.bytes)
            case .uuid: identifier(index).map(SQLValue.uuid)
            case .timestamp, .timestamptz: moment(index).map(SQLValue.dateTime)
            case .date: day(index).map(SQLValue.date)
            case .time: clock(index).map(SQLValue.time)
            case .interval: length(index).map(SQLValue.duration)
            case .json, .jsonb: document(index).map(SQLValue.json)
            case .inet, .cidr: address(index).map(SQLValue.text)
            default: .text(string(index))
            }
        // What has no other form, such as the moment "infinity", stays what it is in its own bytes.
        return value ?? (isBinary(index) ? .bytes(Array(bytes(index))) : .text(string(index)))
    }

    func columnName(at index: Int) -> String {
        PQfname(result, Int32(index)).map { String(cString: $0) } ?? "\(index)"
    }

    // MARK: Values of each type

    private func flag(_ index: Int) -> Bool? {
        let bytes = bytes(index)
        guard type(index) == .bool, bytes.count == 1 else { return nil }
        return bytes[0] == 1 || bytes[0] == 0x74
    }

    private func number(_ index: Int) -> Int64? {
        switch type(index) {
        case .int8: isBinary(index) ? load(index, Int64.self) : Int64(string(index))
        case .int4: isBinary(index) ? load(index, Int32.self).map(Int64.init) : Int64(string(index))
        case .int2: isBinary(index) ? load(index, Int16.self).map(Int64.init) : Int64(string(index))
        case .oid: isBinary(index) ? load(index, UInt32.self).map(Int64.init) : Int64(string(index))
        case .numeric: Int64(exactNumber(index))
        default: nil
        }
    }

    private func real(_ index: Int) -> Double? {
        switch type(index) {
        case .float8: isBinary(index) ? load(index, UInt64.self).map(Double.init(bitPattern:)) : Double(string(index))
        case .float4:
            isBinary(index) ? load(index, UInt32.self).map { Double(Float(bitPattern: $0)) } : Double(string(index))
        case .numeric: Double(exactNumber(index))
        case .int8, .int4, .int2: number(index).map(Double.init)
        default: nil
        }
    }

    private func content(_ index: Int) -> [UInt8]? {
        guard type(index) == .bytea else { return nil }
        return isBinary(index) ? Array(bytes(index)) : HexadecimalText.bytes(bytes(index))
    }

    private func identifier(_ index: Int) -> UUID? {
        let bytes = bytes(index)
        if type(index) == .uuid, isBinary(index), bytes.count == 16 {
            return UUID(uuid: UnsafeRawBufferPointer(bytes).loadUnaligned(as: uuid_t.self))
        }
        // Django keeps UUIDs as text where it means to share rows with other databases.
        return type(index) == .uuid || type(index).isText ? UUIDText.uuid(from: bytes) : nil
    }

    private func moment(_ index: Int) -> Date? {
        guard isBinary(index) else { return type(index).isText ? nil : DateTimeText.date(from: bytes(index)) }
        guard type(index) == .timestamptz || type(index) == .timestamp else { return nil }
        return load(index, Int64.self).flatMap(BinaryTimestamp.date(microseconds:))
    }

    // MARK: Libpq's memory

    func type(_ index: Int) -> Oid { PQftype(result, Int32(index)) }

    func isBinary(_ index: Int) -> Bool { PQfformat(result, Int32(index)) == 1 }

    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let value = PQgetvalue(result, row, Int32(index))
        let start = UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self)
        return UnsafeBufferPointer(start: start, count: Int(PQgetlength(result, row, Int32(index))))
    }

    func string(_ index: Int) -> String {
        String(decoding: bytes(index), as: UTF8.self)
    }

    func load<Number: FixedWidthInteger>(_ index: Int, _: Number.Type) -> Number? {
        let bytes = UnsafeRawBufferPointer(bytes(index))
        guard bytes.count == MemoryLayout<Number>.size else { return nil }
        return Number(bigEndian: bytes.loadUnaligned(as: Number.self))
    }

    func exactNumber(_ index: Int) -> String {
        isBinary(index) ? NumericText.text(bytes(index)) ?? "NaN" : string(index)
    }

    func problem(at index: Int, _ expected: String) -> DecodingProblem {
        let found =
            switch value(at: index) {
            case .null: "null"
            case .text(let text): "the text '\(text.prefix(40))'"
            case .integer(let number): "the number \(number)"
            case .real(let number): "the number \(number)"
            case .bool(let flag): "\(flag)"
            case .uuid(let uuid): "the UUID \(uuid)"
            case .dateTime(let date): "the moment \(date)"
            case .decimal(let number): "the number \(number)"
            case .date(let day): "the day \(day)"
            case .time(let time): "the time \(time)"
            case .duration(let duration): "the duration \(duration)"
            case .json: "JSON"
            case .bytes: "bytes"
            }
        return DecodingProblem(column: columnName(at: index), expected: expected, found: found)
    }
}
