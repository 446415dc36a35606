/// Where a layer must stand beside another; see ``OrderedMiddleware``.
public struct MiddlewareOrder: Sendable {
    enum Side: Sendable { case inside, outside }

    let side: Side
    let other: any Middleware.Type
    let isRequired: Bool
    let reason: String

    /// The layer must stand further in than another, which comes before it in the list.
    ///
    /// - Parameters:
    ///   - other: The type of the other layer.
    ///   - isRequired: Whether the other must be there; else it counts only where it is.
    ///   - reason: Why, as it stands behind "because" in the message.
    public static func inside(
        _ other: any Middleware.Type, isRequired: Bool = false, because reason: String
    ) -> MiddlewareOrder {
        MiddlewareOrder(side: .inside, other: other, isRequired: isRequired, reason: reason)
    }

    /// The layer must stand further out than another, which comes after it in the list.
    ///
    /// - Parameters:
    ///   - other: The type of the other layer.
    ///   - reason: Why, as it stands behind "because" in the message.
    public static func outside(_ other: any Middleware.Type, because reason: String) -> MiddlewareOrder {
        MiddlewareOrder(side: .outside, other: other, isRequired: false, reason: reason)
    }

    /// What is wrong with the order of some layers, the outermost first: each wrong pair once, and what stands there
    /// twice or not at all.
    public static func problems(in layers: [any Middleware]) -> [MiddlewareProblem] {
        let types: [any Middleware.Type] = layers.map { type(of: $0) }
        var problems: [MiddlewareProblem] = []
        for (place, type) in types.enumerated() {
            guard let ordered = type as? any OrderedMiddleware.Type else { continue }
            if !ordered.mayRepeat, types[..<place].contains(where: { $0 == type }) {
                problems.append(.repeated(type))
                continue
            }
            for rule in ordered.order {
                guard let problem = rule.problem(with: type, at: place, in: types) else { continue }
                if !problems.contains(where: { $0.isAboutSamePair(as: problem) }) { problems.append(problem) }
            }
        }
        return problems
    }

    private func problem(
        with type: any Middleware.Type, at place: Int, in types: [any Middleware.Type]
    ) -> MiddlewareProblem? {
        guard let otherPlace = types.firstIndex(where: { $0 == other }) else {
            return isRequired ? .missing(other, neededBy: type, reason) : nil
        }
        switch side {
        case .inside: return otherPlace < place ? nil : .misplaced(other, mustBeOutside: type, reason)
        case .outside: return otherPlace > place ? nil : .misplaced(type, mustBeOutside: other, reason)
        }
    }
}
