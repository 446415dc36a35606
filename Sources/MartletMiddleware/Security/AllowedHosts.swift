public import MartletHTTP

/// Refuses requests for hosts that are not this site's, with 400.
///
/// Any client can send any `Host`; a link made from it, such as one in a mail that resets a password, would lead
/// anywhere.
///
/// | pattern | hosts |
/// | --- | --- |
/// | `example.com` | that host |
/// | `.example.com` | that host and all below it |
/// | `[::1]`, `127.0.0.1` | that address |
/// | `*` | every host |
///
/// The port does not count, nor a dot at the end.
///
/// Source: Django, [`ALLOWED_HOSTS`](https://docs.djangoproject.com/en/5.2/ref/settings/#allowed-hosts).
public struct AllowedHosts: OrderedMiddleware {
    private let exact: Set<String>
    private let suffixes: [String]
    private let allowsAll: Bool

    /// Makes the layer. Without patterns nothing is allowed.
    public init(_ patterns: [String]) {
        let patterns = patterns.map { $0.lowercased() }
        allowsAll = patterns.contains("*")
        suffixes = patterns.filter { $0.hasPrefix(".") }
        exact = Set(patterns.filter { !$0.hasPrefix(".") } + suffixes.map { String($0.dropFirst()) })
    }

    /// This machine under its usual names, for development.
    public static let local = AllowedHosts([".localhost", "127.0.0.1", "[::1]"])

    /// Whether a host is allowed.
    public func contains(_ host: RequestHost) -> Bool {
        if allowsAll || exact.contains(host.name) { return true }
        let name = host.name.hasSuffix(".") ? host.name.dropLast() : host.name[...]
        return exact.contains(String(name)) || suffixes.contains { name.hasSuffix($0) }
    }

    /// Passes on a request for an allowed host.
    ///
    /// - Throws: ``HTTPError`` 400 for another host, and for a malformed one.
    public func respond(to request: Request, next: Handler) async throws -> Response {
        let host = try request.host
        guard contains(host) || ProbeRoute.isAskedFor(by: request) else {
            throw HTTPError(
                .badRequest, "The host '\(host.name)' is not served here. Add it to the allowed hosts if it should be.")
        }
        return try await next(request)
    }
}
