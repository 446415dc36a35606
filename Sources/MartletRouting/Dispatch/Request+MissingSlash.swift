package import MartletHTTP

extension Request {
    /// The path with a slash behind it, where no route matches the path but one matches that.
    package var pathWithMissingSlash: String? {
        guard case .noMatch(let table) = storage[RouteResolution.self], !path.hasSuffix("/") else { return nil }
        let candidate = path + "/"
        return table.match(candidate) == nil ? nil : candidate
    }
}
