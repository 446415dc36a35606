public import MartletHTTP
public import MartletORM

extension QuerySet {
    /// The only row that satisfies the condition, or the answer 404.
    ///
    /// ```swift
    /// let post = try await Post.objects.published.getOr404 { $0.id == id.uuid }
    /// ```
    ///
    /// - Throws: `HTTPError` 404 when there is none; ``MartletORM/ORMError/multipleObjects(model:)``.
    ///
    /// Source: [Django, `get_object_or_404`](https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/#get-object-or-404).
    public nonisolated(nonsending) func getOr404(_ condition: (Columns<M>) -> Condition) async throws -> M {
        do {
            return try await get(condition)
        } catch ORMError.doesNotExist(let model) {
            throw HTTPError(.notFound, "No \(model) matches the given query.")
        }
    }

    /// The page that a request asks for by `?page=2`, the first unless it asks, or the answer 404.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - size: Rows on a page.
    /// - Throws: `HTTPError` 404 for a page that does not exist or is no number.
    public func page(for request: Request, size: Int) async throws -> Page<M> {
        let text = request.query["page"] ?? "1"
        do {
            guard let number = Int(text) else { throw ORMError.noSuchPage(number: 0, pages: 0) }
            return try await page(number, size: size)
        } catch ORMError.noSuchPage {
            throw HTTPError(.notFound, "Invalid page.")
        }
    }
}
