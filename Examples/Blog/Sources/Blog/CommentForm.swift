import Martlet

/// What a reader has typed, and what is wrong with it.
struct CommentForm: Sendable {
    private(set) var name = ""
    private(set) var body = ""
    private(set) var errors: [String: String] = [:]

    /// An empty form.
    init() {}

    /// The form as it was sent.
    init(_ fields: FormFields) {
        name = Self.trimmed(fields["name"])
        body = Self.trimmed(fields["body"])
        check("name", name, maxLength: 80)
        check("body", body, maxLength: 2000)
    }

    var isValid: Bool { errors.isEmpty }

    private mutating func check(_ field: String, _ text: String, maxLength: Int) {
        if text.isEmpty {
            errors[field] = "This field is required."
        } else if text.count > maxLength {
            errors[field] = "At most \(maxLength) characters; this has \(text.count)."
        }
    }

    private static func trimmed(_ text: String?) -> String {
        var text = Substring(text ?? "")
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension CommentForm: TemplateObject {
    var templateText: String { "comment form" }

    func templateMember(_ name: String) -> TemplateValue? {
        switch name {
        case "name": .string(self.name)
        case "body": .string(body)
        case "errors": errors.templateValue
        default: nil
        }
    }
}
