public import MartletHTTP
import MartletJSON
public import MartletORM
import MartletShortcuts

/// Reads the page that a request asks for and answers it in Django REST framework's envelope.
///
/// ```swift
/// func posts(_ request: Request) async throws -> Response {
///     try await paginate(Post.objects.published.selectRelated { $0.author }, request, with: postSerializer)
/// }
/// ```
///
/// ```json
/// {"count": 192, "next": "http://example.org/api/posts/?page=3", "previous": null, "results": [{"title": "…"}]}
/// ```
///
/// - Parameters:
///   - query: The rows; give it an order, or pages may overlap.
///   - request: `?page=` chooses the page.
///   - size: Rows on a page.
/// - Throws: ``MartletHTTP/HTTPError`` 404 for a page that does not exist or is no number, as DRF.
///
/// Source: [DRF, PageNumberPagination](https://www.django-rest-framework.org/api-guide/pagination/#pagenumberpagination).
public func paginate<M: Model>(
    _ query: QuerySet<M>, _ request: Request, with serializer: Serializer<M>, size: Int = 20
) async throws -> Response {
    let page = try await query.page(for: request, size: size)
    var writer = JSONWriter()
    writer.beginObject()
    writer.name("count")
    writer.integer(page.count)
    writer.name("next")
    try writer.link(page.hasNext ? page.number + 1 : nil, request)
    writer.name("previous")
    try writer.link(page.hasPrevious ? page.number - 1 : nil, request)
    writer.name("results")
    try serializer.write(page.items, to: &writer)
    writer.endObject()
    return Response(content: writer.bytes, contentType: .json)
}

extension Serializer {
    /// A row as a JSON response.
    ///
    /// - Parameter status: 200 unless told.
    public func response(_ model: M, status: HTTPStatus = .ok) throws -> Response {
        Response(content: try json(model), contentType: .json, status: status)
    }
}

extension JSONWriter {
    /// The address of another page, with everything else of the query kept; the first page has no `page`.
    fileprivate mutating func link(_ number: Int?, _ request: Request) throws {
        guard let number else { return null() }
        var query = request.queryString.split(separator: "&").map(String.init).filter {
            !$0.hasPrefix("page=") && $0 != "page"
        }
        if number > 1 { query.append("page=\(number)") }
        let suffix = query.isEmpty ? "" : "?" + query.joined(separator: "&")
        string(try request.absoluteURL().prefix { $0 != "?" } + suffix)
    }
}
