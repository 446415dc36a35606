/// Which piece of a request was refused, and by which rule: what a client's program can read of an error whose message
/// is for people.
///
/// ```json
/// {"detail": "The query parameter 'page' must be a whole number, but it is 'x'.", "field": "page", "rule": "integer"}
/// ```
public struct InputProblem: Sendable, Hashable {
    /// The name of the parameter, field, file or header field, or the path in JSON, such as `items[3].price`; `nil` when
    /// it is the whole that is wrong.
    public let field: String?

    /// What was asked of it.
    public let rule: Rule

    /// Makes a problem.
    public init(field: String?, rule: Rule) {
        self.field = field
        self.rule = rule
    }

    /// The name of a rule; those of limits are the names of ``RequestLimits``.
    public struct Rule: Sendable, Hashable, CustomStringConvertible {
        /// The name, in snake_case, or as the limit is spelt.
        public let description: String

        /// Makes a rule of an application.
        public init(_ name: String) { description = name }

        /// It must be there.
        public static let required = Rule("required")
        /// A whole number of 64 bits.
        public static let integer = Rule("integer")
        /// A number.
        public static let number = Rule("number")
        /// A decimal number of at most 38 digits.
        public static let decimal = Rule("decimal")
        /// `true` or `false`.
        public static let boolean = Rule("boolean")
        /// A UUID.
        public static let uuid = Rule("uuid")
        /// A day: `2026-01-31`.
        public static let date = Rule("date")
        /// A moment with its offset: `2026-01-31T09:05:00Z`.
        public static let dateTime = Rule("date_time")
        /// One of the values there are.
        public static let choice = Rule("choice")
        /// A number within bounds.
        public static let range = Rule("range")
        /// Text in UTF-8.
        public static let encoding = Rule("encoding")
        /// The grammar of the format.
        public static let syntax = Rule("syntax")
        /// A name stands once.
        public static let duplicate = Rule("duplicate")
        /// A value of the right type, such as an array.
        public static let type = Rule("type")
        /// A value that the type takes.
        public static let value = Rule("value")
        /// Content of a type that is read here.
        public static let mediaType = Rule("media_type")
    }
}

extension HTTPError {
    /// Makes an error about one piece of the request.
    ///
    /// ```swift
    /// throw HTTPError(badInput: "The query parameter 'to' must be after 'from'.", field: "to", rule: .range)
    /// ```
    ///
    /// - Parameters:
    ///   - message: A sentence that names the field and the rule.
    ///   - field: The field's name; `nil` when it is the whole that is wrong.
    ///   - rule: What was asked of it.
    ///   - status: 400 unless told.
    public init(
        badInput message: String, field: String?, rule: InputProblem.Rule, status: HTTPStatus = .badRequest
    ) {
        self.init(status, message)
        input = InputProblem(field: field, rule: rule)
    }
}
