public import FoundationEssentials
public import MartletJSON

/// A value for a filter that is given as text: what a client sent, or a literal.
///
/// ```swift
/// let value: LookupValue = "2026-01-01"
/// let values: LookupValue = ["draft", "published"]
/// ```
///
/// Text is read as what the field takes: digits for a number, `true` for a truth value, ISO 8601 for a moment.
public enum LookupValue: Sendable, Hashable {
    /// Null.
    case null
    /// True or false.
    case bool(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number.
    case real(Double)
    /// Text, as a client sends everything.
    case text(String)
    /// A moment.
    case dateTime(Date)
    /// A UUID.
    case uuid(UUID)
    /// A document, for fields of JSON: of a text alone nobody knows whether it is one.
    case json(JSONValue)
    /// Several values: for `in`, `range` and `has_keys`, for arrays, and for the two ends of a range.
    case list([LookupValue])

    /// The value as it stands in a message.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): "'\(text.count > 40 ? text.prefix(40) + "…" : text)'"
        case .dateTime(let date): "the moment \(DateTimeText.string(from: date))"
        case .uuid(let uuid): "the UUID \(uuid.uuidString.lowercased())"
        case .json: "a document of JSON"
        case .list(let values): "a list of \(values.count) values"
        }
    }
}

extension LookupValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral
{
    /// Text.
    public init(stringLiteral text: String) { self = .text(text) }
    /// A whole number.
    public init(integerLiteral number: Int64) { self = .integer(number) }
    /// A number.
    public init(floatLiteral number: Double) { self = .real(number) }
    /// True or false.
    public init(booleanLiteral flag: Bool) { self = .bool(flag) }
    /// Null.
    public init(nilLiteral: ()) { self = .null }
    /// Several values.
    public init(arrayLiteral values: LookupValue...) { self = .list(values) }
}
