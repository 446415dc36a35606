import Blog
import Config
import Martlet
import MartletTesting
import Testing

@Suite(.database) struct CommentTests {
    private func makePost() async throws -> Post {
        try await makePosts(1, author: makeAuthor())[0]
    }

    @Test func `a comment without a CSRF token is refused`() async throws {
        let post = try await makePost()
        let client = TestClient(enforceCSRFChecks: true)
        let response = try await client.post("/posts/\(post.shortID)/comments/", form: ["name": "Eve", "body": "Hi"])
        #expect(response.status == .forbidden)
        #expect(try await Comment.objects.count() == 0)
    }

    @Test func `a comment with the page's own token is saved and shown escaped`() async throws {
        let post = try await makePost()
        let client = TestClient(enforceCSRFChecks: true)
        let page = try await client.get("/posts/\(post.shortID)/")
        let token = try #require(page.text.value(ofInput: "csrfmiddlewaretoken"))
        let response = try await client.post(
            "/posts/\(post.shortID)/comments/",
            form: ["csrfmiddlewaretoken": token, "name": "Eve & <b>Bob</b>", "body": "<script>alert(1)</script> 😀"])
        #expect(response.status == .found)
        #expect(response.headers[.location] == "/posts/\(post.shortID)/#comments")
        let after = try await client.get("/posts/\(post.shortID)/")
        #expect(after.text.contains("Eve &amp; &lt;b&gt;Bob&lt;/b&gt;"))
        #expect(after.text.contains("&lt;script&gt;alert(1)&lt;/script&gt; 😀"))
        #expect(!after.text.contains("<script>"))
        #expect(after.text.contains("1 comment<"))
    }

    @Test(arguments: [
        ("", "text", "This field is required."),
        ("  \n ", "text", "This field is required."),
        ("name", "", "This field is required."),
        (String(repeating: "n", count: 81), "text", "At most 80 characters; this has 81."),
        ("name", String(repeating: "b", count: 2001), "At most 2000 characters; this has 2001."),
    ])
    func `a comment that does not fit is shown again with what is wrong`(
        _ name: String, _ body: String, _ message: String
    ) async throws {
        let post = try await makePost()
        let response = try await TestClient().post(
            "/posts/\(post.shortID)/comments/", form: ["name": name, "body": body])
        #expect(response.status == .unprocessableContent)
        #expect(response.text.contains(message))
        #expect(try await Comment.objects.count() == 0)
    }

    @Test func `a comment on a post that is not there is not found`() async throws {
        let response = try await TestClient().post(
            "/posts/\(ShortUUID(.v7()))/comments/", form: ["name": "Eve", "body": "Hi"])
        #expect(response.status == .notFound)
    }

    @Test func `a body that is no form is refused without a server error`() async throws {
        let post = try await makePost()
        for (type, status) in [
            ("application/json", 415), ("multipart/form-data; boundary=x", 400), ("text/plain", 415),
        ] {
            let headers = try Headers(["Content-Type": type])
            let response = try await TestClient().send(
                .post, "/posts/\(post.shortID)/comments/", headers: headers, body: Array("{}".utf8))
            #expect(response.status.code == status, "\(type)")
        }
    }
}

extension String {
    /// The value of a hidden input.
    func value(ofInput name: String) -> String? {
        guard let start = firstRange(of: "name=\"\(name)\" value=\"") else { return nil }
        return String(self[start.upperBound...].prefix { $0 != "\"" })
    }
}
