public import MartletHTTP

extension Request {
    /// The address of a route, made from its name and the values of its parameters in order.
    ///
    /// ```swift
    /// try request.reverse("polls:detail", 7, query: ["page": 2])   // "/author-polls/7/?page=2"
    /// ```
    ///
    /// An application's name means the instance that the current page is in, and a route of another `host` gets a whole
    /// URL with the scheme and the port of this request. On a page of the same host, the parameters of the host may be
    /// left out.
    ///
    /// - Parameters:
    ///   - name: The name with its namespaces.
    ///   - arguments: A value, or its text, for each parameter of the pattern; of the host and the prefixes first.
    ///   - query: The query; none is added for no items.
    ///   - fragment: What stands behind `#`.
    ///   - currentApp: Another instance, with those around it, than that of the page.
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String, _ arguments: any PathParameter..., query: QueryItems = [:], fragment: String? = nil,
        currentApp: String? = nil
    ) throws(ReverseError) -> String {
        let call = ReverseCall(name, texts: arguments.map(\.pathSegment), query, fragment)
        return try address(call, currentApp: currentApp)
    }

    /// The address of a route, made from its name and the values of its parameters by name.
    ///
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String, _ arguments: [String: any PathParameter], query: QueryItems = [:], fragment: String? = nil,
        currentApp: String? = nil
    ) throws(ReverseError) -> String {
        let call = ReverseCall(name, texts: arguments.mapValues(\.pathSegment), query, fragment)
        return try address(call, currentApp: currentApp)
    }

    /// As ``reverse(_:_:query:fragment:currentApp:)-(String,_,_,_,_)`` with texts, which each converter must match: what
    /// templates have.
    ///
    /// - Throws: ``ReverseError``, also for texts of both kinds.
    package func reverse(_ name: String, texts: [String], named: [String: String]) throws(ReverseError) -> String {
        if named.isEmpty { return try address(ReverseCall(name, texts: texts), currentApp: nil) }
        guard texts.isEmpty else { throw ReverseError(name: name, reason: .mixedArguments) }
        return try address(ReverseCall(name, texts: named), currentApp: nil)
    }

    private func address(_ call: ReverseCall, currentApp: String?) throws(ReverseError) -> String {
        guard let table = storage[RouteResolution.self]?.table ?? RouteTable.current else {
            throw ReverseError(name: call.name, reason: .noTable)
        }
        var origin = ReverseOrigin(currentApp: currentApp)
        if currentApp == nil, let namespaces = route?.namespaces, !namespaces.isEmpty {
            origin.currentApp = namespaces.joined(separator: ":")
        }
        if table.hasHosts {
            origin.host = try? host
            origin.scheme = scheme
        }
        return try table.address(call, from: origin)
    }
}

/// The address of a route in the table of the running application, for code that has no request at hand.
///
/// - Throws: ``ReverseError``.
public func reverse(
    _ name: String, _ arguments: any PathParameter..., query: QueryItems = [:], fragment: String? = nil,
    currentApp: String? = nil
) throws(ReverseError) -> String {
    guard let table = RouteTable.current else { throw ReverseError(name: name, reason: .noTable) }
    let call = ReverseCall(name, texts: arguments.map(\.pathSegment), query, fragment)
    return try table.address(call, from: ReverseOrigin(currentApp: currentApp))
}

/// As ``reverse(_:_:query:fragment:currentApp:)-(String,_,_,_,_)``, with the values of the parameters by name.
///
/// - Throws: ``ReverseError``.
public func reverse(
    _ name: String, _ arguments: [String: any PathParameter], query: QueryItems = [:], fragment: String? = nil,
    currentApp: String? = nil
) throws(ReverseError) -> String {
    guard let table = RouteTable.current else { throw ReverseError(name: name, reason: .noTable) }
    let call = ReverseCall(name, texts: arguments.mapValues(\.pathSegment), query, fragment)
    return try table.address(call, from: ReverseOrigin(currentApp: currentApp))
}
