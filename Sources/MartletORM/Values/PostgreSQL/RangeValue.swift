public import FoundationEssentials
public import MartletValues

/// All values between two, as PostgreSQL's ranges have them: with or without their ends, or without an end at all.
///
/// ```swift
/// var during = RangeValue(start..<end)
/// var ages = RangeValue(18...)
/// ```
///
/// PostgreSQL writes ranges of whole numbers and of days with their first value and without their last one: `1...5`
/// comes back as `1..<6`.
///
/// Source: [PostgreSQL, Range Types](https://www.postgresql.org/docs/current/rangetypes.html).
public struct RangeValue<Bound: RangeBound>: Sendable, Hashable {
    /// Where it begins; `nil` without a beginning.
    public let lower: Bound?
    /// Where it ends; `nil` without an end.
    public let upper: Bound?
    /// Whether the beginning belongs to it.
    public let includesLower: Bool
    /// Whether the end belongs to it.
    public let includesUpper: Bool
    /// Whether nothing is in it; it then has no ends.
    public let isEmpty: Bool

    private init(_ lower: Bound?, _ upper: Bound?, _ includesLower: Bool, _ includesUpper: Bool, isEmpty: Bool) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower && lower != nil
        self.includesUpper = includesUpper && upper != nil
        self.isEmpty = isEmpty
    }

    /// The values between two; none where the ends are in the wrong order, or equal and not both part of it.
    public init(from lower: Bound?, to upper: Bound?, includesLower: Bool = true, includesUpper: Bool = false) {
        if let lower, let upper, lower > upper || lower == upper && !(includesLower && includesUpper) {
            self = .empty
        } else {
            self.init(lower, upper, includesLower, includesUpper, isEmpty: false)
        }
    }

    /// From one value up to another, without that.
    public init(_ range: Range<Bound>) { self.init(from: range.lowerBound, to: range.upperBound) }

    /// From one value up to another, with that.
    public init(_ range: ClosedRange<Bound>) {
        self.init(from: range.lowerBound, to: range.upperBound, includesUpper: true)
    }

    /// From a value on.
    public init(_ range: PartialRangeFrom<Bound>) { self.init(from: range.lowerBound, to: nil) }

    /// Up to a value, without that.
    public init(_ range: PartialRangeUpTo<Bound>) { self.init(from: nil, to: range.upperBound) }

    /// Up to a value, with that.
    public init(_ range: PartialRangeThrough<Bound>) { self.init(from: nil, to: range.upperBound, includesUpper: true) }

    /// Nothing.
    public static var empty: RangeValue { RangeValue(nil, nil, false, false, isEmpty: true) }

    /// Everything.
    public static var unbounded: RangeValue { RangeValue(nil, nil, false, false, isEmpty: false) }

    /// Whether a value is in it.
    public func contains(_ value: Bound) -> Bool {
        if isEmpty { return false }
        if let lower, value < lower || value == lower && !includesLower { return false }
        if let upper, value > upper || value == upper && !includesUpper { return false }
        return true
    }
}

/// A type of which there are ranges.
public protocol RangeBound: FieldValue, Comparable, Hashable {
    /// The value in PostgreSQL's text form, without quotes.
    var rangeText: String { get }

    /// Reads the text form.
    static func bound(_ text: String) -> Self?
}

extension Int: RangeBound {
    /// The digits.
    public var rangeText: String { "\(self)" }

    /// The number.
    public static func bound(_ text: String) -> Int? { Int(text) }
}

extension Int64: RangeBound {
    /// The digits.
    public var rangeText: String { "\(self)" }

    /// The number.
    public static func bound(_ text: String) -> Int64? { Int64(text) }
}

extension Date: RangeBound {
    /// The moment in UTC.
    public var rangeText: String { DateTimeText.string(from: self) + "+00" }

    /// The moment.
    public static func bound(_ text: String) -> Date? { DateTimeText.date(from: text.utf8) }
}

extension Decimal: RangeBound {
    /// The digits; of what is no number `NaN`, which is above all others in PostgreSQL.
    public var rangeText: String { ExactDecimal(self)?.text() ?? "NaN" }

    /// The number with all its digits.
    public static func bound(_ text: String) -> Decimal? { ExactDecimal(text)?.decimal }
}

extension CalendarDate: RangeBound {
    /// The day: `2026-01-31`.
    public var rangeText: String { description }

    /// The day.
    public static func bound(_ text: String) -> CalendarDate? { CalendarDate(text) }
}

extension RangeValue: FieldValue {
    /// The range in PostgreSQL's text form: `[1,5)`.
    public var sqlValue: SQLValue {
        guard !isEmpty else { return .text("empty") }
        let (first, last) = (lower?.rangeText ?? "", upper?.rangeText ?? "")
        return .text("\(includesLower ? "[" : "(")\(first),\(last)\(includesUpper ? "]" : ")")")
    }

    /// Reads a range.
    public static func decode(from row: any Row, at index: Int) throws(DecodingProblem) -> RangeValue {
        let text = try row.text(at: index)
        guard let range = RangeValue(text: text) else {
            throw DecodingProblem(
                column: row.columnName(at: index), expected: "a range of \(Bound.self)",
                found: "'\(text.prefix(60))'")
        }
        return range
    }

    /// Reads `[1,5)`, `("2026-01-01 00:00:00+00",)` or `empty`.
    init?(text: String) {
        if text == "empty" {
            self = .empty
            return
        }
        guard let open = text.first, let close = text.last, text.count >= 3, "[(".contains(open), ")]".contains(close)
        else { return nil }
        let ends = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        // Neither numbers nor moments have a quote or a comma in them; PostgreSQL quotes those with a blank.
        let texts = ends.map { $0.filter { $0 != "\"" } }
        let bounds = texts.map { $0.isEmpty ? nil : Bound.bound(String($0)) }
        for (text, bound) in zip(texts, bounds) where !text.isEmpty && bound == nil { return nil }
        self.init(bounds[0], bounds[1], open == "[", close == "]", isEmpty: false)
    }
}

/// A range, or an optional one: what range fields hold.
public protocol RangeFieldValue: FieldValue {
    /// What it is a range of.
    associatedtype Bound: RangeBound
}

extension RangeValue: RangeFieldValue {}
extension Optional: RangeFieldValue where Wrapped: RangeFieldValue {
    /// What it is a range of.
    public typealias Bound = Wrapped.Bound
}
