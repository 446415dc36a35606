/// Why no address could be made from a name.
public struct ReverseError: Error, Sendable, CustomStringConvertible {
    /// What was wrong.
    public enum Reason: Sendable, Hashable {
        /// No route has the name; some have a similar one.
        case unknownName(similar: [String])
        /// The name exists, but none of its patterns takes these arguments.
        case argumentsDoNotFit(given: [String], patterns: [String])
        /// The name stands for regular expressions only, and nothing says what they match.
        case onlyExpressions(patterns: [String])
        /// The route answers on every host of a pattern, and the current page is on none of them.
        case noHost(pattern: String)
        /// A template gives arguments with and without names.
        case mixedArguments
        /// There is no table: the code runs outside of a request, and ``RouteTable/current`` is not bound.
        case noTable
    }

    /// The name that was asked for.
    public let name: String
    /// What was wrong.
    public let reason: Reason

    package init(name: String, reason: Reason) {
        self.name = name
        self.reason = reason
    }

    /// What was wrong, the candidates, and what to do.
    public var description: String {
        switch reason {
        case .unknownName(let similar) where similar.isEmpty:
            "No route is named '\(name)'. Names include their namespace, as in 'blog:post-detail'."
        case .unknownName(let similar):
            "No route is named '\(name)'. Did you mean \(similar.map { "'\($0)'" }.joined(separator: " or "))?"
        case .argumentsDoNotFit(let given, let patterns):
            "'\(name)' cannot be reversed with \(given.isEmpty ? "no arguments" : given.joined(separator: ", ")). "
                + "It stands for \(patterns.map { "'\($0)'" }.joined(separator: ", "))."
        case .onlyExpressions(let patterns):
            "'\(name)' cannot be reversed: it stands for \(patterns.map { "/\($0)/" }.joined(separator: ", ")), "
                + "and an expression does not tell what it matches. Add reverse: \"…\" to its rePath."
        case .noHost(let pattern):
            "'\(name)' cannot be reversed here: it answers on every host of '\(pattern)', and this page is on none. "
                + "Use a parameter in the place of the '*'."
        case .mixedArguments:
            "'\(name)' cannot be reversed with some arguments by name and some without. Use one way for all."
        case .noTable:
            "'\(name)' cannot be reversed here: no route table is bound. Use request.reverse in a view, "
                + "or run the code inside the application."
        }
    }
}
