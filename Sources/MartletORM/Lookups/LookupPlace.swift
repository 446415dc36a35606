/// What the parts of a name have led to so far.
struct LookupPlace {
    private let name: String
    private let field: String
    private let zone: TimeZoneName
    private(set) var expression: SQLExpression
    private(set) var type: LookupType
    /// Keys and positions inside a document.
    private(set) var steps: [JSONStep] = []

    /// The language whose words a search vector holds.
    private(set) var language = SearchVector.plainLanguage

    init(_ column: LookupColumn, name: String, zone: TimeZoneName) {
        self.name = name
        self.zone = zone
        field = column.path.field.name
        expression = .column(column.path)
        type = LookupType(column.kind)
        if case .searchVector = type, let own = column.path.field.generated?.expression.searchLanguage {
            language = own
        }
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
        if case .array(let element) = type, let place = ArrayPlace(part) {
            (expression, type) = place.of(expression, type, element)
            return
        }
        guard type.transforms.contains(part) else {
            let positions = if case .array = type { ["0", "0_1"] } else { [String]() }
            throw .unknown(name, part: part, of: "'\(field)'", alternatives: type.transforms + positions + lookups)
        }
        try transform(by: part)
    }

    private mutating func transform(by part: String) throws(LookupError) {
        if let part = DatePart(rawValue: part) {
            (expression, type) = (.datePart(part, clocks), .integer)
            return
        }
        if case .range(let kind) = type, let transform = RangeTransform(rawValue: part) {
            (expression, type) = (transform.of(expression), transform.type(of: kind))
            return
        }
        switch part {
        case "length": (expression, type) = (.call(.length, [expression]), .integer)
        case "lower": (expression, type) = (.call(.lower, [expression]), .text)
        case "upper": (expression, type) = (.call(.upper, [expression]), .text)
        case "trim": (expression, type) = (.call(.trim, [expression]), .text)
        case "unaccent":
            try LookupError.checkPostgreSQL(name, part)
            (expression, type) = (.call(.unaccent, [expression]), .text)
        case "len": (expression, type) = (.call(ArrayFunction.count, [expression]), .integer)
        case "time": (expression, type) = (.call(.timeOfClocks, [.local(expression, in: zone)]), .time)
        // The moment itself: its day is compared by the moments at which the day begins and ends.
        default: type = .day
        }
    }

    /// What parts can be read of.
    private var clocks: SQLExpression {
        switch type {
        // A day is the same in every zone.
        case .date: expression
        case .time: .call(.clocksOfTime, [expression])
        default: .local(expression, in: zone)
        }
    }
}
