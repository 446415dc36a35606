internal import FoundationEssentials

/// Where encoded values are written.
///
/// Values go straight into one buffer. Only a container that a type asks for inside another (`nestedContainer`, a super
/// class) gets a buffer of its own, because its owner may go on writing to both in turn; it is put in its place at the
/// end.
final class EncodingBuffer {
    var writer: JSONWriter

    /// The encoder whose turn it is: the innermost one. Any other must not write.
    var current: BufferEncoder?

    /// Nested buffers, and the place of the byte that stands for each.
    private var nested: [(place: Int, encoder: BufferEncoder)] = []

    init(asciiOnly: Bool) { writer = JSONWriter(asciiOnly: asciiOnly) }

    /// The bytes with the nested buffers in their places.
    func finish() -> [UInt8] {
        if nested.isEmpty { return writer.bytes }
        var bytes: [UInt8] = []
        var copied = 0
        for (place, encoder) in nested {
            bytes += writer.bytes[copied..<place]
            encoder.close()
            bytes += encoder.buffer.finish()
            copied = place + 1
        }
        return bytes + writer.bytes[copied...]
    }

    /// Makes an encoder with a buffer of its own, whose bytes will stand here.
    func makeNested(at path: CodingPath?) -> BufferEncoder {
        let encoder = BufferEncoder(EncodingBuffer(asciiOnly: writer.asciiOnly), at: path)
        encoder.buffer.current = encoder
        writer.raw([0x20])
        nested.append((writer.bytes.count - 1, encoder))
        return encoder
    }

    /// Writes any value; those that JSON has no word for as Django REST framework writes them.
    func encode<T: Encodable>(_ value: T, at path: CodingPath?) throws {
        do {
            if try encodeSpecial(value) { return }
        } catch {
            throw EncodingError.invalidValue(
                value, .init(codingPath: CodingPath.keys(path), debugDescription: error.message))
        }
        let outer = current
        let encoder = BufferEncoder(self, at: path)
        current = encoder
        try value.encode(to: encoder)
        encoder.close()
        current = outer
        if let fault = encoder.fault { throw fault }
    }

    /// Whether the value was of a type that is not left to itself.
    private func encodeSpecial<T: Encodable>(_ value: T) throws(JSONError) -> Bool {
        if T.self == String.self, let value = value as? String {
            writer.string(value)
        } else if T.self == Int.self, let value = value as? Int {
            writer.integer(value)
        } else if T.self == Date.self, let value = value as? Date {
            try writer.date(value)
        } else if T.self == UUID.self, let value = value as? UUID {
            writer.uuid(value)
        } else if T.self == Data.self, let value = value as? Data {
            writer.plainString(value.base64EncodedString().utf8)
        } else if T.self == URL.self, let value = value as? URL {
            writer.string(value.absoluteString)
        } else if T.self == Decimal.self, let value = value as? Decimal {
            guard value.isFinite else { throw JSONError(.invalidValue, "a Decimal that is not a number has no digits") }
            writer.string(value.description)
        } else if T.self == JSONValue.self, let value = value as? JSONValue {
            try writer.value(value)
        } else {
            return false
        }
        return true
    }
}

/// What a value's `encode(to:)` gets: it may become an object, an array or a single value, once.
final class BufferEncoder: Encoder {
    let buffer: EncodingBuffer
    let path: CodingPath?
    private var kind = Kind.none

    /// What was wrong with a request for a container, which cannot throw itself.
    private(set) var fault: EncodingError?

    private enum Kind {
        case none, object, array, value
    }

    init(_ buffer: EncodingBuffer, at path: CodingPath?) {
        self.buffer = buffer
        self.path = path
    }

    var codingPath: [any CodingKey] { CodingPath.keys(path) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        beginObject()
        return KeyedEncodingContainer(KeyedBufferContainer(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        beginArray()
        return UnkeyedBufferContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleBufferContainer(encoder: self) }

    func beginObject() {
        guard become(.object) else { return }
        buffer.writer.beginObject()
    }

    func beginArray() {
        guard become(.array) else { return }
        buffer.writer.beginArray()
    }

    func beginValue() throws {
        guard become(.value) else { throw fault ?? fail("a second single value was encoded") }
        try checkTurn()
    }

    /// Whether this is the first request for a container.
    private func become(_ kind: Kind) -> Bool {
        if self.kind == .none {
            self.kind = kind
            return buffer.current === self
        }
        if self.kind != kind { fault = fail("one value was encoded as two of object, array and single value") }
        return false
    }

    /// Ends the object or array.
    func close() {
        switch kind {
        case .none:
            buffer.writer.beginObject()
            buffer.writer.endObject()
        case .object: buffer.writer.endObject()
        case .array: buffer.writer.endArray()
        case .value: break
        }
    }

    /// - Throws: `EncodingError` where a value inside this one has not ended yet, or this one has: what is written now
    ///   would stand in the wrong place.
    func checkTurn() throws {
        if let fault { throw fault }
        guard buffer.current === self else { throw fail("a container was used out of turn") }
    }

    private func fail(_ message: String) -> EncodingError {
        .invalidValue(message, .init(codingPath: codingPath, debugDescription: message))
    }
}
