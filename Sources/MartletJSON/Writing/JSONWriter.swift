package import FoundationEssentials

/// Appends JSON to a buffer, without state of its own: whether a comma is due is read off the last byte, since a
/// finished value never ends in `{`, `[`, `:` or a comma.
///
/// These primitives trust their caller to keep brackets in pairs, so they stay inside the framework;
/// ``JSON/object(asciiOnly:_:)`` is the same thing for everybody.
package struct JSONWriter: Sendable {
    /// What was written so far.
    package var bytes: [UInt8]

    /// Whether every character outside ASCII is written as `\uXXXX`.
    package let asciiOnly: Bool

    /// Where the JSON begins in ``bytes``.
    private let start: Int

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - bytes: A buffer to append to; moved in, so that its capacity is used again.
    ///   - asciiOnly: Whether to write `\uXXXX` for what is not ASCII, as Django's signed values need.
    package init(appendingTo bytes: consuming [UInt8] = [], asciiOnly: Bool = false) {
        self.start = bytes.count
        self.bytes = bytes
        self.asciiOnly = asciiOnly
    }

    // MARK: Structure

    package mutating func beginObject() {
        separate()
        bytes.append(0x7B)
    }

    package mutating func endObject() { bytes.append(0x7D) }

    package mutating func beginArray() {
        separate()
        bytes.append(0x5B)
    }

    package mutating func endArray() { bytes.append(0x5D) }

    /// The name of the next member.
    package mutating func name(_ name: String) {
        string(name)
        bytes.append(0x3A)
    }

    /// The name of the next member, escaped before.
    package mutating func name(_ name: JSONName) {
        separate()
        bytes.append(contentsOf: asciiOnly ? name.ascii : name.text)
    }

    /// Appends a comma where the next value or name needs one.
    private mutating func separate() {
        guard bytes.count > start, let last = bytes.last else { return }
        switch last {
        case 0x7B, 0x5B, 0x3A, 0x2C: return
        default: bytes.append(0x2C)
        }
    }

    // MARK: Values

    package mutating func null() { literal("null") }

    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func string(_ text: String) {
        separate()
        bytes.append(0x22)
        JSONText.append(text, to: &bytes, asciiOnly: asciiOnly)
        bytes.append(0x22)
    }

    package mutating func integer(_ number: some FixedWidthInteger) {
        separate()
        JSONNumber.append(number, to: &bytes)
    }

    /// The shortest text that reads back as the same number.
    ///
    /// - Throws: ``JSONError/Code/invalidValue`` for infinity and not-a-number, which JSON cannot say; nothing is
    ///   written then.
    package mutating func double(_ number: Double) throws(JSONError) {
        try JSONNumber.check(number)
        separate()
        bytes.append(contentsOf: number.description.utf8)
    }

    /// Text in quotes that needs no escape: digits, letters, base64.
    package mutating func plainString(_ text: some Sequence<UInt8>) {
        separate()
        bytes.append(0x22)
        bytes.append(contentsOf: text)
        bytes.append(0x22)
    }

    /// `"2026-01-01T12:00:00Z"`, as Django REST framework writes it.
    ///
    /// - Throws: ``JSONError/Code/invalidValue`` outside the years 1 to 9999; nothing is written then.
    package mutating func date(_ date: Date) throws(JSONError) {
        guard let time = CalendarTime(date) else {
            throw JSONError(.invalidValue, "a date outside the years 1 to 9999 has no ISO 8601 form")
        }
        separate()
        bytes.append(0x22)
        time.appendISO8601(to: &bytes, fraction: .whenNotZero)
        bytes.append(0x22)
    }

    /// `"0190b6a5-…"`, in lower case, as Python writes it.
    package mutating func uuid(_ uuid: UUID) {
        separate()
        bytes.append(0x22)
        uuid.appendLowercase(to: &bytes)
        bytes.append(0x22)
    }

    /// Bytes that are a JSON value already.
    package mutating func raw(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// - Throws: ``JSONError/Code/invalidValue`` for a number that is not finite.
    package mutating func value(_ value: JSONValue) throws(JSONError) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .int(let number): integer(number)
        case .double(let number): try double(number)
        case .bigNumber(let digits): try bigNumber(digits)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { try self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, value) in members {
                self.name(name)
                try self.value(value)
            }
            endObject()
        }
    }

    /// The case is public, so anybody may have put anything there: only a number of JSON goes out unquoted.
    private mutating func bigNumber(_ digits: String) throws(JSONError) {
        guard JSONNumber.isNumber(digits) else {
            throw JSONError(.invalidValue, "the text of a big number is not a number of JSON")
        }
        separate()
        bytes.append(contentsOf: digits.utf8)
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }
}
