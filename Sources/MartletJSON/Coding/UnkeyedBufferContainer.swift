/// Writes the elements of an array.
struct UnkeyedBufferContainer: UnkeyedEncodingContainer {
    let encoder: BufferEncoder
    private(set) var count = 0

    init(encoder: BufferEncoder) { self.encoder = encoder }

    var codingPath: [any CodingKey] { encoder.codingPath }
    private var buffer: EncodingBuffer { encoder.buffer }

    private mutating func begin() throws -> IndexKey {
        try encoder.checkTurn()
        defer { count += 1 }
        return IndexKey(count)
    }

    private mutating func integer(_ number: some FixedWidthInteger) throws {
        _ = try begin()
        buffer.writer.integer(number)
    }

    mutating func encodeNil() throws {
        _ = try begin()
        buffer.writer.null()
    }

    mutating func encode(_ value: Bool) throws {
        _ = try begin()
        buffer.writer.bool(value)
    }

    mutating func encode(_ value: String) throws {
        _ = try begin()
        buffer.writer.string(value)
    }

    mutating func encode(_ value: Double) throws { try encoder.double(value, begin()) }
    mutating func encode(_ value: Float) throws { try encoder.float(value, begin()) }
    mutating func encode(_ value: Int) throws { try integer(value) }
    mutating func encode(_ value: Int8) throws { try integer(value) }
    mutating func encode(_ value: Int16) throws { try integer(value) }
    mutating func encode(_ value: Int32) throws { try integer(value) }
    mutating func encode(_ value: Int64) throws { try integer(value) }
    mutating func encode(_ value: UInt) throws { try integer(value) }
    mutating func encode(_ value: UInt8) throws { try integer(value) }
    mutating func encode(_ value: UInt16) throws { try integer(value) }
    mutating func encode(_ value: UInt32) throws { try integer(value) }
    mutating func encode(_ value: UInt64) throws { try integer(value) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        try buffer.encode(value, at: CodingPath(encoder.path, begin()))
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { nested() }

    private mutating func nested() -> BufferEncoder {
        defer { count += 1 }
        return buffer.makeNested(at: CodingPath(encoder.path, IndexKey(count)))
    }
}
