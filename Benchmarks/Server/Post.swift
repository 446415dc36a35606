import FoundationEssentials
import MartletORM

struct Author: Model {
    var id = 0
    var name = ""
    var email = ""

    static let appLabel = "blog"
    static let table = Table<Author>(.auto(\.id), .char(\.name, maxLength: 100), .email(\.email))
}

struct Tag: Model {
    var id = 0
    var name = ""

    static let appLabel = "blog"
    static let table = Table<Tag>(.auto(\.id), .char(\.name, maxLength: 50))
}

struct Post: Model {
    var id = 0
    var title = ""
    var body = ""
    var createdAt = Date.now
    var views = 0
    var isPublished = false
    var author = ForeignKey<Author>()
    var tags = ManyToMany<Tag>()

    static let appLabel = "blog"
    static let table = Table<Post>(
        .auto(\.id),
        .char(\.title, maxLength: 200),
        .text(\.body),
        .dateTime(\.createdAt, autoNowAdd: true),
        .positiveInteger(\.views),
        .bool(\.isPublished),
        .foreignKey(\.author, onDelete: .cascade, relatedName: "posts"),
        .manyToMany(\.tags, relatedName: "posts")
    )
}
