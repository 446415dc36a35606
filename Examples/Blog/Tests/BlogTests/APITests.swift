import Blog
import Config
import Martlet
import MartletTesting
import Testing

@Suite(.database) struct APITests {
    @Test func `the list comes in pages with their neighbours`() async throws {
        let tag = try await Tag.objects.create(Tag(name: "Birds", slug: "birds"))
        try await makePosts(45, author: makeAuthor("Ann"), tags: [tag])
        let log = StatementLog()
        let response = try await log.observing { try await TestClient().get("/api/posts/?page=2&x=%20y") }
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
        #expect(log.statements.count == 3)
        let json = try response.json
        #expect(json["count"]?.intValue == 45)
        #expect(json["next"]?.stringValue == "http://testserver/api/posts/?x=%20y&page=3")
        #expect(json["previous"]?.stringValue == "http://testserver/api/posts/?x=%20y")
        #expect(json["results"]?.arrayValue?.count == 20)
        let first = json["results"]?[0]
        #expect(first?["title"]?.stringValue == "Post 24")
        #expect(first?["author"]?["name"]?.stringValue == "Ann")
        #expect(first?["tags"]?[0]?.stringValue == "Birds")
        #expect(first?["published_on"]?.stringValue == "2026-01-25T00:00:00Z")
    }

    @Test func `a post is one object`() async throws {
        let post = try await makePosts(1, author: makeAuthor())[0]
        let json = try await TestClient().get("/api/posts/\(post.shortID)/").json
        #expect(json["id"]?.stringValue == post.id.uuidString.lowercased())
        #expect(json["body"]?.stringValue == "Text of post 0.")
    }

    @Test func `what is not there is JSON for those who ask for JSON`() async throws {
        let headers = try Headers(["Accept": "application/json"])
        let response = try await TestClient().get("/api/posts/?page=9", headers: headers)
        #expect(response.status == .notFound)
        #expect(try response.json == ["detail": "Invalid page."])
    }
}
