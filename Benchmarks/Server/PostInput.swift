import MartletJSON
import MartletORM

/// A post as a client sends it, checked as Django REST framework's fields would.
struct PostInput {
    private(set) var post = Post()
    private(set) var errors = JSONObject()
    private var tagIDs: [Int] = []

    init(_ body: JSONValue) {
        post.title = text(body, "title", maximum: 200)
        post.body = text(body, "body", maximum: nil)
        post.views = views(body)
        if let flag = body["is_published"] {
            if let value = flag.boolValue {
                post.isPublished = value
            } else {
                fail("is_published", "Must be a valid boolean.")
            }
        }
        readAuthor(body)
        readTags(body)
    }

    /// Looks up the author and the tags, each with one query.
    ///
    /// - Returns: The tags.
    mutating func checkRelations() async throws -> [Tag] {
        if let author = post.author.id, try await !Author.objects.filter({ $0.id == author }).exists() {
            fail("author", "Invalid pk \"\(author)\" - object does not exist.")
        }
        guard !tagIDs.isEmpty else { return [] }
        let ids = tagIDs
        let tags = try await Tag.objects.filter { $0.id.in(ids) }.all()
        let known = Set(tags.map(\.id))
        for id in ids where !known.contains(id) { fail("tags", "Invalid pk \"\(id)\" - object does not exist.") }
        return tags
    }

    private mutating func fail(_ field: String, _ message: String) {
        var messages: [JSONValue] = []
        if case .array(let earlier)? = errors[field] { messages = earlier }
        errors[field] = .array(messages + [.string(message)])
    }

    private mutating func text(_ body: JSONValue, _ field: String, maximum: Int?) -> String {
        guard let value = body[field] else {
            fail(field, "This field is required.")
            return ""
        }
        guard let text = value.stringValue else {
            fail(field, value.isNull ? "This field may not be null." : "Not a valid string.")
            return ""
        }
        if text.allSatisfy(\.isWhitespace) { fail(field, "This field may not be blank.") }
        if text.utf8.contains(0) { fail(field, "Null characters are not allowed.") }
        if let maximum, text.unicodeScalars.count > maximum {
            fail(field, "Ensure this field has no more than \(maximum) characters.")
        }
        return text
    }

    private mutating func views(_ body: JSONValue) -> Int {
        guard let value = body["views"] else {
            fail("views", "This field is required.")
            return 0
        }
        guard let number = value.intValue else {
            fail("views", "A valid integer is required.")
            return 0
        }
        if number < 0 { fail("views", "Ensure this value is greater than or equal to 0.") }
        if number > Int(Int32.max) { fail("views", "Ensure this value is less than or equal to \(Int32.max).") }
        return number
    }

    private mutating func readAuthor(_ body: JSONValue) {
        guard let value = body["author"] else { return fail("author", "This field is required.") }
        guard let id = value.intValue else { return fail("author", "Incorrect type. Expected pk value.") }
        post.author = ForeignKey(id: id)
    }

    private mutating func readTags(_ body: JSONValue) {
        guard let value = body["tags"] else { return fail("tags", "This field is required.") }
        guard case .array(let elements) = value else { return fail("tags", "Expected a list of items.") }
        for element in elements {
            guard let id = element.intValue else { return fail("tags", "Incorrect type. Expected pk value.") }
            if !tagIDs.contains(id) { tagIDs.append(id) }
        }
    }
}
