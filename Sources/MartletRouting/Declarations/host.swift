/// Puts a table under a host: its routes answer only requests for that host.
///
/// ```swift
/// let siteURLs = URLs {
///     host("api.example.org", apiURLs)
///     host("<slug:tenant>.example.org", tenantURLs)
///     include("", mainURLs)
/// }
/// ```
///
/// | pattern | hosts |
/// | --- | --- |
/// | `api.example.org` | that host, at any port |
/// | `api.example.org:8443` | that host at that port |
/// | `<slug:tenant>.example.org` | one label in the place of the parameter, which goes to every view before its own |
/// | `<path:name>.example.org` | one label or more |
/// | `*.example.org` | every host below `example.org` |
/// | `.example.org` | `example.org` and every host below it, as in the allowed hosts |
///
/// What stands outside of a `host` answers on every host. The first route that matches wins, whether it has a host or not,
/// so the hosts usually come first, and what follows them is what the other hosts get.
///
/// - Parameters:
///   - pattern: The host. Letters of any case; a dot at the end does not count.
///   - urls: The table; its patterns begin at the root.
///   - namespace: The name of the instance, as in ``include(_:_:namespace:file:line:)``.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
public func host(
    _ pattern: String, _ urls: URLs, namespace: String? = nil, file: String = #fileID, line: Int = #line
) -> Route {
    Route(
        pattern: pattern, name: nil, content: .host(urls, namespace: namespace ?? urls.namespace), file: file,
        line: line)
}
