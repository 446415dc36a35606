import FoundationEssentials
import MartletJSON
import MartletValues

/// The elements of a JSON array, read as the columns of a row: so a list holds whatever a column may.
struct JSONList: Row {
    private let elements: [JSONValue]
    private let name: String

    /// - Parameter column: The name of the column that holds the array.
    /// - Returns: `nil` when the text is no array in JSON.
    init?(_ text: String, column: String) {
        // The database has bounded what it answers.
        let limits = JSONLimits(bytes: .max)
        guard let value = try? JSON.parse(text, limits: limits), let elements = value.arrayValue else { return nil }
        self.elements = elements
        name = column
    }

    var count: Int { elements.count }

    func isNull(at index: Int) -> Bool { elements[index].isNull }

    func bool(at index: Int) throws(DecodingProblem) -> Bool {
        // SQLite keeps truth values as numbers.
        switch elements[index] {
        case .bool(let flag): return flag
        case .int(let number) where number == 0 || number == 1: return number == 1
        default: throw problem(at: index, "true or false")
        }
    }

    func integer(at index: Int) throws(DecodingProblem) -> Int64 {
        guard let number = elements[index].intValue else { throw problem(at: index, "a whole number") }
        return Int64(number)
    }

    func real(at index: Int) throws(DecodingProblem) -> Double {
        guard let number = elements[index].doubleValue else { throw problem(at: index, "a number") }
        return number
    }

    func text(at index: Int) throws(DecodingProblem) -> String {
        guard let text = elements[index].stringValue else { throw problem(at: index, "text") }
        return text
    }

    func bytes(at index: Int) throws(DecodingProblem) -> [UInt8] {
        throw problem(at: index, "bytes, which JSON does not have")
    }

    func uuid(at index: Int) throws(DecodingProblem) -> UUID {
        if var text = elements[index].stringValue, let uuid = text.withUTF8({ UUIDText.uuid(from: $0) }) { return uuid }
        throw problem(at: index, "a UUID")
    }

    func dateTime(at index: Int) throws(DecodingProblem) -> Date {
        guard let text = elements[index].stringValue, let date = DateTimeText.date(from: Array(text.utf8)) else {
            throw problem(at: index, "a moment")
        }
        return date
    }

    func decimal(at index: Int) throws(DecodingProblem) -> Decimal {
        // The shortest text of a number is the one that was written, up to the 15 digits that a double keeps.
        let text =
            switch elements[index] {
            case .int(let number): "\(number)"
            case .double(let number): "\(number)"
            case .bigNumber(let digits): digits
            case .string(let text): text
            default: ""
            }
        guard let number = ExactDecimal(text)?.decimal else { throw problem(at: index, "a decimal number") }
        return number
    }

    func date(at index: Int) throws(DecodingProblem) -> CalendarDate {
        guard let day = elements[index].stringValue.flatMap({ CalendarDate($0) }) else {
            throw problem(at: index, "a day")
        }
        return day
    }

    func time(at index: Int) throws(DecodingProblem) -> TimeOfDay {
        guard let time = elements[index].stringValue.flatMap({ TimeOfDay($0) }) else {
            throw problem(at: index, "a time of day")
        }
        return time
    }

    func duration(at index: Int) throws(DecodingProblem) -> Duration {
        guard let microseconds = elements[index].intValue else { throw problem(at: index, "a length of time") }
        return .microseconds(microseconds)
    }

    func json(at index: Int) throws(DecodingProblem) -> String { "\(elements[index])" }

    func value(at index: Int) -> SQLValue {
        switch elements[index] {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .integer(Int64(number))
        case .double(let number): .real(number)
        case .bigNumber(let digits): .text(digits)
        case .string(let text): .text(text)
        case .array, .object: .text("\(elements[index])")
        }
    }

    func columnName(at index: Int) -> String { "\(name)[\(index)]" }

    private func problem(at index: Int, _ expected: String) -> DecodingProblem {
        let found = elements[index].isNull ? "null" : "the JSON value \(elements[index])"
        return DecodingProblem(column: columnName(at: index), expected: expected, found: String(found.prefix(60)))
    }
}
