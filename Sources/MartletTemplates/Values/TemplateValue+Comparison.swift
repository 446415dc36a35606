import FoundationEssentials
import MartletValues

extension TemplateValue {
    /// Whether `{% if value %}` holds: null, false, zero and what is empty do not.
    ///
    /// - Throws: What an object throws.
    public var isTrue: Bool {
        get throws {
            switch self {
            case .null: false
            case .bool(let value): value
            case .int(let value): value != 0
            case .double(let value): value != 0
            case .decimal(let value): value != 0
            case .string(let value), .safe(let value): !value.isEmpty
            case .date, .day, .time, .uuid: true
            case .duration(let value): value != .zero
            case .list(let values): !values.isEmpty
            case .dictionary(let values): values.count > 0
            case .object(let object): try object.templateTruth
            }
        }
    }

    /// The number, if the value is one; true and false count as 1 and 0, as in Python.
    var number: Number? {
        switch self {
        case .bool(let value): .whole(value ? 1 : 0)
        case .int(let value): .whole(value)
        case .double(let value): .binary(value)
        case .decimal(let value): .decimal(value)
        default: nil
        }
    }

    /// Whether `{% if left == right %}` holds.
    public static func areEqual(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        if let left = left.number, let right = right.number { return Number.compare(left, right) == 0 }
        switch (left, right) {
        case (.null, .null): return true
        case (.string(let left), .string(let right)), (.string(let left), .safe(let right)),
            (.safe(let left), .string(let right)), (.safe(let left), .safe(let right)):
            return left == right
        case (.date(let left), .date(let right)): return left == right
        case (.day(let left), .day(let right)): return left == right
        case (.time(let left), .time(let right)): return left == right
        case (.duration(let left), .duration(let right)): return left == right
        case (.uuid(let left), .uuid(let right)): return left == right
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy(areEqual)
        case (.dictionary(let left), .dictionary(let right)):
            return left.count == right.count
                && left.pairs.allSatisfy { pair in right[pair.key].map { areEqual(pair.value, $0) } ?? false }
        case (.object(let left), .object(let right)): return left.isTemplateEqual(to: right)
        case (.uuid, .string), (.uuid, .safe), (.string, .uuid), (.safe, .uuid):
            // A URL or a form carries a UUID as text; Django's templates compare those as text, too.
            return left.text.lowercased() == right.text.lowercased()
        default: return false
        }
    }

    /// Less than zero, zero or more than zero as `left` comes before, with or after `right`; nil if they have no order.
    static func order(_ left: TemplateValue, _ right: TemplateValue) -> Int? {
        if let left = left.number, let right = right.number { return Number.compare(left, right) }
        switch (left, right) {
        case (.string(let left), .string(let right)), (.string(let left), .safe(let right)),
            (.safe(let left), .string(let right)), (.safe(let left), .safe(let right)):
            return left == right ? 0 : left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) ? -1 : 1
        case (.date(let left), .date(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.day(let left), .day(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.time(let left), .time(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.duration(let left), .duration(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.uuid(let left), .uuid(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.list(let left), .list(let right)): return listOrder(left, right)
        default: return nil
        }
    }

    private static func listOrder(_ left: [TemplateValue], _ right: [TemplateValue]) -> Int? {
        for (one, other) in zip(left, right) where !areEqual(one, other) { return order(one, other) }
        return left.count == right.count ? 0 : left.count < right.count ? -1 : 1
    }

    /// Whether `{% if element in container %}` holds; nil if the container is none.
    static func contains(_ container: TemplateValue, _ element: TemplateValue) throws -> Bool? {
        switch container {
        case .list(let values): return values.contains { areEqual($0, element) }
        case .dictionary(let values): return values[element.text] != nil
        case .string(let text), .safe(let text):
            switch element {
            case .string(let part), .safe(let part): return text.containsText(part)
            default: return nil
            }
        case .object(let object): return try object.templateElements()?.contains { areEqual($0, element) }
        default: return nil
        }
    }

    /// Whether `{% if left is right %}` holds: the same kind and equal, as `x is None` or `x is True` ask.
    static func areIdentical(_ left: TemplateValue, _ right: TemplateValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.bool, _), (_, .bool), (.int, .double), (.double, .int): false
        default: areEqual(left, right)
        }
    }

    /// What `{% for %}` walks through; nil if the value is not a collection.
    ///
    /// - Throws: What an object throws.
    func elements() throws -> [TemplateValue]? {
        switch self {
        case .list(let values): values
        case .dictionary(let values): values.keys.map { .string($0) }
        case .string(let text): text.unicodeScalars.map { .string(String($0)) }
        case .safe(let text): text.unicodeScalars.map { .string(String($0)) }
        case .object(let object): try object.templateElements()
        default: nil
        }
    }
}

/// A number of any of the kinds that a template knows.
enum Number {
    case whole(Int)
    case binary(Double)
    case decimal(Decimal)

    var double: Double {
        switch self {
        case .whole(let value): Double(value)
        case .binary(let value): value
        case .decimal(let value): Double(value.description) ?? .nan
        }
    }

    static func compare(_ left: Number, _ right: Number) -> Int? {
        switch (left, right) {
        case (.whole(let left), .whole(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.decimal(let left), .decimal(let right)): return left == right ? 0 : left < right ? -1 : 1
        case (.decimal(let left), .whole(let right)):
            return left == Decimal(right) ? 0 : left < Decimal(right) ? -1 : 1
        case (.whole(let left), .decimal(let right)):
            return Decimal(left) == right ? 0 : Decimal(left) < right ? -1 : 1
        default:
            let (left, right) = (left.double, right.double)
            if left == right { return 0 }
            return left < right ? -1 : left > right ? 1 : nil
        }
    }
}
