/// Any value of JSON.
///
/// ```swift
/// let value = try JSON.parse(request.body)
/// let name = value["tags"]?[0]?["name"]?.stringValue
/// let reply: JSONValue = ["ok": true, "count": 3]
/// ```
public enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// An integer that 64 bits hold.
    case int(Int)
    /// A number with a fraction or an exponent that a Double holds as it was written.
    case double(Double)
    /// A number that neither of the two holds exactly, as it was written: `12345678901234567890123`, `1e999`.
    case bigNumber(String)
    /// Text.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object; its members keep their order.
    case object(JSONObject)

    /// A member of an object; `nil` where there is none, or where this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }

    /// An element of an array; `nil` outside it, or where this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The boolean, where this is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The integer, where this is one, or a number without a fraction such as `3.0`.
    public var intValue: Int? {
        switch self {
        case .int(let number): number
        case .double(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number as a Double, rounded where it must be; `nil` where this is no number or too big for a Double.
    public var doubleValue: Double? {
        switch self {
        case .int(let number): return Double(number)
        case .double(let number): return number
        case .bigNumber(let digits):
            guard let number = Double(digits), number.isFinite else { return nil }
            return number
        default: return nil
        }
    }

    /// The text, where this is text.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The elements, where this is an array.
    public var arrayValue: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, where this is an object.
    public var objectValue: JSONObject? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The kind of value with its article, for messages: `a string`.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int, .double, .bigNumber: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes text.
    public init(stringLiteral text: String) { self = .string(text) }
    /// Makes an integer.
    public init(integerLiteral number: Int) { self = .int(number) }
    /// Makes a number.
    public init(floatLiteral number: Double) { self = .double(number) }
    /// Makes a boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes `null`.
    public init(nilLiteral: ()) { self = .null }
    /// Makes an array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Makes an object; of two members with one name the last counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(JSONObject(members)) }
}

extension JSONValue: CustomStringConvertible {
    /// The JSON text; a number that JSON cannot say is shown as Swift shows it.
    public var description: String {
        var writer = JSONWriter()
        do {
            try writer.value(self)
            return String(decoding: writer.bytes, as: UTF8.self)
        } catch {
            return "invalid JSON: \(error)"
        }
    }
}
