public import FoundationEssentials

/// A type whose values an array field can hold.
public protocol ArrayElement: FieldValue {
    /// The value as an element of PostgreSQL's text form.
    var arrayItem: ArrayItem { get }

    /// Reads the value of an element.
    ///
    /// - Returns: `nil` when the element is no such value.
    static func element(_ item: ArrayItem) -> Self?
}

extension String: ArrayElement {
    /// The text.
    public var arrayItem: ArrayItem { .text(self) }

    /// The text.
    public static func element(_ item: ArrayItem) -> String? { item.string }
}

extension Int: ArrayElement {
    /// The digits.
    public var arrayItem: ArrayItem { .text("\(self)") }

    /// The number.
    public static func element(_ item: ArrayItem) -> Int? { item.string.flatMap { Int($0) } }
}

extension Int32: ArrayElement {
    /// The digits.
    public var arrayItem: ArrayItem { .text("\(self)") }

    /// The number.
    public static func element(_ item: ArrayItem) -> Int32? { item.string.flatMap { Int32($0) } }
}

extension Int64: ArrayElement {
    /// The digits.
    public var arrayItem: ArrayItem { .text("\(self)") }

    /// The number.
    public static func element(_ item: ArrayItem) -> Int64? { item.string.flatMap { Int64($0) } }
}

extension Double: ArrayElement {
    /// The digits, or PostgreSQL's names of what is no number.
    public var arrayItem: ArrayItem {
        .text(isNaN ? "NaN" : isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : "\(self)")
    }

    /// The number.
    public static func element(_ item: ArrayItem) -> Double? { item.string.flatMap { Double($0) } }
}

extension Bool: ArrayElement {
    /// `t` or `f`.
    public var arrayItem: ArrayItem { .text(self ? "t" : "f") }

    /// The truth value.
    public static func element(_ item: ArrayItem) -> Bool? {
        item.string.flatMap { $0 == "t" ? true : $0 == "f" ? false : nil }
    }
}

extension UUID: ArrayElement {
    /// The usual form.
    public var arrayItem: ArrayItem { .text(uuidString.lowercased()) }

    /// The UUID.
    public static func element(_ item: ArrayItem) -> UUID? { item.string.flatMap { UUID(uuidString: $0) } }
}

extension Date: ArrayElement {
    /// The moment in UTC.
    public var arrayItem: ArrayItem { .text(DateTimeText.string(from: self) + "+00") }

    /// The moment.
    public static func element(_ item: ArrayItem) -> Date? { item.string.flatMap { DateTimeText.date(from: $0.utf8) } }
}

extension ArrayElement where Self: Choices, RawValue == String {
    /// The raw value.
    public var arrayItem: ArrayItem { .text(rawValue) }

    /// The case.
    public static func element(_ item: ArrayItem) -> Self? { item.string.flatMap { Self(rawValue: $0) } }
}

extension Optional: ArrayElement where Wrapped: ArrayElement {
    /// The value, or null.
    public var arrayItem: ArrayItem { self?.arrayItem ?? .null }

    /// The value; nothing for null.
    public static func element(_ item: ArrayItem) -> Wrapped?? {
        if item == .null { return .some(nil) }
        return Wrapped.element(item).map { .some($0) }
    }
}

extension Array: ArrayElement where Element: ArrayElement {
    /// The elements.
    public var arrayItem: ArrayItem { .list(map(\.arrayItem)) }

    /// The elements; `nil` when one of them is no value of the type.
    public static func element(_ item: ArrayItem) -> [Element]? {
        guard case .list(let items) = item else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(items.count)
        for item in items {
            guard let element = Element.element(item) else { return nil }
            elements.append(element)
        }
        return elements
    }
}

extension Array: FieldValue where Element: ArrayElement {
    /// The array in PostgreSQL's text form.
    public var sqlValue: SQLValue { .text(arrayItem.text) }

    /// Reads an array.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> [Element] {
        let text = try row.text(at: index)
        guard let elements = ArrayItem(text).flatMap(Self.element) else {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "an array of \(Element.self)",
                found: "'\(text.prefix(40))'")
        }
        return elements
    }
}

/// An array, or an optional one: what array fields hold.
public protocol ArrayValue: FieldValue {
    /// What the array holds.
    associatedtype Item: ArrayElement

    /// The elements as templates see them.
    var elements: [Item]? { get }
}

extension Array: ArrayValue where Element: ArrayElement {
    /// The array itself.
    public var elements: [Element]? { self }
}

extension Optional: ArrayValue where Wrapped: ArrayValue {
    /// The elements, if there is an array.
    public var elements: [Wrapped.Item]? { self?.elements }
}

extension ArrayItem {
    fileprivate var string: String? { if case .text(let text) = self { text } else { nil } }
}
