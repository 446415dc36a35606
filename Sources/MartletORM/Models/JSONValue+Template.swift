import FoundationEssentials
import MartletJSON
import MartletTemplates

extension TemplateValue {
    /// A document of JSON as templates see it: objects and arrays with their members.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .int(number)
        case .double(let number): self = .double(number)
        case .bigNumber(let digits): self = ExactDecimal(digits).map { .decimal($0.decimal) } ?? .string(digits)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map(TemplateValue.init))
        case .object(let object):
            self = .dictionary(TemplateDictionary(object.map { ($0.name, TemplateValue($0.value)) }))
        }
    }
}
