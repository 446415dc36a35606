import FoundationEssentials
import MartletORM
import MartletSQLite
import Measuring

/// What happens before and after the database's own work: building and compiling a filter, and decoding a row.
@Sendable func queryOperations() async throws -> [Operation] {
    let built = filtered("Ann", 10)
    let database = Database(MemoryBackend(count: 10_000), models: ModelRegistry([Post.self, Author.self]))
    return [
        Operation("five terms with a join, built", count: 10_000) {
            (0..<10_000).reduce(0) { sum, views in
                withExtendedLifetime(filtered("Ann", views)) { sum + 1 }
            }
        },
        Operation("five terms with a join, built and compiled", count: 10_000) {
            // A number that is none has no shape.
            try (0..<10_000).reduce(0) { sum, views in
                sum + (try filtered("Ann", views, .nan).statement(on: database).parameters.count)
            }
        },
        Operation("five terms with a join, built, its shape known", count: 10_000) {
            try (0..<10_000).reduce(0) { sum, views in
                sum + (try filtered("Ann", views).statement(on: database).parameters.count)
            }
        },
        Operation("five terms with a join, its shape known", count: 10_000) {
            try (0..<10_000).reduce(0) { sum, _ in sum + (try built.statement(on: database).parameters.count) }
        },
        Operation("a row of 7 columns, decoded", count: 10_000) {
            try await database.use { try await Post.objects.all().count }
        },
        Operation("a row of 7 columns, read by hand", count: 10_000) {
            try await MemoryConnection(count: 10_000).rows(Statement("")) { row in
                var post = Post()
                post.id = Int(try row.integer(at: 0))
                post.title = try row.text(at: 1)
                post.views = Int(try row.integer(at: 2))
                post.rating = try row.real(at: 3)
                post.isPublished = try row.bool(at: 4)
                post.createdAt = try row.dateTime(at: 5)
                post.author = ForeignKey(id: Int(try row.integer(at: 6)))
                return post
            }.count
        },
    ]
}

private func filtered(_ name: String, _ views: Int, _ rating: Double = 2.5) -> QuerySet<Post> {
    Post.objects.filter {
        $0.author.name == name && $0.views > views && $0.isPublished == true && $0.rating >= rating
            && $0.title != "Draft"
    }
}
