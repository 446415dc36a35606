public import FoundationEssentials

extension JSON {
    /// The bytes of an object, written member by member, without a tree in between.
    ///
    /// Brackets, commas and escapes are kept right here, so nothing a caller does makes the text invalid. A name is
    /// not checked for having been written before.
    ///
    /// - Parameters:
    ///   - asciiOnly: Whether to write `\uXXXX` for what is not ASCII.
    ///   - body: Writes the members.
    public static func object<E: Error>(
        asciiOnly: Bool = false, _ body: (inout JSONObjectWriter) throws(E) -> Void
    ) throws(E) -> [UInt8] {
        var writer = JSONWriter(asciiOnly: asciiOnly)
        try writer.object(body)
        return writer.bytes
    }

    /// The bytes of an array, written element by element; see ``object(asciiOnly:_:)``.
    ///
    /// - Parameters:
    ///   - asciiOnly: Whether to write `\uXXXX` for what is not ASCII.
    ///   - body: Writes the elements.
    public static func array<E: Error>(
        asciiOnly: Bool = false, _ body: (inout JSONArrayWriter) throws(E) -> Void
    ) throws(E) -> [UInt8] {
        var writer = JSONWriter(asciiOnly: asciiOnly)
        try writer.array(body)
        return writer.bytes
    }
}

/// Writes the members of an object; `nil` is written as `null`.
public struct JSONObjectWriter: ~Copyable {
    fileprivate var writer: JSONWriter

    /// Writes text.
    public mutating func field(_ name: String, _ text: String?) {
        writer.name(name)
        if let text { writer.string(text) } else { writer.null() }
    }

    /// Writes an integer.
    public mutating func field(_ name: String, _ number: Int?) {
        writer.name(name)
        if let number { writer.integer(number) } else { writer.null() }
    }

    /// Writes a boolean.
    public mutating func field(_ name: String, _ value: Bool?) {
        writer.name(name)
        if let value { writer.bool(value) } else { writer.null() }
    }

    /// Writes a number.
    ///
    /// - Throws: ``JSONError`` for infinity and not-a-number; the member is not written then.
    public mutating func field(_ name: String, _ number: Double?) throws(JSONError) {
        try member(name) { writer throws(JSONError) in
            if let number { try writer.double(number) } else { writer.null() }
        }
    }

    /// Writes `"2026-01-01T12:00:00Z"`.
    ///
    /// - Throws: ``JSONError`` outside the years 1 to 9999; the member is not written then.
    public mutating func field(_ name: String, _ date: Date?) throws(JSONError) {
        try member(name) { writer throws(JSONError) in
            if let date { try writer.date(date) } else { writer.null() }
        }
    }

    /// Writes a UUID in lower case.
    public mutating func field(_ name: String, _ uuid: UUID?) {
        writer.name(name)
        if let uuid { writer.uuid(uuid) } else { writer.null() }
    }

    /// Writes any value.
    ///
    /// - Throws: ``JSONError`` for a number that is not finite; the member is not written then.
    public mutating func field(_ name: String, _ value: JSONValue) throws(JSONError) {
        try member(name) { writer throws(JSONError) in try writer.value(value) }
    }

    /// Writes an object. Where `body` throws, the member is not written.
    public mutating func object<E: Error>(
        _ name: String, _ body: (inout JSONObjectWriter) throws(E) -> Void
    ) throws(E) {
        try member(name) { writer throws(E) in try writer.object(body) }
    }

    /// Writes an array. Where `body` throws, the member is not written.
    public mutating func array<E: Error>(
        _ name: String, _ body: (inout JSONArrayWriter) throws(E) -> Void
    ) throws(E) {
        try member(name) { writer throws(E) in try writer.array(body) }
    }

    private mutating func member<E: Error>(
        _ name: String, _ body: (inout JSONWriter) throws(E) -> Void
    ) throws(E) {
        try writer.whole { writer throws(E) in
            writer.name(name)
            try body(&writer)
        }
    }
}

/// Writes the elements of an array; `nil` is written as `null`.
public struct JSONArrayWriter: ~Copyable {
    fileprivate var writer: JSONWriter

    /// Writes text.
    public mutating func element(_ text: String?) {
        if let text { writer.string(text) } else { writer.null() }
    }

    /// Writes an integer.
    public mutating func element(_ number: Int?) {
        if let number { writer.integer(number) } else { writer.null() }
    }

    /// Writes a boolean.
    public mutating func element(_ value: Bool?) {
        if let value { writer.bool(value) } else { writer.null() }
    }

    /// Writes a number.
    ///
    /// - Throws: ``JSONError`` for infinity and not-a-number; the element is not written then.
    public mutating func element(_ number: Double?) throws(JSONError) {
        if let number { try writer.double(number) } else { writer.null() }
    }

    /// Writes `"2026-01-01T12:00:00Z"`.
    ///
    /// - Throws: ``JSONError`` outside the years 1 to 9999; the element is not written then.
    public mutating func element(_ date: Date?) throws(JSONError) {
        if let date { try writer.date(date) } else { writer.null() }
    }

    /// Writes a UUID in lower case.
    public mutating func element(_ uuid: UUID?) {
        if let uuid { writer.uuid(uuid) } else { writer.null() }
    }

    /// Writes any value.
    ///
    /// - Throws: ``JSONError`` for a number that is not finite; the element is not written then.
    public mutating func element(_ value: JSONValue) throws(JSONError) {
        try writer.whole { writer throws(JSONError) in try writer.value(value) }
    }

    /// Writes an object. Where `body` throws, the element is not written.
    public mutating func object<E: Error>(_ body: (inout JSONObjectWriter) throws(E) -> Void) throws(E) {
        try writer.whole { writer throws(E) in try writer.object(body) }
    }

    /// Writes an array. Where `body` throws, the element is not written.
    public mutating func array<E: Error>(_ body: (inout JSONArrayWriter) throws(E) -> Void) throws(E) {
        try writer.whole { writer throws(E) in try writer.array(body) }
    }
}

extension JSONWriter {
    package mutating func object<E: Error>(_ body: (inout JSONObjectWriter) throws(E) -> Void) throws(E) {
        beginObject()
        var members = JSONObjectWriter(writer: take())
        defer { self = members.writer }
        try body(&members)
        members.writer.endObject()
    }

    package mutating func array<E: Error>(_ body: (inout JSONArrayWriter) throws(E) -> Void) throws(E) {
        beginArray()
        var elements = JSONArrayWriter(writer: take())
        defer { self = elements.writer }
        try body(&elements)
        elements.writer.endArray()
    }

    /// Runs `body`, and takes back what it wrote if it throws.
    fileprivate mutating func whole<E: Error>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
        let mark = bytes.count
        do throws(E) {
            try body(&self)
        } catch {
            bytes.removeLast(bytes.count - mark)
            throw error
        }
    }

    /// Moves the buffer out, so that there is one owner and appending never copies it.
    private mutating func take() -> JSONWriter {
        let taken = self
        bytes = []
        return taken
    }
}
