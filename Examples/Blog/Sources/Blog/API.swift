import Accounts
import Martlet

let authorSerializer = Serializer<User>(
    .field(\.username),
    .field(\.name)
)

let postSerializer = Serializer<Post>(
    .field(\.id),
    .field(\.slug),
    .field(\.title),
    .computed("excerpt") { post in String(post.body.prefix(200)) },
    .nested(\.author, authorSerializer),
    .slugRelated(\.tags, \.name),
    .field(\.publishedOn)
)

let postDetailSerializer = Serializer<Post>(
    .field(\.id),
    .field(\.slug),
    .field(\.title),
    .field(\.body),
    .nested(\.author, authorSerializer),
    .slugRelated(\.tags, \.name),
    .field(\.publishedOn),
    .field(\.updatedAt)
)

/// The published posts, newest first.
func apiPostList(_ request: Request) async throws -> Response {
    try await paginate(Post.objects.published.newestFirst.forLists, request, with: postSerializer)
}

/// One post with its text.
func apiPostDetail(_ request: Request, id: ShortUUID) async throws -> Response {
    let post = try await Post.objects.published.forLists.getOr404 { $0.id == id.uuid }
    return try postDetailSerializer.response(post)
}
