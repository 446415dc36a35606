import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues

/// Reads the values of fixtures for kinds of fields that are plain values, in the form that Django's `dumpdata` writes.
enum FixtureScalars {
    /// What a kind's value must be; `nil` for a kind that is not read here.
    static func expected(_ kind: FieldKind) -> String? {
        switch kind {
        case .smallInteger, .positiveSmallInteger, .positiveBigInteger:
            kind.integerRange.map { "a whole number from \($0.lowerBound) to \($0.upperBound)" }
        case .decimal(let digits, let places):
            "a number of at most \(digits) digits, \(places) of them behind the point"
        case .url(let length), .file(let length), .image(let length), .filePath(let length):
            "text of at most \(length) characters"
        case .shortUUID: "12 characters of the shortuuid alphabet"
        case .date: "a day, such as \"2026-01-31\""
        case .time: "a time of day, such as \"09:05:00\""
        case .duration: "a length of time, such as \"1 02:03:04\" or \"P1DT02H03M04S\""
        case .binary: "bytes in base64"
        case .json: "JSON"
        case .ipAddress: "an IP address"
        case .checkedChoices(let choices, _): "one of " + choices.map { "'\($0)'" }.joined(separator: ", ")
        case .integerChoices(let choices), .checkedIntegerChoices(let choices):
            "one of " + choices.map(String.init).joined(separator: ", ")
        default: nil
        }
    }

    static func value(_ json: JSONValue, _ kind: FieldKind) -> SQLValue? {
        switch kind {
        case .smallInteger, .positiveSmallInteger, .positiveBigInteger:
            json.intValue.map(Int64.init).flatMap { kind.integerRange?.contains($0) == true ? .integer($0) : nil }
        case .integerChoices(let choices), .checkedIntegerChoices(let choices):
            json.intValue.flatMap { choices.contains($0) ? .integer(Int64($0)) : nil }
        case .checkedChoices(let choices, _):
            json.stringValue.flatMap { choices.contains($0) ? .text($0) : nil }
        case .decimal: decimal(json, kind)
        case .date: json.stringValue.flatMap { CalendarDate($0) }.map { .date($0) }
        case .time: json.stringValue.flatMap { TimeOfDay($0) }.map { .time($0) }
        case .duration:
            json.stringValue.flatMap { Duration(iso8601Text: $0) ?? Duration(clockText: $0) }.map { .duration($0) }
        case .binary: json.stringValue.flatMap { Data(base64Encoded: $0) }.map { .bytes(Array($0)) }
        case .json: document(json)
        case .shortUUID, .ipAddress: json.stringValue.flatMap { FieldDefault.text($0).suits(kind) ? .text($0) : nil }
        case .url(let length), .file(let length), .image(let length), .filePath(let length):
            json.stringValue.flatMap { $0.unicodeScalars.count <= length ? .text($0) : nil }
        default: nil
        }
    }

    private static func decimal(_ json: JSONValue, _ kind: FieldKind) -> SQLValue? {
        let text = json.stringValue ?? (json.doubleValue == nil ? nil : "\(json)")
        return text.flatMap { FieldDefault.decimal($0).suits(kind) ? FieldDefault.decimal($0).value : nil }
    }

    private static func document(_ json: JSONValue) -> SQLValue? {
        var writer = JSONWriter()
        guard (try? writer.value(json)) != nil else { return nil }
        return .json(String(decoding: writer.bytes, as: UTF8.self))
    }
}
