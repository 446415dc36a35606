import Foundation
import MartletJSON
import MartletTemplates
import Testing

/// A template with what Django makes of it; `Django/expect.py` wrote it down.
struct DjangoCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let templates: [String: String]
    let context: TemplateContext
    /// nil: Django refuses the template.
    let expected: String?

    static func load(_ group: String) throws -> [DjangoCase] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let text = try Data(contentsOf: folder.appending(path: "Django/\(group).json"))
        return try #require(JSON.parse(Array(text)).arrayValue).map(DjangoCase.init)
    }

    private init(_ json: JSONValue) throws {
        testDescription = try #require(json["name"]?.stringValue)
        var templates: [String: String] = [:]
        for (name, text) in try #require(json["templates"]?.objectValue) { templates[name] = text.stringValue }
        self.templates = templates
        var context = TemplateContext()
        for (name, value) in try #require(json["context"]?.objectValue) { context[name] = try templateValue(value) }
        self.context = context
        expected = json["expected"]?.stringValue
        #expect((expected == nil) == (json["error"] != nil), "\(testDescription) expects neither text nor an error")
    }

    func check() {
        let engine = TemplateEngine(loaders: [.memory(templates)])
        do {
            let text = try engine.renderText("page", context)
            #expect(text == expected, "\(templates["page"] ?? "")")
        } catch {
            #expect(expected == nil, "\(error)")
        }
    }
}

private func templateValue(_ json: JSONValue) throws -> TemplateValue {
    switch json {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .double(let value): return .double(value)
    case .bigNumber(let text): return try .double(#require(Double(text)))
    case .string(let text): return .string(text)
    case .array(let values): return try .list(values.map(templateValue))
    case .object(let values):
        if let text = values["$safe"]?.stringValue { return .safe(text) }
        if let text = values["$decimal"]?.stringValue { return try .decimal(#require(Decimal(string: text))) }
        if let text = values["$uuid"]?.stringValue { return try .uuid(#require(UUID(uuidString: text))) }
        if let text = values["$date"]?.stringValue { return try .date(date(text)) }
        return try .dictionary(TemplateDictionary(values.map { ($0.name, try templateValue($0.value)) }))
    }
}

/// `2026-01-31T09:05:03.000120+00:00`
func date(_ text: String) throws -> Date {
    let whole = text.prefix(19) + text.suffix(6)
    let fraction = text.count > 25 ? Double("0" + text.dropFirst(19).dropLast(6)) ?? 0 : 0
    return try Date(String(whole), strategy: .iso8601).addingTimeInterval(fraction)
}

/// Renders a single template.
func rendered(
    _ text: String, _ context: TemplateContext = [:], library: TemplateLibrary = .standard,
    services: TemplateServices = TemplateServices(), undefined: TemplateEngine.Undefined = .empty
) throws -> String {
    try TemplateEngine(loaders: [.memory(["page": text])], library: library, undefined: undefined)
        .renderText("page", context, services: services)
}

/// The error of a template that must not render.
func failure(
    _ text: String, _ context: TemplateContext = [:], library: TemplateLibrary = .standard,
    undefined: TemplateEngine.Undefined = .empty, sourceLocation: SourceLocation = #_sourceLocation
) -> String {
    do {
        let text = try rendered(text, context, library: library, undefined: undefined)
        Issue.record("rendered to \(text)", sourceLocation: sourceLocation)
        return ""
    } catch {
        return "\(error)"
    }
}
