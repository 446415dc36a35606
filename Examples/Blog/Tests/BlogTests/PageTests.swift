import Accounts
import Blog
import Config
import Martlet
import MartletTesting
import Testing

@Suite(.database) struct PageTests {
    @Test func `the front page shows twenty posts with authors and tags in at most four statements`() async throws {
        let tags = [
            try await Tag.objects.create(Tag(name: "Birds", slug: "birds")),
            try await Tag.objects.create(Tag(name: "Bread", slug: "bread")),
        ]
        try await makePosts(25, author: makeAuthor("Ann Lee"), tags: tags)
        let log = StatementLog()
        let response = try await log.observing { try await TestClient().get("/") }
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/html; charset=utf-8")
        #expect(log.statements.count <= 4, "\(log.statements.map(\.sql))")
        #expect(response.text.occurrences(of: "<article class=\"post-card\">") == 20)
        #expect(response.text.occurrences(of: "by Ann Lee") == 20)
        #expect(response.text.occurrences(of: "<ul class=\"post-tags\"") == 20)
        #expect(response.text.contains("Post 24"))
        #expect(!response.text.contains(">Post 4<"))
        #expect(response.text.contains("?page=2"))
    }

    @Test func `the tag cloud is counted once and then comes from the cache`() async throws {
        let birds = try await Tag.objects.create(Tag(name: "Birds", slug: "birds"))
        let author = try await makeAuthor()
        try await makePosts(2, author: author, tags: [birds])
        let (first, second) = (StatementLog(), StatementLog())
        let counted = try await first.observing { try await TestClient().get("/") }
        try await Post.objects.delete()
        let cached = try await second.observing { try await TestClient().get("/archive/") }
        #expect(first.statements.filter { $0.sql.contains("FROM \"blog_tag\"") }.count == 2)
        #expect(!second.statements.contains { $0.sql.contains("FROM \"blog_tag\"") })
        for page in [counted, cached] {
            #expect(page.text.contains("<a href=\"/tags/birds/\">Birds <span class=\"count\">2"))
        }
    }

    @Test func `the last page has the rest and pages that do not exist are not found`() async throws {
        try await makePosts(25, author: makeAuthor())
        let last = try await TestClient().get("/?page=2")
        #expect(last.text.occurrences(of: "<article class=\"post-card\">") == 5)
        for page in ["0", "3", "-1", "x", "99999999999999999999", "1;DROP"] {
            #expect(try await TestClient().get("/?page=\(page)").status == .notFound, "page \(page)")
        }
    }

    @Test func `a draft is not listed and cannot be read`() async throws {
        let draft = try await Post.objects.create(
            Post(title: "Secret plans", slug: "secret", author: makeAuthor()))
        for path in ["/", "/archive/", "/api/posts/"] {
            let response = try await TestClient().get(path)
            #expect(response.status == .ok)
            #expect(!response.text.contains("Secret plans"))
        }
        #expect(try await TestClient().get("/posts/\(draft.shortID)/").status == .notFound)
        #expect(try await TestClient().get("/api/posts/\(draft.shortID)/").status == .notFound)
    }

    @Test func `a post has an address made of its short id`() async throws {
        let post = try await makePosts(1, author: makeAuthor())[0]
        let response = try await TestClient().get("/posts/\(post.shortID)/")
        #expect(response.status == .ok)
        #expect(response.text.contains("<h1>Post 0</h1>"))
        #expect(response.text.contains("Text of post 0."))
        #expect(post.shortID.description.count == 22)
    }

    @Test func `an unknown post is answered by the blog's own page`() async throws {
        for path in ["/posts/\(ShortUUID(.v7()))/", "/posts/short/", "/nowhere/", "/tags/none/", "/archive/1999/"] {
            let response = try await TestClient().get(path)
            #expect(response.status == .notFound)
            #expect(response.text.contains("Under the Eaves"), "\(path) was not answered by the blog's template")
        }
    }

    @Test func `a tag's page lists its posts only`() async throws {
        let author = try await makeAuthor()
        let birds = try await Tag.objects.create(Tag(name: "Birds", slug: "birds"))
        try await makePosts(2, author: author, tags: [birds])
        try await Post.objects.create(Post(title: "Untagged", slug: "untagged", author: author, publishedOn: day(9)))
        let response = try await TestClient().get("/tags/birds/")
        #expect(response.status == .ok)
        #expect(response.text.contains("Post 1"))
        #expect(!response.text.contains("Untagged"))
    }

    @Test func `the archive counts the posts of each year`() async throws {
        let author = try await makeAuthor()
        try await makePosts(3, author: author)
        try await Post.objects.create(Post(title: "Older", slug: "older", author: author, publishedOn: day(-10)))
        let index = try await TestClient().get("/archive/")
        #expect(index.text.contains("<a href=\"/archive/2026/\">2026</a>"))
        #expect(index.text.contains("3 posts"))
        #expect(index.text.contains("1 post<"))
        let year = try await TestClient().get("/archive/2025/")
        #expect(year.text.contains("Older"))
        #expect(!year.text.contains("Post 1"))
    }

    @Test func `addresses without the last slash lead to those with it`() async throws {
        let response = try await TestClient().get("/archive?x=1")
        #expect(response.status == .movedPermanently)
        #expect(response.headers[.location] == "/archive/?x=1")
    }

    @Test func `pages that only show take no other methods`() async throws {
        let response = try await TestClient().send(.delete, "/archive/")
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET, HEAD, OPTIONS")
        let head = try await TestClient().send(.head, "/")
        #expect(head.status == .ok)
        #expect(head.body.isEmpty)
    }

    @Test func `every page carries the security headers and a request id`() async throws {
        let response = try await TestClient().get("/")
        #expect(response.headers[HeaderName(literal: "X-Content-Type-Options")] == "nosniff")
        #expect(response.headers[HeaderName(literal: "X-Frame-Options")] == "DENY")
        #expect(response.headers[.xRequestID]?.isEmpty == false)
    }

    @Test func `pages use no inline style or script`() async throws {
        let post = try await makePosts(1, author: makeAuthor())[0]
        for path in ["/", "/posts/\(post.shortID)/", "/archive/", "/nowhere/"] {
            let text = try await TestClient().get(path).text
            #expect(!text.contains("<style") && !text.contains(" style=") && !text.contains("<script"))
            #expect(text.contains("<meta name=\"viewport\""))
        }
    }
}

extension String {
    func occurrences(of part: String) -> Int { ranges(of: part).count }
}
