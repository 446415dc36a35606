import MartletValues

/// `value` as JSON in a script element that no browser runs, for `json_script`.
///
/// - Parameter id: The element's id, as HTML.
func jsonScript(_ value: TemplateValue, id: String?) throws -> String {
    var json = ""
    try appendJSON(value, to: &json, depth: 0)
    let attribute = id.flatMap { $0.isEmpty ? nil : "id=\"\($0)\" " } ?? ""
    return "<script \(attribute)type=\"application/json\">\(json)</script>"
}

/// As Python's `json.dumps` writes it, with `<`, `>` and `&` as escapes so that the script cannot end early.
private func appendJSON(_ value: TemplateValue, to json: inout String, depth: Int) throws {
    guard depth < 100 else { throw TemplateProblem("'json_script' got values nested more than 100 deep.") }
    switch value {
    case .null: json += "null"
    case .bool(let value): json += value ? "true" : "false"
    case .int(let value): json += String(value)
    case .double(let value):
        guard value.isFinite else { throw TemplateProblem("JSON has no number '\(value)'.") }
        json += value.description
    case .list(let values):
        json += "["
        for (index, element) in values.enumerated() {
            if index > 0 { json += ", " }
            try appendJSON(element, to: &json, depth: depth + 1)
        }
        json += "]"
    case .dictionary(let values):
        json += "{"
        for (index, pair) in values.pairs.enumerated() {
            if index > 0 { json += ", " }
            appendJSONString(pair.key, to: &json)
            json += ": "
            try appendJSON(pair.value, to: &json, depth: depth + 1)
        }
        json += "}"
    case .date(let date): appendJSONString(CalendarMoment(date, in: .utc).scriptText, to: &json)
    case .duration(let duration): appendJSONString(duration.iso8601Text, to: &json)
    case .string, .safe, .decimal, .uuid, .day, .time: appendJSONString(value.text, to: &json)
    case .object(let object):
        guard let elements = try object.templateElements() else {
            throw TemplateProblem(
                "'\(type(of: object))' cannot be written as JSON.", remedy: "Pass a dictionary of what the page needs.")
        }
        try appendJSON(.list(elements), to: &json, depth: depth + 1)
    }
}

private func appendJSONString(_ text: String, to json: inout String) {
    json += "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": json += "\\\""
        case "\\": json += "\\\\"
        case "\n": json += "\\n"
        case "\r": json += "\\r"
        case "\t": json += "\\t"
        case "\u{8}": json += "\\b"
        case "\u{C}": json += "\\f"
        case "<", ">", "&": json += unicodeEscape(UInt16(scalar.value), uppercase: true)
        case " "..."~", "\u{7F}": json.unicodeScalars.append(scalar)
        default: json += String(scalar).utf16.map { unicodeEscape($0, uppercase: false) }.joined()
        }
    }
    json += "\""
}
