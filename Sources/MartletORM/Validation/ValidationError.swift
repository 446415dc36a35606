/// What is wrong with a model's values: every problem at once, each with its field.
///
/// ```swift
/// throw ValidationError("This title is not allowed.")
/// throw ValidationError(\Post.title, "This title is not allowed.", code: "spam")
/// ```
///
/// Source: [Django, validating objects](https://docs.djangoproject.com/en/5.2/ref/models/instances/#validating-objects).
public struct ValidationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The problems, in the order of the fields; those of no one field come last.
    public private(set) var problems: [ValidationProblem]

    /// Makes an error of several problems.
    public init(_ problems: [ValidationProblem]) {
        self.problems = problems
    }

    /// Makes an error that belongs to no field, or to the one that is being validated.
    ///
    /// - Parameters:
    ///   - message: A sentence for the person who has entered the value.
    ///   - code: A word for programs.
    public init(_ message: String, code: String = "invalid") {
        problems = [ValidationProblem(field: nil, message: message, code: code)]
    }

    /// Makes an error that belongs to a field.
    ///
    /// - Parameters:
    ///   - property: The field's property.
    ///   - message: A sentence for the person who has entered the value.
    ///   - code: A word for programs.
    public init<M: Model>(_ property: PartialKeyPath<M>, _ message: String, code: String = "invalid") {
        problems = [ValidationProblem(field: M.fieldName(property), message: message, code: code)]
    }

    /// The messages by field name in snake_case; those of no one field stand under `__all__`, as in Django.
    public var messages: [String: [String]] {
        Dictionary(grouping: problems) { $0.field ?? "__all__" }.mapValues { $0.map(\.message) }
    }

    /// The messages of one property.
    public func messages<M: Model>(for property: PartialKeyPath<M>) -> [String] {
        let name = M.fieldName(property)
        return problems.filter { $0.field == name }.map(\.message)
    }

    /// The problems, each with its field.
    public var description: String {
        problems.map { problem in problem.field.map { "\($0): \(problem.message)" } ?? problem.message }
            .joined(separator: " ")
    }
}

/// One thing that is wrong with a model's values.
public struct ValidationProblem: Sendable, Hashable {
    /// The field's name in snake_case; `nil` when it is not one field alone.
    public let field: String?

    /// A sentence for the person who has entered the value.
    public let message: String

    /// A word for programs, as Django has it: `blank`, `max_length`, `unique`.
    public let code: String

    /// Makes a problem.
    public init(field: String?, message: String, code: String) {
        self.field = field
        self.message = message
        self.code = code
    }
}
