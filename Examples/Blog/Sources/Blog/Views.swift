import Martlet

private let postsPerPage = 20

/// The front page: the newest posts, twenty at a time.
func postList(_ request: Request) async throws -> Response {
    let page = try await Post.objects.published.newestFirst.forLists.page(for: request, size: postsPerPage)
    return try await renderPage(request, "blog/post_list.html", ["page": page])
}

/// One post with its comments and the form for another.
func postDetail(_ request: Request, id: ShortUUID) async throws -> Response {
    try await renderPost(request, id: id, form: CommentForm())
}

/// Saves a comment, or shows what is wrong with it.
func commentCreate(_ request: Request, id: ShortUUID) async throws -> Response {
    let form = CommentForm(try await request.form())
    guard form.isValid else {
        return try await renderPost(request, id: id, form: form, status: .unprocessableContent)
    }
    let post = try await Post.objects.published.getOr404 { $0.id == id.uuid }
    let comment = try await Comment.objects.create(Comment(post: post, name: form.name, body: form.body))
    log.info("comment_created", comment_id: comment.id, post_id: post.id)
    return try Response.redirect(to: reverse("blog:post-detail", id) + "#comments")
}

/// The posts of a tag.
func tagDetail(_ request: Request, slug: String) async throws -> Response {
    let tag = try await Tag.objects.getOr404 { $0.slug == slug }
    let page = try await Post.objects.published.filter { $0.tags.id == tag.id }.newestFirst.forLists
        .page(for: request, size: postsPerPage)
    return try await renderPage(request, "blog/tag_detail.html", ["tag": tag, "page": page])
}

/// The years in which something was published.
func archive(_ request: Request) async throws -> Response {
    let published: [Int?] = try await Post.objects.published.values { $0.publishedOn.year }
    let years = Dictionary(grouping: published.compactMap(\.self), by: \.self)
        .map { ["year": $0.key, "count": $0.value.count] }
        .sorted { ($0["year"] ?? 0) > ($1["year"] ?? 0) }
    return try await renderPage(request, "blog/archive_index.html", ["years": years])
}

/// The posts of a year, oldest first.
func archiveYear(_ request: Request, year: Int) async throws -> Response {
    let posts = try await Post.objects.published.filter { $0.publishedOn.year == year }
        .selectRelated { $0.author }.order { $0.publishedOn.ascending }.all()
    guard !posts.isEmpty else { throw HTTPError(.notFound, "Nothing was published in \(year).") }
    return try await renderPage(request, "blog/archive_year.html", ["year": year, "posts": posts])
}

private let log = Logger("blog.views")

private func renderPost(
    _ request: Request, id: ShortUUID, form: CommentForm, status: HTTPStatus = .ok
) async throws -> Response {
    let post = try await Post.objects.published.selectRelated { $0.author }.prefetch { $0.tags }
        .getOr404 { $0.id == id.uuid }
    let comments = try await post.related(\.comments).all()
    return try await renderPage(
        request, "blog/post_detail.html", ["post": post, "comments": comments, "form": form], status: status)
}

/// Renders a page with the tag cloud that all of them show.
private func renderPage(
    _ request: Request, _ template: String, _ context: TemplateContext, status: HTTPStatus = .ok
) async throws -> Response {
    var context = context
    context.set("tag_cloud", try await tagCloud())
    return try render(request, template, context, status: status)
}
