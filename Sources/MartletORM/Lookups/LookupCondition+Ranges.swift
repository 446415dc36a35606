import FoundationEssentials
import MartletValues

/// The ends of a range that a value names: `[1, 5]`, `"1,5"`, `"[1,5]"`, `"1,"`, `"empty"`; from the first up to the last,
/// without that unless brackets tell.
private struct RangeEnds {
    var low: LookupValue?
    var high: LookupValue?
    var includesLow = true
    var includesHigh = false
    var isEmpty = false

    /// - Returns: `nil` for what is no range.
    init?(_ value: LookupValue) {
        switch value {
        case .list(let ends) where ends.count == 2:
            (low, high) = (Self.end(ends[0]), Self.end(ends[1]))
        case .text("empty"): isEmpty = true
        case .text(var text):
            if let first = text.first, let last = text.last, text.count > 2, "[(".contains(first), "])".contains(last) {
                (includesLow, includesHigh) = (first == "[", last == "]")
                text = String(text.dropFirst().dropLast())
            }
            let ends = text.split(separator: ",", omittingEmptySubsequences: false)
            guard ends.count == 2 else { return nil }
            (low, high) = (Self.end(.text(String(ends[0]))), Self.end(.text(String(ends[1]))))
        default: return nil
        }
    }

    /// One value and nothing else.
    init(only value: LookupValue) {
        (low, high, includesHigh) = (value, value, true)
    }

    private static func end(_ value: LookupValue) -> LookupValue? {
        // Here `nil` would be read as the value null.
        value == .null || value == .text("") ? Optional.none : value
    }

    /// As PostgreSQL's text forms and functions have them.
    var brackets: (open: String, close: String) { (includesLow ? "[" : "(", includesHigh ? "]" : ")") }
}

extension LookupCondition {
    /// A condition on a range.
    func rangeCondition(
        _ lookup: Lookup, _ range: SQLExpression, _ kind: RangeKind
    ) throws(LookupError) -> SQLExpression {
        if lookup == .in {
            let ranges = try list(of: "ranges")
            guard !ranges.isEmpty else { return .inList(range, []) }
            let operands = try ranges.map { value throws(LookupError) in try rangeOperand(rangeEnds(value, kind), kind)
            }
            return .call(.inExpressions, [range] + operands)
        }
        let ends =
            if lookup == .contains, RangeEnds(value) == nil { RangeEnds(only: value) } else {
                try rangeEnds(value, kind)
            }
        let operand = try rangeOperand(ends, kind)
        if let sign = lookup.sign { return .call(.infix(sign), [range, operand]) }
        return .comparison(lookup.comparison ?? .equal, range, operand)
    }

    /// Whether a value lies in a range; on every database, since it is written as comparisons.
    func within(_ expression: SQLExpression, _ type: LookupType) throws(LookupError) -> SQLExpression {
        guard let ends = RangeEnds(value) else {
            throw .value(name, "range", "two values, each \(type.rule.wording)", found: value)
        }
        try checkOrder(ends, type)
        if ends.isEmpty { return .inList(expression, []) }
        let low = try ends.low.map { value throws(LookupError) in try operand(value, type) }
        let high = try ends.high.map { value throws(LookupError) in try operand(value, type) }
        let from = Comparison.greater.orEqual(ends.includesLow)
        let to = Comparison.less.orEqual(ends.includesHigh)
        guard let low, let high else {
            if let low { return .comparison(from, expression, low) }
            if let high { return .comparison(to, expression, high) }
            return .not(.isNull(expression))
        }
        // One test and not two: excluded over a relation to many, both must hold for the same row.
        let test = SQLFunction("within \(from.rawValue) \(to.rawValue)", isCondition: true) { parts in
            "(\(parts[0]) \(from.rawValue) \(parts[1]) AND \(parts[0]) \(to.rawValue) \(parts[2]))"
        }
        return .call(test, [expression, low, high])
    }

    private func rangeEnds(_ value: LookupValue, _ kind: RangeKind) throws(LookupError) -> RangeEnds {
        guard let ends = RangeEnds(value) else {
            throw .value(name, "range", LookupType.range(kind).rule.wording, found: value)
        }
        return ends
    }

    private func rangeOperand(_ ends: RangeEnds, _ kind: RangeKind) throws(LookupError) -> SQLExpression {
        let (low, high) = try checkOrder(ends, kind.bound)
        if ends.isEmpty { return .value(.text("empty")) }
        let (open, close) = ends.brackets
        guard kind == .dateTime else {
            return .value(.text("\(open)\(try end(low, kind)),\(try end(high, kind))\(close)"))
        }
        return .call(
            .moments(open + close),
            [
                try ends.low.map { value throws(LookupError) in try operand(value, .dateTime) } ?? .value(.null),
                try ends.high.map { value throws(LookupError) in try operand(value, .dateTime) } ?? .value(.null),
            ])
    }

    @discardableResult
    private func checkOrder(
        _ ends: RangeEnds, _ type: LookupType
    ) throws(LookupError) -> (low: SQLValue?, high: SQLValue?) {
        let low = try ends.low.map { value throws(LookupError) in try bound(value, type) }
        let high = try ends.high.map { value throws(LookupError) in try bound(value, type) }
        if let low, let high, low.isAfter(high) {
            throw .value(name, "range", "two values of which the first is not larger", found: value)
        }
        return (low, high)
    }

    private func end(_ value: SQLValue?, _ kind: RangeKind) throws(LookupError) -> String {
        switch value {
        case .integer(let number):
            guard kind.numbers.contains(number) else {
                throw .value(
                    name, "range", "whole numbers from \(kind.numbers.lowerBound) to \(kind.numbers.upperBound)",
                    found: .integer(number))
            }
            return "\(number)"
        case .decimal(let number): return number.rangeText
        case .date(let day): return day.rangeText
        default: return ""
        }
    }
}

extension Comparison {
    fileprivate func orEqual(_ isIncluded: Bool) -> Comparison {
        guard isIncluded else { return self }
        return self == .greater ? .greaterOrEqual : .lessOrEqual
    }
}

extension SQLValue {
    fileprivate func isAfter(_ other: SQLValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): left > right
        case (.real(let left), .real(let right)): left > right
        case (.decimal(let left), .decimal(let right)): left > right
        case (.date(let left), .date(let right)): left > right
        case (.dateTime(let left), .dateTime(let right)): left > right
        default: false
        }
    }
}

extension SQLFunction {
    /// From two moments: the range between them. Clocks that are set back can show an end before its beginning; there is
    /// no time between those.
    fileprivate static func moments(_ brackets: String) -> SQLFunction {
        SQLFunction("moments \(brackets)") { ends in
            let (low, high) = ("CAST(\(ends[0]) AS timestamptz)", "CAST(\(ends[1]) AS timestamptz)")
            return "CASE WHEN \(low) > \(high) THEN 'empty' ELSE tstzrange(\(low), \(high), '\(brackets)') END"
        }
    }
}
