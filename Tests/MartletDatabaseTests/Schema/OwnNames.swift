import FoundationEssentials
import MartletORM

// Models of which nothing is called in the database what it is called in Swift: words of SQL, blanks, capitals, quotes.

struct Shop: Model {
    var id = 0
    var name = ""
    var wares = Related<Ware>()

    static let appLabel = "own"
    static let table = Table<Shop>(
        .auto(\.id, column: "Shop No"), .char(\.name, maxLength: 20, unique: true, column: "group"),
        .reverse(\.wares, through: \.shop), ordering: [.ascending(\.name)], name: "All Shops")
}

struct Mark: Model {
    var id = 0
    var word = ""
    var wares = Related<Ware>()

    static let appLabel = "own"
    static let table = Table<Mark>(
        .auto(\.id, column: "select"), .slug(\.word, unique: true, column: "value"),
        .reverse(\.wares, through: \.marks), name: "mark's")
}

struct Ware: Model {
    var id = UUID.v7()
    var title = ""
    var price = 0
    var total = 0
    var note: String?
    var shop = ForeignKey<Shop>()
    var partner: ForeignKey<Ware>?
    var marks = ManyToMany<Mark>()
    var changedAt = Date.now

    static let appLabel = "own"
    static let table = Table<Ware>(
        .uuid(\.id, primaryKey: true, column: "No."), .char(\.title, maxLength: 30, column: "order"),
        .integer(\.price, column: "Price in €"), .integer(\.total, column: "from").generated { $0.price * 2 },
        .char(\.note, maxLength: 20, column: "NULL").databaseDefault("none"),
        .foreignKey(\.shop, onDelete: .cascade, relatedName: "wares", column: "shop's \"key\""),
        .foreignKey(\.partner, onDelete: .setNull, relatedName: "partners", column: "partner"),
        .manyToMany(\.marks, relatedName: "wares"), .dateTime(\.changedAt, autoNow: true, column: "when"),
        indexes: [
            .index(\.price, \.title), .index { ($0.title.lower(), $0.price.descending) },
            .index(\.title, name: "by \"order\"", where: { $0.price > 3 }),
        ],
        constraints: [
            .check(name: "price is 'positive'") { $0.price >= 0 }, .unique(\.shop, \.title, name: "one of a kind"),
        ],
        name: "Ware \"list\"")
}
