public import MartletHTTP

extension RouteTable {
    /// The path of a route, made from its name and the values of its parameters in order.
    ///
    /// ```swift
    /// try table.reverse("blog:archive", 2026)   // "/blog/archive/2026/"
    /// ```
    ///
    /// - Parameters:
    ///   - name: The name with its namespaces.
    ///   - arguments: A value, or its text, for each parameter of the pattern, prefixes of includes first.
    /// - Throws: ``ReverseError``.
    ///
    /// Source: Django, [`reverse()`](https://docs.djangoproject.com/en/5.2/ref/urlresolvers/#reverse).
    public func reverse(_ name: String, _ arguments: any PathParameter...) throws(ReverseError) -> String {
        try reverse(name, texts: arguments.map(\.pathSegment))
    }

    /// The path of a route, made from its name and the values of its parameters by name.
    ///
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String, _ arguments: [String: any PathParameter]
    ) throws(ReverseError) -> String {
        try reverse(name, texts: arguments.mapValues(\.pathSegment))
    }

    /// As ``reverse(_:_:)-(String,_)`` with texts, which each converter must match: what templates have.
    package func reverse(_ name: String, texts: [String]) throws(ReverseError) -> String {
        try path(named: name, given: texts.map { "'\($0)'" }) { route in
            route.parameterNames.count == texts.count ? texts : nil
        }
    }

    /// As ``reverse(_:_:)-(String,_)`` with texts by parameter name: what templates have.
    package func reverse(_ name: String, texts: [String: String]) throws(ReverseError) -> String {
        let given = texts.sorted { $0.key < $1.key }.map { "\($0.key): '\($0.value)'" }
        return try path(named: name, given: given) { route in
            let values = route.parameterNames.compactMap { texts[$0] }
            return route.parameterNames.count == texts.count && values.count == texts.count ? values : nil
        }
    }

    private func path(
        named name: String, given: [String], _ values: (CompiledRoute) -> [String]?
    ) throws(ReverseError) -> String {
        guard let candidates = names[name] else {
            throw ReverseError(name: name, reason: .unknownName(similar: similarNames(to: name)))
        }
        for index in candidates {
            if let values = values(compiled[index]), let path = compiled[index].path(values) { return path }
        }
        throw ReverseError(
            name: name,
            reason: .argumentsDoNotFit(given: given, patterns: candidates.map { compiled[$0].info.pattern }))
    }

    /// Names that end alike (in another namespace), or that begin alike.
    private func similarNames(to name: String) -> [String] {
        let tail = name.split(separator: ":").last ?? ""
        let similar = names.keys.filter { other in
            let otherTail = other.split(separator: ":").last ?? ""
            return otherTail == tail || (tail.count > 2 && (otherTail.hasPrefix(tail.prefix(3))))
        }
        return similar.sorted().prefix(5).map(\.self)
    }
}

extension CompiledRoute {
    /// The percent-encoded path with these texts; `nil` when a converter does not match its text.
    fileprivate func path(_ values: [String]) -> String? {
        var path = "/"
        var next = 0
        for element in elements {
            switch element {
            case .literal(let bytes):
                path += String(decoding: bytes, as: UTF8.self)
            case .parameter(let converter):
                guard converter.matchesWhole(values[next]) else { return nil }
                path += values[next]
                next += 1
            case .cut:
                break
            }
        }
        return PathEncoding.encode(path)
    }
}

/// Why no path could be made from a name.
public struct ReverseError: Error, Sendable, CustomStringConvertible {
    /// What was wrong.
    public enum Reason: Sendable, Hashable {
        /// No route has the name; some have a similar one.
        case unknownName(similar: [String])
        /// The name exists, but none of its patterns takes these arguments.
        case argumentsDoNotFit(given: [String], patterns: [String])
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
        case .noTable:
            "'\(name)' cannot be reversed here: no route table is bound. Use request.reverse in a view, "
                + "or run the code inside the application."
        }
    }
}

extension Request {
    /// The path of a route, made from its name and the values of its parameters in order.
    ///
    /// - Throws: ``ReverseError``.
    public func reverse(_ name: String, _ arguments: any PathParameter...) throws(ReverseError) -> String {
        guard let table = storage[RouteResolution.self]?.table ?? RouteTable.current else {
            throw ReverseError(name: name, reason: .noTable)
        }
        return try table.reverse(name, texts: arguments.map(\.pathSegment))
    }
}

/// The path of a route in the table of the running application, for code that has no request at hand.
///
/// - Throws: ``ReverseError``.
public func reverse(_ name: String, _ arguments: any PathParameter...) throws(ReverseError) -> String {
    guard let table = RouteTable.current else { throw ReverseError(name: name, reason: .noTable) }
    return try table.reverse(name, texts: arguments.map(\.pathSegment))
}
