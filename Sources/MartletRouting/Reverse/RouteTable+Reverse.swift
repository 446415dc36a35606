public import MartletHTTP

extension RouteTable {
    /// The address of a route, made from its name and the values of its parameters in order.
    ///
    /// ```swift
    /// try table.reverse("blog:archive", 2026)                                   // "/blog/archive/2026/"
    /// try table.reverse("blog:archive", 2026, query: ["page": 2], fragment: "top")  // "/blog/archive/2026/?page=2#top"
    /// ```
    ///
    /// - Parameters:
    ///   - name: The name with its namespaces, those of instances or of applications.
    ///   - arguments: A value, or its text, for each parameter of the pattern; of the host and the prefixes first.
    ///   - query: The query; none is added for no items.
    ///   - fragment: What stands behind `#`, percent-encoded where it must be.
    ///   - currentApp: The instance, with those around it, that an application's name means: `author-polls`.
    /// - Returns: The path; for a route of a `host`, `//` and the host before it.
    /// - Throws: ``ReverseError``.
    ///
    /// Source: Django, [`reverse()`](https://docs.djangoproject.com/en/5.2/ref/urlresolvers/#reverse).
    public func reverse(
        _ name: String, _ arguments: any PathParameter..., query: QueryItems = [:], fragment: String? = nil,
        currentApp: String? = nil
    ) throws(ReverseError) -> String {
        let call = ReverseCall(name, texts: arguments.map(\.pathSegment), query, fragment)
        return try address(call, from: ReverseOrigin(currentApp: currentApp))
    }

    /// The address of a route, made from its name and the values of its parameters by name.
    ///
    /// - Throws: ``ReverseError``.
    public func reverse(
        _ name: String, _ arguments: [String: any PathParameter], query: QueryItems = [:], fragment: String? = nil,
        currentApp: String? = nil
    ) throws(ReverseError) -> String {
        let call = ReverseCall(name, texts: arguments.mapValues(\.pathSegment), query, fragment)
        return try address(call, from: ReverseOrigin(currentApp: currentApp))
    }

    /// As ``reverse(_:_:query:fragment:currentApp:)-(String,_,_,_,_)`` with texts, which each converter must match.
    ///
    /// - Throws: ``ReverseError``.
    package func reverse(_ name: String, texts: [String]) throws(ReverseError) -> String {
        try address(ReverseCall(name, texts: texts), from: ReverseOrigin(currentApp: nil))
    }

    /// The address that a call asks for.
    func address(_ call: ReverseCall, from origin: ReverseOrigin) throws(ReverseError) -> String {
        guard let candidates = namespaces.routes(named: call.name, currentApp: origin.currentApp) else {
            throw ReverseError(name: call.name, reason: .unknownName(similar: similarNames(to: call.name)))
        }
        for index in candidates {
            if let address = try compiled[index].address(call, from: origin) { return address + call.suffix }
        }
        let patterns = candidates.map { compiled[$0].info.shownPattern }
        if candidates.allSatisfy({ compiled[$0].isIrreversible }) {
            throw ReverseError(name: call.name, reason: .onlyExpressions(patterns: patterns))
        }
        throw ReverseError(name: call.name, reason: .argumentsDoNotFit(given: call.given, patterns: patterns))
    }

    /// What is wrong with a `{% url %}` of a template, as far as it can be known without values.
    ///
    /// - Parameters:
    ///   - positional: How many arguments without a name it has.
    ///   - keywords: The names of the others.
    package func problem(reversing name: String, positional: Int, keywords: [String]) -> ReverseError? {
        guard let candidates = namespaces.routes(named: name, currentApp: nil) else {
            return ReverseError(name: name, reason: .unknownName(similar: similarNames(to: name)))
        }
        let fits = candidates.contains { index in
            let names = compiled[index].info.parameterNames
            let own = names.dropFirst(compiled[index].host?.parameterCount ?? 0)
            return [names[...], own].contains { names in
                keywords.isEmpty ? names.count == positional : positional == 0 && Set(names) == Set(keywords)
            }
        }
        if fits { return nil }
        let given = keywords.map { "\($0)=…" } + (0..<positional).map { "argument \($0 + 1)" }
        return ReverseError(
            name: name,
            reason: .argumentsDoNotFit(given: given, patterns: candidates.map { compiled[$0].info.shownPattern }))
    }

    /// Names that end alike (in another namespace), or that begin alike.
    private func similarNames(to name: String) -> [String] {
        let tail = name.split(separator: ":").last ?? ""
        let similar = Set(compiled.compactMap(\.info.name)).filter { other in
            let otherTail = other.split(separator: ":").last ?? ""
            return otherTail == tail || (tail.count > 2 && (otherTail.hasPrefix(tail.prefix(3))))
        }
        return similar.sorted().prefix(5).map(\.self)
    }
}

extension CompiledRoute {
    /// Whether nothing tells what its regular expression matches.
    fileprivate var isIrreversible: Bool {
        if case .regex(let regex) = elements.last { regex.reverse == nil } else { false }
    }

    /// The address for a call; `nil` when its arguments do not fit.
    fileprivate func address(_ call: ReverseCall, from origin: ReverseOrigin) throws(ReverseError) -> String? {
        guard let host else { return call.values(info.parameterNames[...]).flatMap { path($0[...]) } }
        let current = origin.host.flatMap { host.match($0) }
        let count = host.parameterCount
        // On a page of the same host its own parameters need not be said again.
        let own = current.flatMap { current in call.values(info.parameterNames.dropFirst(count)).map { current + $0 } }
        guard let values = call.values(info.parameterNames[...]) ?? own, let path = path(values.dropFirst(count)) else {
            return nil
        }
        let hostValues = Array(values.prefix(count))
        if hostValues == current { return path }
        guard let target = host.host(hostValues) else {
            if host.below == .onlyBelow { throw ReverseError(name: call.name, reason: .noHost(pattern: host.text)) }
            return nil
        }
        let port = (target.port ?? origin.host?.port).map { ":\($0)" } ?? ""
        return "\(origin.scheme.map { "\($0):" } ?? "")//\(target.name)\(port)\(path)"
    }

    /// The percent-encoded path with these texts; `nil` when a converter does not match its text.
    private func path(_ values: ArraySlice<String>) -> String? {
        var path = "/"
        var values = values
        for element in elements {
            switch element {
            case .literal(let bytes):
                path += String(decoding: bytes, as: UTF8.self)
            case .parameter(let converter):
                guard let value = values.popFirst(), converter.matchesWhole(value) else { return nil }
                path += value
            case .regex(let regex):
                guard let text = regex.text(with: values) else { return nil }
                path += text
            case .cut:
                break
            }
        }
        return PathEncoding.encode(path)
    }
}
