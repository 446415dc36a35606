/// Writes the members of an object.
struct KeyedBufferContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: BufferEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    private var buffer: EncodingBuffer { encoder.buffer }

    private func begin(_ key: some CodingKey) throws {
        try encoder.checkTurn()
        buffer.writer.name(key.stringValue)
    }

    private func integer(_ number: some FixedWidthInteger, _ key: Key) throws {
        try begin(key)
        buffer.writer.integer(number)
    }

    func encodeNil(forKey key: Key) throws {
        try begin(key)
        buffer.writer.null()
    }

    func encode(_ value: Bool, forKey key: Key) throws {
        try begin(key)
        buffer.writer.bool(value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try begin(key)
        buffer.writer.string(value)
    }

    func encode(_ value: Double, forKey key: Key) throws {
        try begin(key)
        try encoder.double(value, key)
    }

    func encode(_ value: Float, forKey key: Key) throws {
        try begin(key)
        try encoder.float(value, key)
    }

    func encode(_ value: Int, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int8, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int16, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int32, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int64, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt8, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt16, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt32, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt64, forKey key: Key) throws { try integer(value, key) }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        try begin(key)
        try buffer.encode(value, at: CodingPath(encoder.path, key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { nested(NameKey.superKey) }
    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: some CodingKey) -> BufferEncoder {
        buffer.writer.name(key.stringValue)
        return buffer.makeNested(at: CodingPath(encoder.path, key))
    }
}
