import Foundation
import MartletJSON
import MartletMigrations
import MartletORM
import MartletSite
import MartletValues

// The models of the Django project's app `vault`, as their author would write them in Swift.

struct Keyword: NaturallyKeyed {
    var id = 0
    var name = ""

    static let appLabel = "vault"
    static let table = Table<Keyword>(.auto(\.id), .char(\.name, maxLength: 50, unique: true))
    static var naturalKey: [any PartialKeyPath<Keyword> & Sendable] { [\.name] }
}

struct Record: Model {
    var id = UUID()
    var title = ""
    var slug = ""
    var email = ""
    var homepage = ""
    var body = ""
    var small = 0
    var medium = 0
    var large = 0
    var smallCount = 0
    var count = 0
    var bigCount = 0
    var isOpen = false
    var maybe: Bool?
    var rating = 0.0
    var price = Decimal(0)
    var day = CalendarDate.first
    var opens = TimeOfDay.midnight
    var at = Date.now
    var length = Duration.zero
    var content = Data()
    var data = JSONValue.null
    var address = IPAddress(networkOrder: [0, 0, 0, 0])
    var token = UUID()
    var attachment = ""
    var parent: ForeignKey<Record>?
    var owner: Int?
    var mainKeyword = ForeignKey<Keyword>()
    var keywords = ManyToMany<Keyword>()

    static let appLabel = "vault"
    static let table = Table<Record>(
        .uuid(\.id, primaryKey: true),
        .char(\.title, maxLength: 200),
        .slug(\.slug),
        .email(\.email),
        .url(\.homepage),
        .text(\.body),
        .smallInteger(\.small),
        .integer(\.medium),
        .bigInteger(\.large),
        .positiveSmallInteger(\.smallCount),
        .positiveInteger(\.count),
        .positiveBigInteger(\.bigCount),
        .bool(\.isOpen),
        .bool(\.maybe),
        .float(\.rating),
        .decimal(\.price, maxDigits: 10, decimalPlaces: 2),
        .date(\.day),
        .time(\.opens),
        .dateTime(\.at),
        .duration(\.length),
        .binary(\.content),
        .json(\.data),
        .ipAddress(\.address),
        .uuid(\.token, unique: true),
        .char(\.attachment, maxLength: 120),
        .foreignKey(\.parent, onDelete: .setNull, relatedName: "children"),
        // A user is no model here; fixtures carry the number.
        .integer(\.owner, column: "owner_id"),
        .foreignKey(\.mainKeyword, onDelete: .protect, relatedName: "main_records"),
        .manyToMany(\.keywords, relatedName: "records"))
}

extension CommandSite {
    /// The site with the models of `vault` and the migrations that make their tables.
    func vault() async throws -> Site {
        let registry = ModelRegistry([Keyword.self, Record.self])
        let empty = Migrations(app: "vault", [])
        let drafts = try await MigrationAutodetector(MigrationGraph([empty]), models: registry).changes()
        let migrations = Migrations(app: "vault", drafts.map(\.migration))
        var site = site
        site.apps = [App("vault", models: [Record.self, Keyword.self], migrations: migrations)]
        return site
    }
}
