import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues
import Testing

/// Models whose names other tests have, too.
enum Semantics {
    struct Country: Model {
        var id = 0
        var name = ""
        var population: Int?
        var authors = Related<Author>()

        static let appLabel = "semantics"
        static let table = Table<Country>(
            .auto(\.id), .char(\.name, maxLength: 50), .integer(\.population),
            .reverse(\.authors, through: \.country))
    }

    struct Author: Model {
        var id = 0
        var name = ""
        var email = ""
        var country: ForeignKey<Country>?
        var mentor: ForeignKey<Author>?
        var isActive = true
        var born: CalendarDate?
        var books = Related<Book>()

        static let appLabel = "semantics"
        static let table = Table<Author>(
            .auto(\.id), .char(\.name, maxLength: 50), .email(\.email),
            .foreignKey(\.country, onDelete: .cascade, relatedName: "authors"),
            .foreignKey(\.mentor, onDelete: .setNull, relatedName: "pupils"), .bool(\.isActive), .date(\.born),
            .reverse(\.books, through: \.author))
    }

    struct Tag: Model {
        var id = 0
        var name = ""
        var books = Related<Book>()

        static let appLabel = "semantics"
        static let table = Table<Tag>(
            .auto(\.id), .char(\.name, maxLength: 50), .reverse(\.books, through: \.tags))
    }

    struct Book: Model {
        var id = 0
        var title = ""
        var author = ForeignKey<Author>()
        var editor: ForeignKey<Author>?
        var pages: Int?
        var price = Decimal(0)
        var weight = 0.0
        var status = ""
        var publishedAt: Date?
        var subtitle: String?
        var tags = ManyToMany<Tag>()
        var reviews = Related<Review>()

        static let appLabel = "semantics"
        static let table = Table<Book>(
            .auto(\.id), .char(\.title, maxLength: 200),
            .foreignKey(\.author, onDelete: .cascade, relatedName: "books"),
            .foreignKey(\.editor, onDelete: .setNull, relatedName: "edited"), .integer(\.pages),
            .decimal(\.price, maxDigits: 8, decimalPlaces: 2), .float(\.weight), .char(\.status, maxLength: 20),
            .dateTime(\.publishedAt), .char(\.subtitle, maxLength: 200), .manyToMany(\.tags, relatedName: "books"),
            .reverse(\.reviews, through: \.book))
    }

    struct Review: Model {
        var id = 0
        var book = ForeignKey<Book>()
        var reader: ForeignKey<Author>?
        var stars: Int?
        var text = ""

        static let appLabel = "semantics"
        static let table = Table<Review>(
            .auto(\.id), .foreignKey(\.book, onDelete: .cascade, relatedName: "reviews"),
            .foreignKey(\.reader, onDelete: .cascade, relatedName: "reviews"), .integer(\.stars),
            .char(\.text, maxLength: 200))
    }
}

extension Semantics {
    /// Writes the rows, in the order of the tables so that references find theirs.
    static func load() async throws {
        let database = try Database.current
        let isPostgreSQL = database.dialect.name == "postgresql"
        for (table, rows) in try #require(try file("rows.json").objectValue) {
            for row in try #require(rows.arrayValue) {
                let columns = try #require(row.objectValue)
                let names = columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
                let values = columns.map { literal($0.value, isPostgreSQL) }.joined(separator: ", ")
                try await database.execute(Statement("INSERT INTO \"\(table)\" (\(names)) VALUES (\(values))"))
            }
        }
    }

    /// A value of the file as SQL; text without a zone is a moment in UTC there.
    private static func literal(_ value: JSONValue, _ isPostgreSQL: Bool) -> String {
        switch value {
        case .null: "NULL"
        case .bool(let flag): isPostgreSQL ? "\(flag)" : flag ? "1" : "0"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        default: "'\((value.stringValue ?? "").replacing("'", with: "''"))'"
        }
    }

    static func file(_ name: String) throws -> JSONValue {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Django")
        return try JSON.parse(String(decoding: Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self))
    }
}

extension Trait where Self == ModelsDatabase {
    /// Fresh databases with the tables of the semantic tests.
    static var semantics: Self {
        .models(
            Semantics.Country.self, Semantics.Author.self, Semantics.Tag.self, Semantics.Book.self,
            Semantics.Review.self)
    }
}
