public import MartletJSON

extension PickleValue {
    /// The value that Python's `json.loads` makes of JSON.
    ///
    /// - Throws: ``PickleError/Code/invalidValue`` for an integer of more than 4300 digits, which Python refuses too.
    public init(_ json: JSONValue) throws(PickleError) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .bigNumber(let digits): self = try Self.number(digits)
        case .string(let text): self = .string(text)
        case .array(let elements):
            var values: [PickleValue] = []
            for element in elements { values.append(try PickleValue(element)) }
            self = .list(values)
        case .object(let members):
            var values = PickleDictionary()
            for (name, value) in members { values[.string(name)] = try PickleValue(value) }
            self = .dictionary(values)
        }
    }

    private static func number(_ digits: String) throws(PickleError) -> PickleValue {
        if let bytes = BigInteger.bytes(digits) { return BigInteger.value(bytes[...]) }
        guard digits.contains(where: { ".eE".contains($0) }), let number = Double(digits) else {
            throw PickleError(
                .invalidValue, "An integer has more than the \(BigInteger.mostDigits) digits that Python reads.")
        }
        return .double(number)
    }
}

extension JSONValue {
    /// The value as Python's `json.dumps` writes it: tuples become arrays, and keys text.
    ///
    /// - Throws: ``PickleError/Code/invalidValue`` for what JSON has no word for: bytes, dates, infinity.
    public init(_ value: PickleValue) throws(PickleError) {
        switch value {
        case .none: self = .null
        case .bool(let value): self = .bool(value)
        case .int(let number): self = .int(number)
        case .bigInt(let bytes): self = .bigNumber(try Self.digits(bytes))
        case .double(let number):
            guard number.isFinite else { throw Self.noWord("a number that is not finite") }
            self = .double(number)
        case .string(let text): self = .string(text)
        case .bytes: throw Self.noWord("bytes")
        case .dateTime: throw Self.noWord("a date")
        case .list(let elements), .tuple(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try JSONValue(element)) }
            self = .array(values)
        case .dictionary(let members):
            var values = JSONObject()
            for (key, value) in members { values[try Self.name(key)] = try JSONValue(value) }
            self = .object(values)
        }
    }

    private static func name(_ key: PickleValue) throws(PickleError) -> String {
        switch key {
        case .string(let text): text
        case .none: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let number): String(number)
        case .bigInt(let bytes): try digits(bytes)
        default: throw noWord("a key that is neither text nor an integer")
        }
    }

    private static func digits(_ bytes: [UInt8]) throws(PickleError) -> String {
        guard let text = BigInteger.text(bytes) else { throw noWord("so long an integer") }
        return text
    }

    private static func noWord(_ what: String) -> PickleError {
        PickleError(.invalidValue, "The pickle has \(what), which JSON has no word for.")
    }
}
