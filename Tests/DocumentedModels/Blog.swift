import FoundationEssentials
import MartletORM

// The models of the documentation's queries: users write posts, posts have tags and comments.

struct User: Model {
    var id = 0
    var name = ""
    var email = ""
    var isActive = true
    var posts = Related<Post>()

    static let appLabel = "blog"
    static let table = Table<User>(
        .auto(\.id),
        .char(\.name, maxLength: 100),
        .email(\.email),
        .bool(\.isActive),
        .reverse(\.posts, through: \.author)
    )
}

struct Tag: Model {
    var id = UUID.v7()
    var name = ""
    var posts = Related<Post>()

    static let appLabel = "blog"
    static let table = Table<Tag>(
        .uuid(\.id, primaryKey: true),
        .char(\.name, maxLength: 50, unique: true),
        .reverse(\.posts, through: \.tags)
    )
}

struct Post: Model {
    enum Status: String, Choices { case draft, published }

    var id = UUID.v7()
    var slug = ""
    var title = ""
    var body = ""
    var status = Status.draft
    var views = 0
    var author = ForeignKey<User>()
    var editor: ForeignKey<User>?
    var tags = ManyToMany<Tag>()
    var comments = Related<Comment>()
    var publishedOn: Date?
    var createdAt = Date.now
    var updatedAt = Date.now

    static let appLabel = "blog"
    static let table = Table<Post>(
        .uuid(\.id, primaryKey: true),
        .slug(\.slug, unique: true),
        .char(\.title, maxLength: 200),
        .text(\.body),
        .choices(\.status),
        .positiveInteger(\.views),
        .foreignKey(\.author, onDelete: .cascade, relatedName: "posts"),
        .foreignKey(\.editor, onDelete: .setNull, relatedName: "edited"),
        .manyToMany(\.tags, relatedName: "posts"),
        .reverse(\.comments, through: \.post),
        .dateTime(\.publishedOn),
        .dateTime(\.createdAt, autoNowAdd: true),
        .dateTime(\.updatedAt, autoNow: true),
        indexes: [.index(\.status, \.publishedOn)]
    )
}

struct Comment: Model {
    var id = UUID.v7()
    var post = ForeignKey<Post>()
    var name = ""
    var body = ""
    var stars = 0
    var createdAt = Date.now

    static let appLabel = "blog"
    static let table = Table<Comment>(
        .uuid(\.id, primaryKey: true),
        .foreignKey(\.post, onDelete: .cascade, relatedName: "comments"),
        .char(\.name, maxLength: 100),
        .text(\.body),
        .integer(\.stars),
        .dateTime(\.createdAt, autoNowAdd: true)
    )
}
