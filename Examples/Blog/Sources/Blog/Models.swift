public import Accounts
public import FoundationEssentials
public import Martlet

/// What a post is about.
public struct Tag: Model {
    public var id = UUID.v7()
    public var name = ""
    public var slug = ""
    public var posts = Related<Post>()
    public var createdAt = Date.now
    public var updatedAt = Date.now

    public init() {}

    public init(name: String, slug: String) {
        self.name = name
        self.slug = slug
    }

    public var templateText: String { name }

    public static let table = Table<Tag>(
        .uuid(\.id, primaryKey: true),
        .char(\.name, maxLength: 50, unique: true),
        .slug(\.slug, unique: true),
        .reverse(\.posts, through: \.tags),
        .dateTime(\.createdAt, autoNowAdd: true),
        .dateTime(\.updatedAt, autoNow: true),
        ordering: [.ascending(\.name)]
    )
}

/// A post; drafts are seen by nobody.
public struct Post: Model {
    public enum Status: String, Choices { case draft, published }

    public var id = UUID.v7()
    public var slug = ""
    public var title = ""
    public var body = ""
    public var status = Status.draft
    public var author = ForeignKey<User>()
    public var tags = ManyToMany<Tag>()
    public var comments = Related<Comment>()
    public var publishedOn: Date?
    public var createdAt = Date.now
    public var updatedAt = Date.now

    public init() {}

    public init(title: String, slug: String, body: String = "", author: User, publishedOn: Date? = nil) {
        self.title = title
        self.slug = slug
        self.body = body
        self.author = ForeignKey(author)
        self.publishedOn = publishedOn
        status = publishedOn == nil ? .draft : .published
    }

    /// The id as it stands in the post's address.
    public var shortID: ShortUUID { ShortUUID(id) }

    public var templateText: String { title }

    public func templateProperty(_ name: String) -> (any TemplateConvertible)? {
        name == "short_id" ? shortID.description : nil
    }

    public static let table = Table<Post>(
        .uuid(\.id, primaryKey: true),
        .slug(\.slug, maxLength: 100, unique: true),
        .char(\.title, maxLength: 200),
        .text(\.body),
        .choices(\.status),
        .foreignKey(\.author, onDelete: .cascade, relatedName: "posts"),
        .manyToMany(\.tags, relatedName: "posts"),
        .reverse(\.comments, through: \.post),
        .dateTime(\.publishedOn),
        .dateTime(\.createdAt, autoNowAdd: true),
        .dateTime(\.updatedAt, autoNow: true),
        indexes: [.index(\.status, \.publishedOn)]  // the front page: published, newest first
    )
}

extension QuerySet<Post> {
    /// What readers may see.
    var published: Self { filter { $0.status == .published } }

    /// Newest first.
    var newestFirst: Self { order { ($0.publishedOn.descending, $0.id.descending) } }

    /// With what a list shows of each post.
    var forLists: Self { selectRelated { $0.author }.prefetch { $0.tags } }
}

/// What a reader says about a post.
public struct Comment: Model {
    public var id = UUID.v7()
    public var post = ForeignKey<Post>()
    public var name = ""
    public var body = ""
    public var createdAt = Date.now
    public var updatedAt = Date.now

    public init() {}

    public init(post: Post, name: String, body: String) {
        self.post = ForeignKey(post)
        self.name = name
        self.body = body
    }

    public static let table = Table<Comment>(
        .uuid(\.id, primaryKey: true),
        .foreignKey(\.post, onDelete: .cascade, relatedName: "comments"),
        .char(\.name, maxLength: 80),
        .text(\.body),
        .dateTime(\.createdAt, autoNowAdd: true),
        .dateTime(\.updatedAt, autoNow: true),
        ordering: [.ascending(\.createdAt)]
    )
}
