import FoundationEssentials

/// Turns a name and a value into a condition.
struct LookupCondition {
    let name: String
    let value: LookupValue
    let zone: TimeZoneName

    /// The most values of one list; a client could bind as many as the database takes.
    static let mostValues = 1_000

    /// The condition.
    ///
    /// - Throws: ``LookupError`` that names the part or the rule.
    func sql(for table: AnyTable) throws(LookupError) -> SQLExpression {
        var path = try LookupPath(name, of: table)
        var place = LookupPlace(try path.column(), name: name, zone: zone)
        while let part = path.next() {
            if path.rest.isEmpty, let lookup = Lookup(rawValue: part), place.type.lookups.contains(lookup) {
                return try condition(lookup, place)
            }
            try place.step(part, lookups: place.type.lookups.map(\.rawValue))
        }
        return try condition(.exact, place)
    }

    private func condition(_ lookup: Lookup, _ place: LookupPlace) throws(LookupError) -> SQLExpression {
        let expression = place.expression
        if lookup == .isnull { return try nullTest(expression, place.steps) }
        if case .document = place.type { return try documentCondition(lookup, JSONPath(expression, place.steps)) }
        if value == .null, lookup == .exact || lookup == .iexact { return .isNull(expression) }
        switch place.type {
        case .day: return try dayCondition(lookup, expression)
        case .array: return try arrayCondition(lookup, expression, place.type)
        case .range(let kind): return try rangeCondition(lookup, expression, kind)
        case .searchVector: return try searchCondition(.search, place)
        default: break
        }
        if Lookup.searches.contains(lookup) { return try searchCondition(lookup, place) }
        if lookup == .containedBy { return try within(expression, place.type) }
        if let test = lookup.textTest { return try textCondition(test, expression, place.type) }
        return try valueCondition(lookup, expression, place.type)
    }

    private func valueCondition(
        _ lookup: Lookup, _ expression: SQLExpression, _ type: LookupType
    ) throws(LookupError) -> SQLExpression {
        switch lookup {
        case .regex, .iregex: return .matches(type.text(of: expression), try pattern(), ignoringCase: lookup == .iregex)
        case .in:
            // Null equals nothing, and would be the value that a negation trips over.
            let values = try list().filter { $0 != .null }
            if case .dateTime = type, zone != .utc, !values.isEmpty {
                let moments = try values.map { value throws(LookupError) in try operand(value, type) }
                return .call(.inExpressions, [expression] + moments)
            }
            return .inList(expression, try values.map { value throws(LookupError) in try bound(value, type) })
        case .range:
            let (low, high) = try pair()
            return .call(.between, [expression, try operand(low, type), try operand(high, type)])
        default:
            return .comparison(lookup.comparison ?? .equal, expression, try operand(value, type))
        }
    }

    private func nullTest(_ expression: SQLExpression, _ steps: [JSONStep]) throws(LookupError) -> SQLExpression {
        guard case .bool(let flag)? = LookupType.bool.value(value) else {
            throw .value(name, "boolean", LookupType.bool.rule.wording, found: value)
        }
        let test = SQLExpression.isNull(steps.isEmpty ? expression : .json(.type, expression, steps))
        return flag ? test : .not(test)
    }

    private func textCondition(
        _ test: TextTest, _ expression: SQLExpression, _ type: LookupType
    ) throws(LookupError) -> SQLExpression {
        var text = try text()
        // As it is compared with: digits without hyphens.
        if case .uuid = type { text = text.replacing("-", with: "") }
        return .text(test, type.text(of: expression), text)
    }

    // MARK: Values

    func bound(_ value: LookupValue, _ type: LookupType) throws(LookupError) -> SQLValue {
        if let bound = type.value(value) { return bound }
        if case .text(let text) = value, text.utf8.contains(0) {
            throw .value(name, "value", "text without null characters", found: .text("U+0000"))
        }
        throw .value(name, type.rule.name, type.rule.wording, found: value)
    }

    /// A moment without an offset is one of the zone's clocks.
    func operand(_ value: LookupValue, _ type: LookupType) throws(LookupError) -> SQLExpression {
        let bound = try bound(value, type)
        guard case .dateTime(let date) = bound, case .text(let text) = value, zone != .utc, !Self.hasOffset(text)
        else { return .value(bound) }
        return .call(.moment, [.typed(.text(DateTimeText.string(from: date))), zone.sql])
    }

    static func hasOffset(_ text: String) -> Bool {
        text.utf8.last == 0x5A || text.utf8.dropFirst(11).contains { $0 == 0x2B || $0 == 0x2D }
    }

    func text() throws(LookupError) -> String {
        guard case .text(let text) = try bound(value, .text) else {
            throw .value(name, "value", "text without null characters", found: value)
        }
        return text
    }

    func pattern() throws(LookupError) -> String {
        let pattern = try text()
        // Compiled to find what is no expression at all; it is never matched here.
        guard pattern.utf8.count <= SQLExpression.longestPattern, (try? Regex(pattern)) != nil else {
            throw .value(
                name, "syntax", "a regular expression of at most \(SQLExpression.longestPattern) bytes", found: value)
        }
        return pattern
    }

    /// The values of a list; those of a text are separated by commas, as in a query string.
    func list() throws(LookupError) -> [LookupValue] { try list(value) }

    func list(_ value: LookupValue) throws(LookupError) -> [LookupValue] {
        let values: [LookupValue]
        switch value {
        case .list(let list): values = list
        case .text(let text):
            values =
                text.isEmpty
                ? [] : text.split(separator: ",", omittingEmptySubsequences: false).map { .text(String($0)) }
        default: throw .value(name, "type", "a list of values", found: value)
        }
        guard values.count <= Self.mostValues else {
            throw .value(name, "range", "a list of at most \(Self.mostValues) values", found: .list(values))
        }
        return values
    }

    /// The values of a list that no text stands for: in one, commas would part what belongs together.
    ///
    /// - Parameter items: What they are called in the error.
    func list(of items: String) throws(LookupError) -> [LookupValue] {
        guard case .list(let values) = value else { throw .value(name, "type", "a list of \(items)", found: value) }
        guard values.count <= Self.mostValues else {
            throw .value(name, "range", "a list of at most \(Self.mostValues) values", found: value)
        }
        return values
    }

    func pair() throws(LookupError) -> (LookupValue, LookupValue) {
        let values = try list()
        guard values.count == 2 else { throw .value(name, "range", "two values", found: value) }
        return (values[0], values[1])
    }

    // MARK: Days of moments

    /// A comparison of a moment's day, as one of the moment with the day's ends, which an index serves.
    private func dayCondition(_ lookup: Lookup, _ moment: SQLExpression) throws(LookupError) -> SQLExpression {
        func start(_ value: LookupValue, after days: Int = 0) throws(LookupError) -> SQLExpression {
            guard case .text(let day)? = LookupType.day.value(value),
                let start = DateTimeText.date(from: day.utf8)?.addingTimeInterval(Double(days * 86_400))
            else { throw .value(name, "date", LookupType.day.rule.wording, found: value) }
            if zone == .utc { return .value(.dateTime(start)) }
            return .call(.moment, [.typed(.text(DateTimeText.string(from: start))), zone.sql])
        }
        func during(_ first: LookupValue, _ last: LookupValue) throws(LookupError) -> SQLExpression {
            return .call(.during, [moment, try start(first), try start(last, after: 1)])
        }
        switch lookup {
        case .lt: return .comparison(.less, moment, try start(value))
        case .lte: return .comparison(.less, moment, try start(value, after: 1))
        case .gt: return .comparison(.greaterOrEqual, moment, try start(value, after: 1))
        case .gte: return .comparison(.greaterOrEqual, moment, try start(value))
        case .range:
            let (low, high) = try pair()
            return try during(low, high)
        case .in:
            let days = try list()
            guard let first = days.first else { return .inList(moment, []) }
            var any = try during(first, first)
            for day in days.dropFirst() { any = .or(any, try during(day, day)) }
            return any
        default: return try during(value, value)
        }
    }
}

extension SQLFunction {
    /// From one moment up to another, without that one.
    fileprivate static let during = SQLFunction("during", isCondition: true) { a in
        "(\(a[0]) >= \(a[1]) AND \(a[0]) < \(a[2]))"
    }
}
