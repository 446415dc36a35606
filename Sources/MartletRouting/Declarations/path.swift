public import MartletHTTP

/// Declares a route: requests whose path matches the pattern go to the view.
///
/// ```swift
/// path("archive/<int:year>/", archive, name: "archive")
///
/// func archive(_ request: Request, year: Int) async throws -> Response { … }
/// ```
///
/// The view takes the parameters of the pattern in their order, and of its `include` prefixes before them. Count and
/// types are compared when the ``RouteTable`` is built; a difference is a ``RouteProblem`` that names this line.
///
/// - Parameters:
///   - pattern: Text and `<converter:name>` parameters, relative to the root or to the prefix it is included under.
///   - view: Answers the request.
///   - name: The name to reverse by.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
public func path<each Parameter: PathParameter>(
    _ pattern: String,
    _ view: @escaping @Sendable (Request, repeat each Parameter) async throws -> Response,
    name: String? = nil,
    file: String = #fileID,
    line: Int = #line
) -> Route {
    Route(pattern: pattern, name: name, content: .view(ViewBinding(view)), file: file, line: line)
}
