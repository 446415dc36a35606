import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues
import Testing

/// Models whose names other tests have, too.
private enum Semantics {
    struct Country: Model {
        var id = 0
        var name = ""
        var population: Int?

        static let appLabel = "semantics"
        static let table = Table<Country>(.auto(\.id), .char(\.name, maxLength: 50), .integer(\.population))
    }

    struct Author: Model {
        var id = 0
        var name = ""
        var email = ""
        var country: ForeignKey<Country>?
        var mentor: ForeignKey<Author>?
        var isActive = true
        var born: CalendarDate?

        static let appLabel = "semantics"
        static let table = Table<Author>(
            .auto(\.id), .char(\.name, maxLength: 50), .email(\.email),
            .foreignKey(\.country, onDelete: .cascade, relatedName: "authors"),
            .foreignKey(\.mentor, onDelete: .setNull, relatedName: "pupils"), .bool(\.isActive), .date(\.born))
    }

    struct Tag: Model {
        var id = 0
        var name = ""

        static let appLabel = "semantics"
        static let table = Table<Tag>(.auto(\.id), .char(\.name, maxLength: 50))
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

        static let appLabel = "semantics"
        static let table = Table<Book>(
            .auto(\.id), .char(\.title, maxLength: 200),
            .foreignKey(\.author, onDelete: .cascade, relatedName: "books"),
            .foreignKey(\.editor, onDelete: .setNull, relatedName: "edited"), .integer(\.pages),
            .decimal(\.price, maxDigits: 8, decimalPlaces: 2), .float(\.weight), .char(\.status, maxLength: 20),
            .dateTime(\.publishedAt), .char(\.subtitle, maxLength: 200), .manyToMany(\.tags, relatedName: "books"))
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

/// Asks what Django was asked, of the same rows, and compares the answers: see `Django/ask_django.py`.
@Suite(
    .models(
        Semantics.Country.self, Semantics.Author.self, Semantics.Tag.self, Semantics.Book.self, Semantics.Review.self))
struct SemanticsTests {
    @Test func `queries find what Django finds`() async throws {
        try await load()
        let questions = try #require(try file("questions.json").objectValue)
        let answers = try #require(try file("answers.json").objectValue)
        #expect(questions.count > 100 && questions.count == answers.count)
        for (name, question) in questions {
            let steps = try #require(question["steps"]?.arrayValue)
            let found =
                switch question["model"]?.stringValue {
                case "Country": try await ids(Semantics.Country.objects, steps)
                case "Author": try await ids(Semantics.Author.objects, steps)
                case "Tag": try await ids(Semantics.Tag.objects, steps)
                case "Book": try await ids(Semantics.Book.objects, steps)
                default: try await ids(Semantics.Review.objects, steps)
                }
            #expect(found == answers[name]?.arrayValue?.compactMap(\.intValue), "\(name): \(question)")
        }
    }

    private func ids<M: Model>(_ all: QuerySet<M>, _ steps: [JSONValue]) async throws -> [Int] where M.ID == Int {
        var query = all
        var isOrdered = false
        for step in steps {
            let parts = try #require(step.arrayValue)
            switch parts[0].stringValue {
            case "filter": query = try query.filter(lookups: lookups(parts[1]))
            case "exclude": query = try query.exclude(lookups: lookups(parts[1]))
            case "distinct": query = query.distinct()
            default:
                query = try query.order(by: parts.dropFirst().compactMap(\.stringValue))
                isOrdered = true
            }
        }
        return try await (isOrdered ? query : query.order { $0.id }).all().map(\.id)
    }

    private func lookups(_ arguments: JSONValue) throws -> [String: LookupValue] {
        var lookups: [String: LookupValue] = [:]
        for (name, value) in try #require(arguments.objectValue) { lookups[name] = try lookup(value) }
        return lookups
    }

    private func lookup(_ value: JSONValue) throws -> LookupValue {
        switch value {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .int(let number): .integer(Int64(number))
        case .double(let number): .real(number)
        case .array(let values): .list(try values.map(lookup))
        default: .text(try #require(value.stringValue))
        }
    }

    /// Writes the rows, in the order of the tables so that references find theirs.
    private func load() async throws {
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
    private func literal(_ value: JSONValue, _ isPostgreSQL: Bool) -> String {
        switch value {
        case .null: "NULL"
        case .bool(let flag): isPostgreSQL ? "\(flag)" : flag ? "1" : "0"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        default: "'\((value.stringValue ?? "").replacing("'", with: "''"))'"
        }
    }

    private func file(_ name: String) throws -> JSONValue {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Django")
        return try JSON.parse(String(decoding: Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self))
    }
}
