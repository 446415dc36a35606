import FoundationEssentials
import MartletORM

// Models of the tests: people write books, books have labels and reviews.

struct Person: Model {
    enum Mood: String, Choices { case merry, gloomy }

    var id = 0
    var name = ""
    var nickname: String?
    var isActive = true
    var mood: Mood?
    var books = Related<Book>()

    static let appLabel = "library"
    static let table = Table<Person>(
        .auto(\.id),
        .char(\.name, maxLength: 50),
        .char(\.nickname, maxLength: 50),
        .bool(\.isActive),
        .choices(\.mood),
        .reverse(\.books, through: \.author)
    )
}

struct Label: Model {
    var id = UUID.v7()
    var name = ""
    var books = Related<Book>()

    static let appLabel = "library"
    static let table = Table<Label>(
        .uuid(\.id, primaryKey: true),
        .char(\.name, maxLength: 50, unique: true),
        .reverse(\.books, through: \.labels),
        ordering: [.ascending(\.name)]
    )
}

struct Book: Model {
    enum State: String, Choices { case draft, inPrint = "in_print" }

    var id = UUID.v7()
    var title = ""
    var state = State.draft
    var copies = 0
    var price = 0.0
    var publishedOn: Date?
    var author = ForeignKey<Person>()
    var editor: ForeignKey<Person>?
    var labels = ManyToMany<Label>()
    var reviews = Related<Review>()
    var createdAt = Date.now
    var updatedAt = Date.now

    static let appLabel = "library"
    static let table = Table<Book>(
        .uuid(\.id, primaryKey: true),
        .char(\.title, maxLength: 200),
        .choices(\.state),
        .integer(\.copies),
        .float(\.price),
        .dateTime(\.publishedOn),
        .foreignKey(\.author, onDelete: .cascade, relatedName: "books"),
        .foreignKey(\.editor, onDelete: .setNull, relatedName: "edited"),
        .manyToMany(\.labels, relatedName: "books"),
        .reverse(\.reviews, through: \.book),
        .dateTime(\.createdAt, autoNowAdd: true),
        .dateTime(\.updatedAt, autoNow: true),
        indexes: [.index(\.state, \.publishedOn)]
    )
}

struct Review: Model {
    var id = 0
    var book = ForeignKey<Book>()
    var reader = ForeignKey<Person>()
    var stars = 0

    static let appLabel = "library"
    static let table = Table<Review>(
        .auto(\.id),
        .foreignKey(\.book, onDelete: .cascade, relatedName: "reviews"),
        .foreignKey(\.reader, onDelete: .protect, relatedName: "reviews"),
        .integer(\.stars)
    )
}
