import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues

/// Writes the values of rows as Django's JSON serializer does.
///
/// Moments keep their microseconds, of which Django's own drop three digits; it reads both.
///
/// Source: Django's `django.core.serializers.json` and each field's `value_to_string`.
enum FixtureValues {
    /// A column of a row as JSON.
    ///
    /// - Parameter kind: What the column stores; of a reference, what the other key stores.
    static func json(_ row: any Row, at index: Int, _ kind: FieldKind) throws -> JSONValue {
        if row.isNull(at: index) { return .null }
        switch kind {
        case .auto, .integer, .bigInteger, .positiveInteger, .smallInteger, .positiveSmallInteger, .positiveBigInteger,
            .integerChoices, .checkedIntegerChoices:
            return .int(Int(try row.integer(at: index)))
        case .bool: return .bool(try row.bool(at: index))
        case .float: return .double(try row.real(at: index))
        case .dateTime: return .string(try moment(row.dateTime(at: index)))
        case .date: return .string("\(try row.date(at: index))")
        case .time: return .string("\(try row.time(at: index))")
        case .duration: return .string(try row.duration(at: index).clockText)
        case .uuid: return .string(try row.uuid(at: index).uuidString.lowercased())
        case .decimal(_, let places): return .string(try decimal(row.decimal(at: index), places))
        case .binary: return .string(Data(try row.bytes(at: index)).base64EncodedString())
        case .json: return try JSON.parse(row.json(at: index))
        case .array: return .string(try array(row.text(at: index)))
        case .range: return .string(try FixtureRange(row.text(at: index))?.json ?? row.text(at: index))
        case .char, .text, .choices, .checkedChoices, .slug, .email, .url, .shortUUID, .ipAddress, .file, .image,
            .filePath, .searchVector, .foreignKey, .manyToMany, .manyToManyThrough:
            return .string(try row.text(at: index))
        }
    }

    /// A key as a value that can be bound again.
    static func key(_ row: any Row, at index: Int, _ kind: FieldKind) throws -> SQLValue {
        if row.isNull(at: index) { return .null }
        return kind == .uuid ? .uuid(try row.uuid(at: index)) : row.value(at: index)
    }

    /// A key as JSON.
    static func json(_ key: SQLValue) -> JSONValue {
        switch key {
        case .integer(let number): .int(Int(number))
        case .text(let text): .string(text)
        case .uuid(let uuid): .string(uuid.uuidString.lowercased())
        case .bool(let flag): .bool(flag)
        case .null: .null
        default: .string("\(key)")
        }
    }

    private static func moment(_ date: Date) -> String {
        DateTimeText.string(from: date, separator: UInt8(ascii: "T")) + "Z"
    }

    /// With all places, as Python has it: `9.50`.
    private static func decimal(_ number: Decimal, _ places: Int) -> String {
        guard let exact = ExactDecimal(number) else { return "\(number)" }
        let text = exact.text()
        guard places > 0, let written = text.split(separator: ".").dropFirst().first else {
            return places > 0 && !text.contains("e") ? text + "." + String(repeating: "0", count: places) : text
        }
        return text + String(repeating: "0", count: max(0, places - written.count))
    }

    private static func array(_ text: String) throws -> String {
        guard let item = ArrayItem(text) else { return text }
        var writer = JSONWriter()
        try writer.value(json(item))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func json(_ item: ArrayItem) -> JSONValue {
        switch item {
        case .null: .null
        case .text(let text): .string(text)
        case .list(let items): .array(items.map(json))
        }
    }
}

/// A range, between PostgreSQL's text form and Django's JSON.
struct FixtureRange {
    private let bounds: String?
    private let lower: String?
    private let upper: String?

    /// Reads `[1,5)`, `["2026-01-01 00:00:00+00",)` or `empty`.
    init?(_ text: String) {
        if text == "empty" {
            (bounds, lower, upper) = (nil, nil, nil)
            return
        }
        guard text.count >= 3, let first = text.first, let last = text.last, "[(".contains(first), "])".contains(last)
        else { return nil }
        let parts = text.dropFirst().dropLast().replacing("\"", with: "")
            .split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        bounds = "\(first)\(last)"
        lower = parts[0].isEmpty ? nil : parts[0]
        upper = parts[1].isEmpty ? nil : parts[1]
    }

    /// Reads `{"lower": "1", "upper": "5", "bounds": "[)"}` or `{"empty": true}`.
    init?(json text: String) {
        guard let json = try? JSON.parse(text), case .object = json else { return nil }
        func side(_ name: String) -> String? { json[name]?.stringValue ?? json[name]?.intValue.map(String.init) }
        (lower, upper) = (side("lower"), side("upper"))
        bounds = json["empty"]?.boolValue == true ? nil : json["bounds"]?.stringValue ?? "[)"
        guard bounds.map({ ["[)", "[]", "(]", "()"].contains($0) }) ?? true else { return nil }
    }

    /// As Django has it.
    var json: String {
        guard let bounds else { return #"{"empty": true}"# }
        var writer = JSONWriter()
        let object: JSONValue = [
            "lower": lower.map(JSONValue.string) ?? .null, "upper": upper.map(JSONValue.string) ?? .null,
            "bounds": .string(bounds),
        ]
        // Texts and nulls can always be written.
        guard (try? writer.value(object)) != nil else { return text }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// As PostgreSQL has it.
    var text: String {
        guard let first = bounds?.first, let last = bounds?.last else { return "empty" }
        func quoted(_ side: String?) -> String { side.map { "\"\($0.replacing("\"", with: ""))\"" } ?? "" }
        return "\(first)\(quoted(lower)),\(quoted(upper))\(last)"
    }
}
