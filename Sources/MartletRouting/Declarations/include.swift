/// Puts a table under a prefix, which may have parameters.
///
/// ```swift
/// include("author-polls/", pollsURLs, namespace: "author-polls")
/// include("publisher-polls/", pollsURLs, namespace: "publisher-polls")
/// ```
///
/// The namespace of a table (``URLs/namespace``) names the application; `namespace` names this instance of it, so that
/// the table can be included several times. Names are reversed with either: `author-polls:index` is the page of that
/// instance, and `polls:index` that of the instance in which the current page is, else of the one that is named like the
/// application, else of the last one declared.
///
/// - Parameters:
///   - prefix: Usually ends with `/`; its parameters go to every view of the table, before the view's own.
///   - urls: The table.
///   - namespace: The name of the instance; that of the application unless told.
///   - file: The place of the declaration; leave it out.
///   - line: The line of the declaration; leave it out.
///
/// Source: Django, [URL namespaces](https://docs.djangoproject.com/en/5.2/topics/http/urls/#url-namespaces).
public func include(
    _ prefix: String, _ urls: URLs, namespace: String? = nil, file: String = #fileID, line: Int = #line
) -> Route {
    Route(
        pattern: prefix, name: nil, content: .urls(urls, namespace: namespace ?? urls.namespace), file: file, line: line
    )
}
