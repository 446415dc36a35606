import FoundationEssentials
import MartletValues

extension LookupCondition {
    /// A condition on an array.
    func arrayCondition(
        _ lookup: Lookup, _ array: SQLExpression, _ type: LookupType
    ) throws(LookupError) -> SQLExpression {
        if lookup == .in {
            let arrays = try list(of: "lists")
            return .inList(array, try arrays.map { value throws(LookupError) in try self.array(value, type) })
        }
        let operand = SQLExpression.value(try self.array(value, type))
        if let sign = lookup.sign { return .call(.infix(sign), [array, operand]) }
        return .comparison(lookup.comparison ?? .equal, array, operand)
    }

    /// An array in PostgreSQL's text form; of a text the values between commas.
    private func array(_ value: LookupValue, _ type: LookupType) throws(LookupError) -> SQLValue {
        let list = LookupValue.list(try list(value))
        if list.holdsLocalMoment, zone != .utc {
            throw .value(name, "date_time", "moments with an offset, such as '2026-01-31T09:05:00Z'", found: value)
        }
        guard let item = type.item(list) else { throw .value(name, type.rule.name, type.rule.wording, found: value) }
        return .text(item.text)
    }
}

extension LookupValue {
    /// Whether a moment of clocks is in it, which means another moment in each zone.
    fileprivate var holdsLocalMoment: Bool {
        switch self {
        case .list(let values): values.contains(where: \.holdsLocalMoment)
        case .text(let text): DateTimeText.date(from: text.utf8) != nil && !LookupCondition.hasOffset(text)
        default: false
        }
    }
}

extension LookupType {
    /// A value as an element of an array; `nil` for one that is none.
    func item(_ value: LookupValue) -> ArrayItem? {
        if case .array(let element) = self {
            guard case .list(let values) = value else { return nil }
            let items = values.compactMap(element.item)
            return items.count == values.count ? .list(items) : nil
        }
        if value == .null { return .null }
        return switch self.value(value) {
        case .text(let text): .text(text)
        case .integer(let number): .text("\(number)")
        case .real(let number): number.arrayItem
        case .bool(let flag): flag.arrayItem
        case .uuid(let uuid): uuid.arrayItem
        case .dateTime(let date): date.arrayItem
        case .date(let day): .text(day.description)
        case .time(let time): .text(time.description)
        case .decimal(let number): ExactDecimal(number).map { .text($0.text()) }
        case .duration(let length): length.wholeMicroseconds.map { .text("\($0) microseconds") }
        case .null, .bytes, .json, nil: nil
        }
    }
}
