package import MartletHTTP

extension Request {
    /// The path with a slash behind it, where no route has the path without it and some route has the one with it.
    package var pathWithMissingSlash: String? {
        guard case .noMatch(let table) = storage[RouteResolution.self], !path.hasSuffix("/") else { return nil }
        let longer = path + "/"
        return table.match(longer, host: storage[RoutedHost.self]) == nil ? nil : longer
    }
}
