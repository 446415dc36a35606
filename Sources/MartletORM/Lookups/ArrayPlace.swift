/// A part of a name that is a place in an array: `0` for an element, `0_2` for the first two.
///
/// Source: [Django, index and slice transforms](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/fields/#index-transforms).
enum ArrayPlace {
    /// The element at a position, counted from 0.
    case element(Int64)
    /// The elements from a position up to another, counted from 0.
    case slice(Int64, Int64)

    /// - Returns: `nil` for what is no place.
    init?(_ part: String) {
        let numbers = part.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false).map(Self.position)
        switch (numbers.count, numbers.first ?? nil, numbers.last ?? nil) {
        case (1, let position?, _): self = .element(position)
        case (2, let from?, let to?): self = .slice(from, to)
        default: return nil
        }
    }

    /// What is there, and its type.
    func of(
        _ array: SQLExpression, _ type: LookupType, _ element: LookupType
    ) -> (SQLExpression, LookupType) {
        switch self {
        case .element(let position): (ArrayFunction.element(of: array, at: position + 1), element)
        case .slice(let from, let to):
            (.call(ArrayFunction.slice, [array, .value(.integer(from + 1)), .value(.integer(to))]), type)
        }
    }

    /// PostgreSQL counts elements in 32 bits.
    private static func position(_ digits: Substring) -> Int64? {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int32(digits), number < .max
        else { return nil }
        return Int64(number)
    }
}
