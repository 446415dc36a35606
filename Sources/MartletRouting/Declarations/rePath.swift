public import MartletHTTP

/// Declares a route by a regular expression, for what converters cannot say.
///
/// ```swift
/// rePath(/articles\/(\d{4})\/(?:page-(\d+)\/)?/, archive, name: "archive", reverse: "articles/<year>/page-<page>/")
///
/// func archive(_ request: Request, year: Int, page: Int?) async throws -> Response { … }
/// ```
///
/// The expression must match all that follows the root, or the prefixes of the includes, from its beginning to its end:
/// `^` and `$` are not needed. Its captures go to the view in their order, each read by the type the view takes; a capture
/// that need not take part in a match goes to an optional. Where a type refuses its text, the pattern does not match, and
/// the next one is tried. It compares Unicode scalars, so that no combining character hides a `/`.
///
/// **Time.** Each expression costs about a microsecond for each request that reaches it, and Swift's expressions backtrack:
/// one that can match a text in many ways, such as `(a+)+`, may need longer than any request lasts for a path of thirty
/// characters. Only so much is bounded: what is longer than ``RegexPattern/longestText`` bytes does not match, and a
/// repetition inside a repetition is reported when the table is built. Use converters where they can say it.
///
/// - Parameters:
///   - regex: The expression, as a literal, made by `RegexBuilder`, or by `Regex(_:as:)`. It is made once for each thread
///     that matches at the same time, because Swift's expressions may not be shared by threads.
///   - view: Answers the request.
///   - name: The name to reverse by.
///   - reverse: The path to make when the name is reversed: text with one `<name>` for each capture, in their order.
///     Without it the name cannot be reversed. What is made must be matched by the expression.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
///
/// Source: Django, [`re_path()`](https://docs.djangoproject.com/en/5.2/ref/urls/#re-path).
public func rePath<Output, each Parameter: PathParameter>(
    _ regex: @autoclosure @escaping @Sendable () -> Regex<Output>,
    _ view: @escaping @Sendable (Request, repeat each Parameter) async throws -> Response,
    name: String? = nil,
    reverse: String? = nil,
    file: String = #fileID,
    line: Int = #line
) -> Route {
    let pattern = RegexPattern(regex, reverse: reverse)
    return Route(
        pattern: pattern.text, name: name, content: .regex(pattern, ViewBinding(view)), file: file, line: line)
}
