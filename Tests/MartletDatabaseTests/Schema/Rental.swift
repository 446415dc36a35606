import FoundationEssentials
import MartletORM

// Models of the tests of constraints, indexes and what a database computes.

protocol Timestamped: Model {
    var createdAt: Date { get set }
    var updatedAt: Date { get set }
}

extension Timestamped {
    static var timestamps: [Field<Self>] {
        [
            .shared(\.createdAt, "createdAt") { .dateTime($0, autoNowAdd: true) },
            .shared(\.updatedAt, "updatedAt") { .dateTime($0, autoNow: true, index: true) },
        ]
    }
}

extension QuerySet where M: Timestamped {
    func changed(since moment: Date) -> Self { filter { $0.updatedAt >= moment } }
}

/// `lower(…)`, until the tests' own models need more of it.
func lower(_ text: Expr<String>) -> Expr<String> { Expr(.call(SQLFunction("lower"), [text.sql])) }

struct Flat: Model, Timestamped {
    enum State: String, Choices { case draft, offered, rented }

    var id = 0
    var street = ""
    var number = 0
    var door: String?
    var rent = 0
    var state = State.draft
    var width = 1
    var height = 1
    var edges = 0
    var priority: Int?
    var token: UUID?
    var listedAt: Date?
    var createdAt = Date.now
    var updatedAt = Date.now

    static let appLabel = "rental"
    static let table = Table<Flat>(
        .auto(\.id),
        .char(\.street, maxLength: 50).comment("Without the house's number; it's \"short\""),
        .integer(\.number),
        .char(\.door, maxLength: 10),
        .integer(\.rent),
        .choices(\.state),
        .integer(\.width),
        .integer(\.height),
        .integer(\.edges).generated { $0.width + $0.height },
        .integer(\.priority).databaseDefault(3),
        .uuid(\.token).databaseDefault(.newUUID),
        .dateTime(\.listedAt).databaseDefault(.now),
        fields: timestamps,
        indexes: [
            .index(\.street, \.number),
            .index { ($0.state, $0.rent.descending) },
            .index { lower($0.street) },
            .index(\.rent, include: [\.street], where: { $0.state == .offered }),
            .brin(\.rent),
            .hash(\.street),
            .index(\.street, name: "street_pattern", operatorClasses: ["varchar_pattern_ops"]),
        ],
        constraints: [
            .check(name: "rent_positive", message: "A rent is more than nothing.") { $0.rent > 0 },
            .check(name: "listed_lately") { $0.listedAt.year > 1900 },
            .check(name: "offered_has_door") { $0.state != .offered || !$0.door.isNull },
            .unique(\.street, \.number, \.door, name: "one_door", nullsDistinct: false),
            .unique(\.street, where: { $0.state == .rented }),
            .unique(name: "one_token_text") { (lower($0.street), $0.number) },
        ],
        uniqueTogether: [.fields(\.token, \.rent)],
        comment: "Flats to let"
    )
}

/// The same rows with fewer columns.
struct Address: Model {
    var id = 0
    var street = ""
    var number = 0

    static let appLabel = "rental"
    static let table = Table<Address>(
        proxyOf: Flat.self, .auto(\.id), .char(\.street, maxLength: 50), .integer(\.number),
        ordering: [.ascending(\.street), .descending(\.number)])
}

struct Tenancy: Model {
    var id = 0
    var flat = ForeignKey<Flat>()
    var address = ForeignKey<Address>()

    static let appLabel = "rental"
    static let table = Table<Tenancy>(
        .auto(\.id), .foreignKey(\.flat, onDelete: .cascade), .foreignKey(\.address, onDelete: .cascade),
        constraints: [.unique(\.flat, \.address, deferrable: .deferred)])
}

/// A table that somebody else looks after.
struct Register: Model {
    var id = 0
    var name = ""

    static let appLabel = "rental"
    static let table = Table<Register>(
        .auto(\.id), .char(\.name, maxLength: 20), name: "public_register", managed: false)
}
