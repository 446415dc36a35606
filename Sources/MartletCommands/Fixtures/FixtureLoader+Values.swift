import FoundationEssentials
import MartletJSON
import MartletORM

// How values of JSON become values of columns.
extension FixtureLoader {
    /// A value of a field that is no relation, or of a key that a relation holds.
    ///
    /// - Parameter kind: What the column stores.
    static func plainValue(_ json: JSONValue, of field: FieldSchema, _ kind: FieldKind) throws -> SQLValue {
        if json.isNull {
            guard field.isNull else { throw FixtureProblem("'\(field.name)' may not be null.") }
            return .null
        }
        guard let value = value(json, kind) else {
            throw FixtureProblem("'\(field.name)' is \(shown(json)); it must be \(expected(kind)).")
        }
        return value
    }

    /// A key as it is written on a command line.
    static func key(_ text: String, of kind: FieldKind, in table: AnyTable) throws -> SQLValue {
        guard let key = value(Int(text).map(JSONValue.int) ?? .string(text), kind) ?? value(.string(text), kind) else {
            throw FixtureProblem("'\(text)' is no key of \(table.schema.name); it must be \(expected(kind)).")
        }
        return key
    }

    /// An array in PostgreSQL's text form, or as Django writes it: a text that is JSON.
    private static func array(_ text: String) -> SQLValue? {
        if ArrayItem(text) != nil { return .text(text) }
        guard let json = try? JSON.parse(text), let array = item(json), case .list = array else { return nil }
        return .text(array.text)
    }

    private static func item(_ json: JSONValue) -> ArrayItem? {
        switch json {
        case .null: return .null
        case .array(let values):
            let items = values.compactMap(item)
            return items.count == values.count ? .list(items) : nil
        case .string(let text): return .text(text)
        case .object: return nil
        default: return .text("\(json)")
        }
    }

    static func shown(_ json: JSONValue) -> String {
        let text = "\(json)"
        return text.count > 60 ? "\(text.prefix(60))…" : text
    }

    static func expected(_ kind: FieldKind) -> String {
        switch kind {
        case _ where FixtureScalars.expected(kind) != nil: FixtureScalars.expected(kind) ?? ""
        case .auto, .bigInteger: "a whole number"
        case .integer: "a whole number of 32 bits"
        case .positiveInteger: "a whole number from 0 to \(Int32.max)"
        case .bool: "true or false"
        case .char(let length), .email(let length), .slug(let length): "text of at most \(length) characters"
        case .text: "text"
        case .choices(let choices, _): "one of " + choices.map { "'\($0)'" }.joined(separator: ", ")
        case .dateTime: "a moment, such as \"2026-01-31T09:05:00Z\""
        case .float: "a number"
        case .uuid: "a UUID"
        case .array: "an array in PostgreSQL's text form, such as \"{1,2}\""
        case .range: "a range in PostgreSQL's text form, such as \"[1,5)\""
        case .searchVector: "a search vector in PostgreSQL's text form"
        default: "a key"
        }
    }

    static func value(_ json: JSONValue, _ kind: FieldKind) -> SQLValue? {
        switch kind {
        case _ where FixtureScalars.expected(kind) != nil: FixtureScalars.value(json, kind)
        case .auto, .bigInteger:
            json.intValue.map { .integer(Int64($0)) }
        case .integer:
            json.intValue.flatMap { Int32(exactly: $0) }.map { .integer(Int64($0)) }
        case .positiveInteger:
            json.intValue.flatMap { Int32(exactly: $0) }.flatMap { $0 >= 0 ? .integer(Int64($0)) : nil }
        case .bool:
            json.boolValue.map { .bool($0) }
        case .char(let length), .email(let length), .slug(let length):
            // Databases count code points.
            json.stringValue.flatMap { $0.unicodeScalars.count <= length ? .text($0) : nil }
        case .text:
            json.stringValue.map { .text($0) }
        case .choices(let choices, _):
            json.stringValue.flatMap { choices.contains($0) ? .text($0) : nil }
        case .dateTime:
            json.stringValue.flatMap { DateTimeText.date(from: $0.utf8) }.map { .dateTime($0) }
        case .float:
            json.doubleValue.map { .real($0) }
        case .uuid:
            json.stringValue.flatMap { UUID(uuidString: $0) }.map { .uuid($0) }
        case .array:
            json.stringValue.flatMap(array)
        case .range:
            json.stringValue.map { .text(FixtureRange(json: $0)?.text ?? $0) }
        case .searchVector:
            json.stringValue.map { .text($0) }
        default:
            nil
        }
    }
}
