/// Something wrong with the order of a site's layers.
public struct MiddlewareProblem: Sendable, Hashable, CustomStringConvertible {
    /// Names the kind of problem: `middleware.E001` for a wrong order, `E002` for a layer that stands there twice,
    /// `E003` for one that is missing.
    public let id: String

    /// What is wrong, with the layers involved, and why it matters.
    public let message: String

    /// What to do about it.
    public let remedy: String

    /// The names of the layers, so that two that each ask for their side are told once.
    private let names: Set<String>

    /// `middleware.E001: … (remedy)`.
    public var description: String { "\(id): \(message) \(remedy)" }

    static func misplaced(
        _ outer: any Middleware.Type, mustBeOutside inner: any Middleware.Type, _ reason: String
    ) -> MiddlewareProblem {
        MiddlewareProblem(
            id: "middleware.E001", message: "\(outer) stands after \(inner) but must come first, because \(reason).",
            remedy: "Move \(outer) above \(inner) in the site's middleware.", names: ["\(outer)", "\(inner)"])
    }

    static func repeated(_ type: any Middleware.Type) -> MiddlewareProblem {
        MiddlewareProblem(
            id: "middleware.E002", message: "\(type) stands there more than once.",
            remedy: "Remove all but one from the site's middleware.", names: ["\(type)"])
    }

    static func missing(
        _ other: any Middleware.Type, neededBy type: any Middleware.Type, _ reason: String
    ) -> MiddlewareProblem {
        MiddlewareProblem(
            id: "middleware.E003", message: "\(type) needs \(other), because \(reason).",
            remedy: "Put \(other) above \(type) in the site's middleware.", names: ["\(other)", "\(type)"])
    }

    func isAboutSamePair(as other: MiddlewareProblem) -> Bool {
        id == other.id && names == other.names
    }
}

/// Why a site does not start: its layers stand in an order that cannot be right.
public struct MiddlewareOrderError: Error, Sendable, CustomStringConvertible {
    /// All that is wrong.
    public let problems: [MiddlewareProblem]

    /// Makes an error.
    public init(problems: [MiddlewareProblem]) {
        self.problems = problems
    }

    /// One problem a line.
    public var description: String {
        (["The order of the middleware is wrong:"] + problems.map { "  - \($0)" }).joined(separator: "\n")
    }
}
