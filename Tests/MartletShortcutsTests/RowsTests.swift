import FoundationEssentials
import MartletHTTP
import MartletJSON
import MartletORM
import MartletShortcuts
import Testing

private struct Writer: Model {
    var id = 0
    var name = ""

    static let table = Table<Writer>(.auto(\.id), .char(\.name, maxLength: 50))
}

private struct Post: Model {
    enum Status: String, Choices { case draft, published }

    var id = UUID(uuidString: "0190B6A5-7C3E-7B3A-9D2F-1F2E3D4C5B6A") ?? UUID()
    var title = ""
    var status = Status.draft
    var author = ForeignKey<Writer>()
    var tags = ManyToMany<Writer>()
    var publishedOn: Date?

    static let table = Table<Post>(
        .uuid(\.id, primaryKey: true), .char(\.title, maxLength: 200), .choices(\.status),
        .foreignKey(\.author, onDelete: .cascade, relatedName: "posts"), .manyToMany(\.tags, relatedName: "tagged"),
        .dateTime(\.publishedOn))
}

/// A model that says itself what of it is sent.
private struct Secretive: Model, Encodable {
    var id = 0
    var password = "hash"

    static let table = Table<Secretive>(.auto(\.id), .char(\.password, maxLength: 50))

    enum CodingKeys: CodingKey { case id }
}

@Suite struct RowsTests {
    private static let post: Post = {
        var post = Post()
        post.title = "Swift & <co>"
        post.author = ForeignKey(id: 7)
        post.publishedOn = Date(timeIntervalSince1970: 1_769_850_300)
        return post
    }()

    private static let text = """
        {"id":"0190b6a5-7c3e-7b3a-9d2f-1f2e3d4c5b6a","title":"Swift & <co>","status":"draft","author":7,\
        "published_on":"2026-01-31T09:05:00Z"}
        """

    private func text(_ response: Response) -> String {
        String(decoding: response.body.bytes ?? [], as: UTF8.self)
    }

    @Test func `a row is an object of its columns, as Django REST framework names and writes them`() throws {
        let response = try Response.json(Self.post, status: .created)
        #expect(text(response) == Self.text)
        #expect(response.status == .created)
        #expect(response.headers[.contentType] == "application/json")
    }

    @Test func `rows are an array`() throws {
        #expect(text(try Response.json([Self.post, Self.post])) == "[\(Self.text),\(Self.text)]")
        #expect(text(try Response.json([Post]())) == "[]")
        #expect(text(try Response.json([Self.post], only: \.status, pretty: true)).split(separator: "\n").count == 5)
    }

    @Test func `only the fields that are named are sent, in their order`() throws {
        let response = try Response.json(Self.post, only: \.publishedOn, \.title)
        #expect(text(response) == #"{"published_on":"2026-01-31T09:05:00Z","title":"Swift & <co>"}"#)
    }

    @Test func `a field without a column is an error that names it`() throws {
        let error = try #require(throws: JSONError.self) { try Response.json(Self.post, only: \.tags) }
        #expect(error.message.hasPrefix("'tags' is no field of Post with a column"))
    }

    @Test func `a model that is Encodable says itself what is sent`() throws {
        #expect(text(try Response.json(Secretive(id: 3))) == #"{"id":3}"#)
        #expect(text(try Response.json([Secretive(id: 3)])) == #"[{"id":3}]"#)
    }

    @Test func `values of a query get names`() throws {
        let rows: [(String, String?, Int, Date)] = [
            ("a", nil, 3, Date(timeIntervalSince1970: 0)), ("b", "x", -1, Date(timeIntervalSince1970: 0.5)),
        ]
        let response = try Response.json(rows, names: "title", "author", "comments", "at")
        #expect(
            text(response) == """
                [{"title":"a","author":null,"comments":3,"at":"1970-01-01T00:00:00Z"},\
                {"title":"b","author":"x","comments":-1,"at":"1970-01-01T00:00:00.500000Z"}]
                """)
        let error = try #require(throws: JSONError.self) { try Response.json(rows, names: "title") }
        #expect(error.message == "rows of 4 values have 1 names; give each value its name")
    }

    @Test func `what JSON cannot say is an error`() {
        #expect(throws: JSONError.self) { try Response.json([(Double.nan, 1)], names: "x", "n") }
    }
}
