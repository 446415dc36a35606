package import MartletHTTP

/// How far a route's pattern agreed with a path that no route matches; the debug page shows it.
package struct RouteAttempt: Sendable {
    /// The route.
    package let route: RouteInfo

    /// How much of the path agreed with the beginning of the pattern; at least the `/` of the root.
    package let matched: String
}

extension RouteTable {
    /// What became of each route, in the order they are tried.
    package func attempts(at path: String) -> [RouteAttempt] {
        compiled.map { route in
            let length = Self.agreement(of: route.elements, with: path)
            return RouteAttempt(route: route.info, matched: String(decoding: path.utf8.prefix(length), as: UTF8.self))
        }
    }

    /// How many bytes agree, each parameter taken as long as it can be.
    private static func agreement(of elements: [RouteElement], with path: String) -> Int {
        let bytes = path.utf8Span.span
        var position = min(1, bytes.count)
        for element in elements {
            if case .literal(let text) = element {
                var agreed = 0
                while agreed < text.count, position < bytes.count, bytes[position] == text[agreed] {
                    agreed += 1
                    position += 1
                }
                if agreed < text.count { return position }
            } else if case .parameter(let converter) = element {
                guard let end = converter.longestMatch(in: bytes, from: position) else { return position }
                position = end
            }
        }
        return position
    }
}

extension RouteMatch {
    /// The table of a request, whether or not one of its routes matches.
    package static func table(of request: Request) -> RouteTable? { request.storage[RouteResolution.self]?.table }
}
