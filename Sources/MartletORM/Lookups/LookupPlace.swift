/// What the parts of a name have led to so far.
struct LookupPlace {
    private let name: String
    private let field: String
    private let zone: TimeZoneName
    private(set) var expression: SQLExpression
    private(set) var type: LookupType
    /// Keys and positions inside a document.
    private(set) var steps: [JSONStep] = []

    init(_ column: LookupColumn, name: String, zone: TimeZoneName) {
        self.name = name
        self.zone = zone
        field = column.path.field.name
        expression = .column(column.path)
        type = LookupType(column.kind)
    }

    /// What rows are ordered by.
    var ordered: SQLExpression { steps.isEmpty ? expression : .json(.text, expression, steps) }

    /// Goes on by a transform, or by a key of a document.
    ///
    /// - Parameter lookups: What else would have been known here, for the message.
    mutating func step(_ part: String, lookups: [String]) throws(LookupError) {
        if case .document = type {
            guard !part.utf8.contains(0) else {
                throw LookupError(name, rule: "unknown", "A name with a null character (U+0000) is no name.")
            }
            steps.append(Int(part).map(JSONStep.index) ?? .key(part))
            return
        }
        guard type.transforms.contains(part) else {
            throw .unknown(name, part: part, of: "'\(field)'", alternatives: type.transforms + lookups)
        }
        transform(by: part)
    }

    private mutating func transform(by name: String) {
        if let part = DatePart(rawValue: name) {
            // A day is the same in every zone.
            let isDay = if case .date = type { true } else { false }
            (expression, type) = (.datePart(part, isDay ? expression : .local(expression, in: zone)), .integer)
            return
        }
        switch name {
        case "length": (expression, type) = (.call(.length, [expression]), .integer)
        case "lower": (expression, type) = (.call(.lower, [expression]), .text)
        case "upper": (expression, type) = (.call(.upper, [expression]), .text)
        case "trim": (expression, type) = (.call(.trim, [expression]), .text)
        // The moment itself: its day is compared by the moments at which the day begins and ends.
        default: type = .day
        }
    }
}
