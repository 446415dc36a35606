import Accounts
import Blog
import Config
import FoundationEssentials
import Martlet
import MartletTesting
import Testing

/// The blog's own folder: templates and static files are found from here, wherever the tests are started.
let blogFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

let testSite: TestSite = {
    var site = site
    site.folder = blogFolder
    return TestSite(site)
}()

extension Trait where Self == DatabaseTrait {
    /// Each test in a transaction that is rolled back.
    static var database: Self { testSite.database }
}

/// A day in 2026, counted from the first of January.
func day(_ number: Int) -> Date {
    Date(timeIntervalSince1970: 1_767_225_600 + Double(number) * 86_400)
}

func makeAuthor(_ name: String = "Ann") async throws -> User {
    try await User.objects.create(User(username: name.lowercased(), name: name))
}

/// Creates published posts, one a day, each with the tags.
@discardableResult
func makePosts(_ count: Int, author: User, tags: [Tag] = []) async throws -> [Post] {
    let posts = try await Post.objects.createMany(
        (0..<count).map { number in
            Post(
                title: "Post \(number)", slug: "post-\(number)", body: "Text of post \(number).", author: author,
                publishedOn: day(number))
        })
    for post in posts { try await post.add(tags, to: \.tags) }
    return posts
}

// Swift Testing has types of these names too; in these tests they are the blog's.
typealias Comment = Blog.Comment
typealias Tag = Blog.Tag
