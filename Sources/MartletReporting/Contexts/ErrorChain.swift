/// An error and the errors below it that have caused it.
package struct ErrorChain: Sendable {
    /// One error of the chain.
    package struct Link: Sendable, Hashable {
        /// The type with its module: `Blog.PostError`.
        package let type: String
        /// What the error says of itself.
        package let message: String
    }

    /// The error itself first.
    package let links: [Link]

    /// No chain is longer than this.
    private static let limit = 10

    /// Follows properties that hold an error under one of the usual names, and the errors in cases of an enum.
    package init(_ error: any Error) {
        var links: [Link] = []
        var next: (any Error)? = error
        while let error = next, links.count < Self.limit {
            links.append(Link(type: String(reflecting: type(of: error)), message: "\(error)"))
            next = Self.cause(of: error)
        }
        self.links = links
    }

    private static let names: Set<String> = ["cause", "underlying", "underlyingError", "error", "reason"]

    private static func cause(of error: any Error) -> (any Error)? {
        let mirror = Mirror(reflecting: error)
        for child in mirror.children {
            guard mirror.displayStyle == .enum || names.contains(child.label ?? "") else { continue }
            if let found = value(of: child.value) { return found }
        }
        return nil
    }

    /// The error that a value is, holds as an optional, or has among the values of an enum's case.
    private static func value(of value: Any) -> (any Error)? {
        if let error = value as? any Error { return error }
        let mirror = Mirror(reflecting: value)
        guard mirror.displayStyle == .optional || mirror.displayStyle == .tuple else { return nil }
        return mirror.children.lazy.compactMap { $0.value as? any Error }.first
    }
}
