import FoundationEssentials
import MartletValues

/// What an expression that a name leads to takes: how values are read, what can be asked, what it can be turned into.
indirect enum LookupType {
    case text
    case choice([String])
    case integer
    case real
    case bool
    case dateTime
    case day
    case uuid
    case document
    case decimal
    case date
    case time
    case duration
    case address
    case array(LookupType)
    case range(RangeKind)
    case searchVector
    /// Bytes, of which a client asks only whether they are there.
    case opaque

    init(_ kind: FieldKind) {
        self =
            switch kind {
            case .auto, .integer, .bigInteger, .positiveInteger, .smallInteger, .positiveSmallInteger,
                .positiveBigInteger:
                .integer
            case .integerChoices, .checkedIntegerChoices: .integer
            case .decimal: .decimal
            case .date: .date
            case .time: .time
            case .json: .document
            case .duration: .duration
            case .array(let element, _): .array(LookupType(element))
            case .range(let kind): .range(kind)
            case .searchVector: .searchVector
            case .ipAddress: .address
            case .binary: .opaque
            case .bool: .bool
            case .float: .real
            case .dateTime: .dateTime
            case .uuid: .uuid
            case .choices(let values, _), .checkedChoices(let values, _): .choice(values)
            default: .text
            }
    }

    /// What can be asked of it.
    var lookups: [Lookup] {
        switch self {
        case .text, .choice: Lookup.textual
        case .integer, .real, .decimal, .dateTime, .date: Lookup.linear
        case .day, .time, .duration: Lookup.ordered
        case .opaque: [.isnull]
        case .bool: [.exact, .in, .isnull]
        case .uuid: Lookup.ordered + Lookup.texts
        // Of their order the two databases have different ideas.
        case .address: [.exact, .in, .isnull] + Lookup.texts + Lookup.patterns
        case .document: Lookup.document
        case .array: Lookup.array
        case .range: Lookup.ofRanges
        case .searchVector: [.exact, .search, .isnull]
        }
    }

    /// What it can be turned into before it is asked.
    var transforms: [String] {
        switch self {
        case .text, .choice: ["length", "lower", "trim", "unaccent", "upper"]
        case .dateTime: DatePart.allCases.map(\.rawValue) + ["date", "time"]
        case .date, .day: Self.partsOfDay.map(\.rawValue)
        case .time: Self.partsOfTime.map(\.rawValue)
        case .array: ["len"]
        case .range: RangeTransform.allCases.map(\.rawValue)
        case .integer, .real, .decimal, .bool, .duration, .uuid, .address, .document, .searchVector, .opaque: []
        }
    }

    /// The rule's name and its wording, as in "must be *a whole number*".
    var rule: (name: String, wording: String) {
        switch self {
        case .text: ("value", "text")
        case .choice(let values): ("choice", "one of \(values.map { "'\($0)'" }.joined(separator: ", "))")
        case .integer: ("integer", "a whole number")
        case .real: ("number", "a number")
        case .bool: ("boolean", "'true' or 'false'")
        case .dateTime: ("date_time", "a moment such as '2026-01-31T09:05:00Z'")
        case .day: ("date", "a day such as '2026-01-31'")
        case .uuid: ("uuid", "a UUID")
        case .document: ("value", "a value of JSON")
        case .decimal: ("decimal", "a decimal number")
        case .date: ("date", "a day such as '2026-01-31'")
        case .time: ("time", "a time of day such as '09:05:00'")
        case .duration: ("duration", "a length of time such as '1 12:30:00' or 'P1DT12H30M'")
        case .address: ("address", "an IP address such as '192.0.2.1' or '2001:db8::1'")
        case .array(let element): ("array", "a list, each of it \(element.rule.wording)")
        case .range(let kind): ("range", "two values, each \(kind.bound.rule.wording)")
        case .searchVector: ("value", "text")
        case .opaque: ("value", "asked whether it is there")
        }
    }

    /// The value as this type has it; `nil` for one that it has not.
    func value(_ value: LookupValue) -> SQLValue? {
        switch (self, value) {
        case (.text, .text(let text)): text.utf8.contains(0) ? nil : .text(text)
        case (.text, .integer(let number)): .text("\(number)")
        case (.choice(let values), .text(let text)): values.contains(text) ? .text(text) : nil
        case (.integer, .integer(let number)): .integer(number)
        case (.integer, .text(let text)): Int64(text).map(SQLValue.integer)
        case (.real, .real(let number)): number.isFinite ? .real(number) : nil
        case (.real, .integer(let number)): .real(Double(number))
        case (.real, .text(let text)): Self.number(text).map(SQLValue.real)
        case (.bool, .bool(let flag)): .bool(flag)
        case (.bool, .integer(let number)): number == 0 || number == 1 ? .bool(number == 1) : nil
        case (.bool, .text(let text)): Self.truth(text).map(SQLValue.bool)
        case (.dateTime, .dateTime(let date)): .dateTime(date)
        case (.dateTime, .text(let text)): DateTimeText.date(from: text.utf8).map(SQLValue.dateTime)
        case (.day, .text(let text)): text.utf8.count == 10 && Self.isDay(text) ? .text(text) : nil
        case (.decimal, .integer(let number)): .decimal(Decimal(number))
        case (.decimal, .real(let number)): number.isFinite ? Self.decimal("\(number)") : nil
        case (.decimal, .text(let text)): Self.decimal(text)
        case (.date, .text(let text)): CalendarDate(text).map(SQLValue.date)
        case (.time, .text(let text)): TimeOfDay(text).map(SQLValue.time)
        case (.duration, .text(let text)):
            (Duration(clockText: text) ?? Duration(iso8601Text: text)).map(SQLValue.duration)
        case (.address, .text(let text)): IPAddress(text)?.sqlValue
        case (.uuid, .uuid(let uuid)): .uuid(uuid)
        case (.uuid, .text(let text)): Self.identifier(text).map(SQLValue.uuid)
        default: nil
        }
    }

    /// Digits with a point or an exponent; not the hexadecimal numbers, `inf` and `nan` that Swift reads.
    private static func number(_ text: String) -> Double? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || marks.contains($0) }), let number = Double(text),
            number.isFinite
        else { return nil }
        return number
    }

    private static func decimal(_ text: String) -> SQLValue? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || marks.contains($0) }) else { return nil }
        return ExactDecimal(text).map { .decimal($0.decimal) }
    }

    /// The parts that a day has without a time.
    static let partsOfDay: [DatePart] = [
        .year, .isoYear, .quarter, .month, .week, .day, .weekDay, .isoWeekDay,
    ]

    /// The parts that a time of day has.
    static let partsOfTime: [DatePart] = [.hour, .minute, .second]

    private static let marks = Array("+-.eE".utf8)

    private static func truth(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "1", "on", "yes": true
        case "false", "0", "off", "no": false
        default: nil
        }
    }

    private static func isDay(_ text: String) -> Bool { DateTimeText.date(from: text.utf8) != nil }

    private static func identifier(_ text: String) -> UUID? {
        var text = text
        return text.withUTF8 { UUIDText.uuid(from: $0) }
    }
}
