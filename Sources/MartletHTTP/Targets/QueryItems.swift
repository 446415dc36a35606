public import FoundationEssentials

/// The query of an address to be made: names and values in order.
///
/// ```swift
/// try request.reverse("blog:search", query: ["q": "swift & co", "tag": ["a", "b"]])   // …?q=swift+%26+co&tag=a&tag=b
///
/// var query = QueryItems(request.query)
/// query.set("page", to: 3)
/// ```
///
/// A list gives its name several times, `nil` and an empty list none.
///
/// Source: Django, [`QueryDict.urlencode()`](https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.QueryDict.urlencode).
public struct QueryItems: Sendable, Hashable, ExpressibleByDictionaryLiteral, CustomStringConvertible {
    private struct Item: Sendable, Hashable {
        let name: String
        let value: String
    }

    private var items: [Item] = []

    /// Makes items of a literal, in its order; a name may stand several times.
    public init(dictionaryLiteral elements: (String, any QueryValue)...) {
        for (name, value) in elements { items += Self.items(name, value) }
    }

    /// Takes over the fields of a query.
    public init(_ fields: FormFields) {
        items = fields.map { Item(name: $0.name, value: $0.value) }
    }

    /// Whether there are none.
    public var isEmpty: Bool { items.isEmpty }

    /// Replaces all values of a name, in the place of the first; a new name comes last.
    public mutating func set(_ name: String, to value: any QueryValue) {
        let place = items.firstIndex { $0.name == name } ?? items.endIndex
        items.removeAll { $0.name == name }
        items.insert(contentsOf: Self.items(name, value), at: place)
    }

    /// Removes all values of a name.
    public mutating func remove(_ name: String) {
        items.removeAll { $0.name == name }
    }

    /// `name=value` pairs joined by `&`, percent-encoded, with `+` for a space; without a `?`.
    public var description: String {
        items.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
    }

    private static func items(_ name: String, _ value: any QueryValue) -> [Item] {
        value.queryTexts.map { Item(name: name, value: $0) }
    }

    private static func encoded(_ text: String) -> String {
        let encoded = PercentCoding.encode(text.utf8) { $0.isUnreservedByte || $0 == UInt8(ascii: " ") }
        return String(encoded.map { $0 == " " ? "+" : $0 })
    }
}

/// A value that can stand in the query of an address.
public protocol QueryValue: Sendable {
    /// The texts that stand behind the name, one for each time it stands there.
    var queryTexts: [String] { get }
}

extension String: QueryValue {
    /// The text itself.
    public var queryTexts: [String] { [self] }
}

extension Substring: QueryValue {
    /// The text itself.
    public var queryTexts: [String] { [String(self)] }
}

extension Int: QueryValue {
    /// Decimal digits.
    public var queryTexts: [String] { [String(self)] }
}

extension Double: QueryValue {
    /// The shortest digits that mean the same number.
    public var queryTexts: [String] { ["\(self)"] }
}

extension Bool: QueryValue {
    /// `true` or `false`, where Django writes Python's `True` and `False`.
    public var queryTexts: [String] { [self ? "true" : "false"] }
}

extension UUID: QueryValue {
    /// The UUID in lower case.
    public var queryTexts: [String] { [uuidString.lowercased()] }
}

extension Optional: QueryValue where Wrapped: QueryValue {
    /// Those of the value; none without one.
    public var queryTexts: [String] { self?.queryTexts ?? [] }
}

extension Array: QueryValue where Element: QueryValue {
    /// Those of all elements.
    public var queryTexts: [String] { flatMap(\.queryTexts) }
}
