internal import FoundationEssentials

/// Reads a type from a JSON value.
struct ValueDecoder: Decoder {
    let value: JSONValue
    private let parent: CodingPath?
    private let key: (any CodingKey)?

    /// Makes a decoder for a value under a key; the root has none.
    init(_ value: JSONValue, under parent: CodingPath? = nil, _ key: (any CodingKey)? = nil) {
        self.value = value
        self.parent = parent
        self.key = key
    }

    /// The way to the value, made only for what lies deeper or for an error: most values are scalars without one.
    var path: CodingPath? { key.map { CodingPath(parent, $0) } ?? parent }

    var codingPath: [any CodingKey] { CodingPath.keys(path) }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = value else { throw mismatch("an object", [String: JSONValue].self) }
        return KeyedDecodingContainer(KeyedValueContainer(members: members, path: path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = value else { throw mismatch("an array", [JSONValue].self) }
        return UnkeyedValueContainer(elements: elements, path: path)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// Reads any type; those that JSON has no word for are read as this module writes them.
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let special: Any? =
            if type == JSONValue.self {
                value
            } else if type == Date.self {
                try date()
            } else if type == UUID.self {
                try read(UUID.self, "a UUID") { UUID(text: $0) }
            } else if type == Data.self {
                try read(Data.self, "base64") { Data(base64Encoded: $0) }
            } else if type == URL.self {
                try read(URL.self, "a URL") { URL(string: $0) }
            } else if type == Decimal.self {
                try decimal()
            } else {
                nil
            }
        // Unwrapped first: `nil` would pass for any optional type.
        if let special, let value = special as? T { return value }
        return try T(from: self)
    }

    // MARK: Scalars

    func bool() throws -> Bool {
        guard case .bool(let value) = value else { throw mismatch("a boolean", Bool.self) }
        return value
    }

    func string() throws -> String {
        guard case .string(let text) = value else { throw mismatch("a string", String.self) }
        return text
    }

    func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        switch value {
        case .int(let number):
            if let number = T(exactly: number) { return number }
        case .double(let number):
            if let number = T(exactly: number) { return number }
        case .bigNumber(let digits):
            if let number = T(digits) { return number }
        default: throw mismatch("an integer", type)
        }
        throw invalid("\(value) is no value of \(type)")
    }

    func floatingPoint<T: BinaryFloatingPoint & LosslessStringConvertible>(_ type: T.Type) throws -> T {
        let number: T? =
            switch value {
            case .int(let number): T(number)
            case .double(let number): T(number)
            case .bigNumber(let digits): T(digits)
            default: throw mismatch("a number", type)
            }
        guard let number, number.isFinite else { throw invalid("\(value) is no value of \(type)") }
        return number
    }

    private func read<T>(_ type: T.Type, _ name: String, _ convert: (String) -> T?) throws -> T {
        guard case .string(let text) = value else { throw mismatch("\(name) as a string", type) }
        guard let value = convert(text) else { throw invalid("the string is not \(name)") }
        return value
    }

    private func date() throws -> Date {
        try read(Date.self, "a date such as 2026-01-01T12:00:00Z") { CalendarTime(iso8601: $0)?.date }
    }

    private func decimal() throws -> Decimal {
        let digits =
            switch value {
            case .string(let text), .bigNumber(let text): text
            case .int(let number): String(number)
            case .double(let number): number.description
            default: throw mismatch("a decimal number", Decimal.self)
            }
        guard JSONNumber.isNumber(digits) else { throw invalid("the string is not a decimal number") }
        // Decimal holds 38 digits and drops the others without a word.
        let significant = digits.prefix { $0 != "e" && $0 != "E" }.filter(\.isNumber).drop { $0 == "0" }
        guard significant.count <= 38, let number = Decimal(string: digits) else {
            throw invalid("the number has more digits than Decimal holds")
        }
        return number
    }

    // MARK: Errors

    func mismatch(_ expected: String, _ type: Any.Type) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "\(expected) was expected, not \(value.kind)")
        return value == .null ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    func invalid(_ message: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: message))
    }
}

extension ValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try bool() }
    func decode(_ type: String.Type) throws -> String { try string() }
    func decode(_ type: Double.Type) throws -> Double { try floatingPoint(type) }
    func decode(_ type: Float.Type) throws -> Float { try floatingPoint(type) }
    func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
}
