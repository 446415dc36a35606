import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletORM
import MartletREST

private let authorSerializer = Serializer<Author>(.field(\.id), .field(\.name), .field(\.email))
private let tagSerializer = Serializer<Tag>(.field(\.id), .field(\.name))
private let postSerializer = Serializer<Post>(
    .field(\.id),
    .field(\.title),
    .field(\.body),
    .field(\.createdAt),
    .field(\.views),
    .field(\.isPublished),
    .nested(\.author, authorSerializer),
    .nested(\.tags, tagSerializer)
)

func posts(_ request: Request) async throws -> Response {
    if request.method == .post { return try await createPost(request) }
    let posts = Post.objects.selectRelated { $0.author }.prefetch { $0.tags }.order { $0.id.ascending }
    return try await paginate(posts, request, with: postSerializer)
}

private func createPost(_ request: Request) async throws -> Response {
    var input = PostInput(try await body(of: request))
    let tags = try await input.checkRelations()
    guard input.errors.isEmpty else {
        return Response(
            content: try JSON.encode(JSONValue.object(input.errors)), contentType: .json, status: .badRequest)
    }
    let post = try await transaction {
        let post = try await Post.objects.create(input.post)
        try await post.add(tags, to: \.tags)
        return post
    }
    let answer = CreatedPost(
        id: post.id, title: post.title, body: post.body, created_at: post.createdAt, views: post.views,
        is_published: post.isPublished, author: input.post.author.id ?? 0, tags: tags.map(\.id))
    return Response(content: try JSON.encode(answer), contentType: .json, status: .created)
}

private func body(of request: Request) async throws -> JSONValue {
    do {
        return try JSON.parse(try await request.body.collect())
    } catch let error as JSONError {
        throw HTTPError(.badRequest, "JSON parse error - \(error)")
    }
}

private struct CreatedPost: Encodable {
    let id: Int
    let title: String
    let body: String
    let created_at: Date
    let views: Int
    let is_published: Bool
    let author: Int
    let tags: [Int]
}
