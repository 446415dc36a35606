/// Writes the one value that a type encodes itself as.
struct SingleBufferContainer: SingleValueEncodingContainer {
    let encoder: BufferEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    private var buffer: EncodingBuffer { encoder.buffer }

    private func integer(_ number: some FixedWidthInteger) throws {
        try encoder.beginValue()
        buffer.writer.integer(number)
    }

    func encodeNil() throws {
        try encoder.beginValue()
        buffer.writer.null()
    }

    func encode(_ value: Bool) throws {
        try encoder.beginValue()
        buffer.writer.bool(value)
    }

    func encode(_ value: String) throws {
        try encoder.beginValue()
        buffer.writer.string(value)
    }

    func encode(_ value: Double) throws {
        try encoder.beginValue()
        try encoder.double(value, nil)
    }

    func encode(_ value: Float) throws {
        try encoder.beginValue()
        try encoder.float(value, nil)
    }

    func encode(_ value: Int) throws { try integer(value) }
    func encode(_ value: Int8) throws { try integer(value) }
    func encode(_ value: Int16) throws { try integer(value) }
    func encode(_ value: Int32) throws { try integer(value) }
    func encode(_ value: Int64) throws { try integer(value) }
    func encode(_ value: UInt) throws { try integer(value) }
    func encode(_ value: UInt8) throws { try integer(value) }
    func encode(_ value: UInt16) throws { try integer(value) }
    func encode(_ value: UInt32) throws { try integer(value) }
    func encode(_ value: UInt64) throws { try integer(value) }

    func encode<T: Encodable>(_ value: T) throws {
        try encoder.beginValue()
        try buffer.encode(value, at: encoder.path)
    }
}

extension BufferEncoder {
    /// Writes a number, or tells at which key it cannot be one.
    func double(_ number: Double, _ key: (any CodingKey)?) throws {
        do {
            try buffer.writer.double(number)
        } catch {
            throw EncodingError.invalidValue(
                number, .init(codingPath: codingPath + (key.map { [$0] } ?? []), debugDescription: error.message))
        }
    }

    /// Writes the digits that a Float has, which are fewer than those of the Double nearest to it.
    func float(_ number: Float, _ key: (any CodingKey)?) throws {
        try double(Double(number.description) ?? Double(number), key)
    }
}
