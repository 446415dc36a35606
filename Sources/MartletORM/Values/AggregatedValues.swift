/// The values that ``Expr/collected(distinct:filter:orderBy:)`` has put into one list.
///
/// It is a collection; `Array(values)` makes it an array.
public struct AggregatedValues<Element: FieldValue>: RandomAccessCollection, ExpressibleByArrayLiteral, Sendable {
    private let values: [Element]

    /// Makes a list, for comparisons.
    public init(arrayLiteral elements: Element...) {
        values = elements
    }

    init(_ values: [Element]) {
        self.values = values
    }

    /// 0.
    public var startIndex: Int { 0 }
    /// How many values there are.
    public var endIndex: Int { values.count }
    /// A value.
    public subscript(position: Int) -> Element { values[position] }
}

extension AggregatedValues: Equatable where Element: Equatable {}

extension AggregatedValues: FieldValue {
    /// A list is read only; as a value it is null.
    public var sqlValue: SQLValue { .null }

    /// Reads the list, which both databases return as JSON.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> Self {
        let text = try row.text(at: index)
        let name = row.columnName(at: index)
        guard let list = JSONList(text, column: name) else {
            throw DecodingProblem(column: name, expected: "a list in JSON", found: "the text '\(text.prefix(40))'")
        }
        var values: [Element] = []
        values.reserveCapacity(list.count)
        for position in 0..<list.count { values.append(try Element.decode(from: list, at: position)) }
        return Self(values)
    }
}
