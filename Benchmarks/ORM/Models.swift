import FoundationEssentials
import MartletORM

/// The row of the reference program `Benchmarks/Reference/sqlite_rows.c`.
struct Article: Model {
    var id = 0
    var title = ""
    var body = ""
    var createdAt = Date(timeIntervalSince1970: 0)
    var views = 0
    var isActive = false

    static let table = Table<Article>(
        .auto(\.id),
        .char(\.title, maxLength: 200),
        .text(\.body),
        .dateTime(\.createdAt),
        .integer(\.views),
        .bool(\.isActive),
        name: "article"
    )

    static let columns = """
        "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(200) NOT NULL, "body" text NOT NULL, \
        "created_at" datetime NOT NULL, "views" integer NOT NULL, "is_active" bool NOT NULL
        """

    /// The number of rows in every measurement of whole tables.
    static let count = 10_000

    /// The rows that the reference program makes.
    static func made() -> [Article] {
        let body = String((0..<200).map { Array("lorem ipsum dolor sit amet ")[$0 % 27] })
        return (1...count).map { number in
            Article(
                title: "Article number \(number)", body: body,
                createdAt: Date(timeIntervalSince1970: Double(1_767_225_600 + number * 60)), views: number % 5000,
                isActive: number % 10 != 0)
        }
    }
}

struct Author: Model {
    var id = 0
    var name = ""

    static let table = Table<Author>(.auto(\.id), .char(\.name, maxLength: 100), name: "author")
}

/// Seven columns, one of them a reference.
struct Post: Model {
    var id = 0
    var title = ""
    var views = 0
    var rating = 0.0
    var isPublished = false
    var createdAt = Date(timeIntervalSince1970: 0)
    var author = ForeignKey<Author>()

    static let table = Table<Post>(
        .auto(\.id),
        .char(\.title, maxLength: 200),
        .integer(\.views),
        .float(\.rating),
        .bool(\.isPublished),
        .dateTime(\.createdAt),
        .foreignKey(\.author, onDelete: .cascade, relatedName: "posts"),
        name: "post"
    )
}
