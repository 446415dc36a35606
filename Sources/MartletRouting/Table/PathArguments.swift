package import MartletHTTP

extension Request {
    /// What the parameters of the matched route stand for, in the view's order: for debug tools, which ask seldom, so the
    /// path is taken apart once more instead of keeping its parts for all requests.
    package var pathArguments: [(name: String, value: String)] {
        guard let match = storage[RouteResolution.self]?.match else { return [] }
        let route = match.route
        let hostValues = (try? host).flatMap { route.host?.match($0) } ?? []
        let pathValues = PathTaking(path: path).values(of: route.elements[...], from: 1) ?? []
        return Array(zip(route.info.parameterNames, hostValues + pathValues)).map { (name: $0, value: $1) }
    }
}

/// Takes a path apart by one pattern, each parameter as long as it can be and then shorter, as the search does.
private struct PathTaking {
    let path: String

    func values(of elements: ArraySlice<RouteElement>, from position: Int) -> [String]? {
        guard let element = elements.first else { return position == path.utf8.count ? [] : nil }
        switch element {
        case .cut: return values(of: elements.dropFirst(), from: position)
        case .literal(let text):
            guard path.utf8.dropFirst(position).starts(with: text) else { return nil }
            return values(of: elements.dropFirst(), from: position + text.count)
        case .parameter(let converter): return values(converter, elements.dropFirst(), from: position)
        case .regex(let pattern):
            let rest = path[path.utf8.index(path.startIndex, offsetBy: position)...]
            return pattern.match(rest)?.map { range in range.map { String(path[$0]) } ?? "" }
        }
    }

    private func values(
        _ converter: PathConverter, _ rest: ArraySlice<RouteElement>, from position: Int
    ) -> [String]? {
        guard let longest = converter.longestMatch(in: path.utf8Span.span, from: position) else { return nil }
        let shortest = min(longest, position + converter.length.lowerBound)
        for end in stride(from: longest, through: shortest, by: -1) {
            guard let values = values(of: rest, from: end) else { continue }
            return [String(decoding: path.utf8.dropFirst(position).prefix(end - position), as: UTF8.self)] + values
        }
        return nil
    }
}
