/// A value of Python that is read from a pickle and written to one.
///
/// ```swift
/// let session: PickleValue = ["_auth_user_id": "1", "cart": [3, 5]]
/// ```
public enum PickleValue: Sendable, Hashable {
    /// `None`
    case none
    /// `True` or `False`
    case bool(Bool)
    /// An `int` that 64 bits hold.
    case int(Int)
    /// Any other `int`: its two's complement, least byte first, without needless bytes.
    case bigInt([UInt8])
    /// A `float`.
    case double(Double)
    /// A `str`.
    case string(String)
    /// A `bytes`.
    case bytes([UInt8])
    /// A `list`.
    case list([PickleValue])
    /// A `tuple`.
    case tuple([PickleValue])
    /// A `dict`; its members keep their order.
    case dictionary(PickleDictionary)
    /// A `datetime.datetime`; indirect, since every other value would be as large.
    indirect case dateTime(PickleDateTime)

    /// Whether Python lets it be the key of a `dict`.
    var mayBeKey: Bool {
        switch self {
        case .list, .dictionary: false
        case .tuple(let elements): elements.allSatisfy(\.mayBeKey)
        default: true
        }
    }
}

extension PickleValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
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
    /// Makes `None`.
    public init(nilLiteral: ()) { self = .none }
    /// Makes a list.
    public init(arrayLiteral elements: PickleValue...) { self = .list(elements) }
    /// Makes a dictionary; of two members with one key the last counts.
    public init(dictionaryLiteral members: (PickleValue, PickleValue)...) {
        self = .dictionary(PickleDictionary(members))
    }
}
