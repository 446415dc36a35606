package import MartletJSON

extension JSON {
    /// What a client that prefers JSON is told of an error: `{"detail":"…"}` as Django REST framework says it, and of bad
    /// input `field` and `rule` behind it.
    package static func errorBody(_ message: String, _ input: InputProblem?) -> [UInt8] {
        JSON.object { body in
            body.field("detail", message)
            guard let input else { return }
            if let field = input.field { body.field("field", field) }
            body.field("rule", input.rule.description)
        }
    }
}
