import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues

/// A model with a field of each kind that names from outside can ask, on both databases.
struct Outing: Model {
    enum Level: Int, Choices { case easy = 1, hard = 9 }
    enum Mood: String, Choices { case calm, wild }

    var id = 0
    var name = ""
    var data = JSONValue.null
    var day: CalendarDate?
    var startsAt: Date?
    var opens: TimeOfDay?
    var length: Duration?
    var price = Decimal(0)
    var weight = 0.0
    var isOpen = false
    var token = UUID()
    var address: IPAddress?
    var level = Level.easy
    var mood = Mood.calm
    var guests = Related<Guest>()

    static let appLabel = "lookups"
    static let table = Table<Outing>(
        .auto(\.id), .char(\.name, maxLength: 50), .json(\.data), .date(\.day), .dateTime(\.startsAt), .time(\.opens),
        .duration(\.length), .decimal(\.price, maxDigits: 8, decimalPlaces: 2), .float(\.weight), .bool(\.isOpen),
        .uuid(\.token), .ipAddress(\.address), .choices(\.level), .choices(\.mood),
        .reverse(\.guests, through: \.outing))
}

struct Guest: Model {
    var id = 0
    var name = ""
    var outing = ForeignKey<Outing>()

    static let appLabel = "lookups"
    static let table = Table<Guest>(
        .auto(\.id), .char(\.name, maxLength: 50), .foreignKey(\.outing, onDelete: .cascade, relatedName: "guests"))
}

extension Outing {
    /// Four outings, called A to D, and a guest of each of the first two.
    static func load() async throws {
        func moment(_ seconds: Double) -> Date { Date(timeIntervalSince1970: seconds) }
        let first = Outing(
            name: "A",
            data: [
                "owner": ["name": "Ann", "age": 31], "tags": ["x", "y"], "open": true, "note": nil, "code": "m",
            ],
            // A Thursday of the ninth week.
            day: CalendarDate(year: 2024, month: 2, day: 29),
            // 2024-12-30 23:30:15, a Monday of the first week of 2025.
            startsAt: moment(1_735_601_415), opens: TimeOfDay("09:05:07"), length: .seconds(131_400),
            price: Decimal(1008) / 100, weight: 0.5, isOpen: true,
            token: UUID(uuidString: "11111111-2222-4333-8444-555555555555") ?? UUID(),
            address: IPAddress("192.0.2.1"), level: .easy, mood: .calm)
        let second = Outing(
            name: "B",
            data: ["owner": ["name": "bob", "age": 7], "tags": ["y"], "open": false, "size": 2.5, "code": "c"],
            // A Sunday of the last week of 2020.
            day: CalendarDate(year: 2021, month: 1, day: 3),
            // 2021-01-03 00:15:59.75
            startsAt: moment(1_609_632_959.75), opens: TimeOfDay("23:59:59.5"), length: .seconds(90),
            price: Decimal(30) / 100, weight: -1.25, isOpen: false,
            token: UUID(uuidString: "ABCDEF01-2222-4333-8444-555555555566") ?? UUID(),
            address: IPAddress("2001:db8::1"), level: .hard, mood: .wild)
        let third = Outing(
            name: "C", data: ["a", ["k": 1]], price: Decimal(9999) / 100, weight: 3,
            token: UUID(uuidString: "20000000-2222-4333-8444-555555555577") ?? UUID())
        let fourth = Outing(
            name: "D", data: .null,
            // A Monday.
            day: CalendarDate(year: 2024, month: 7, day: 1),
            // 2024-03-31 00:59:00, a Sunday, a minute before clocks in Berlin are set forward.
            startsAt: moment(1_711_846_740), opens: .midnight, length: .zero, price: 5, weight: 0,
            token: UUID(uuidString: "30000000-2222-4333-8444-555555555588") ?? UUID(), level: .hard)
        let outings = try await Outing.objects.createMany([first, second, third, fourth])
        try await Guest.objects.createMany([
            Guest(name: "Zoe", outing: ForeignKey(outings[0])), Guest(name: "Yan", outing: ForeignKey(outings[1])),
        ])
    }

    /// The names of the rows, in order, as one text.
    static func names(_ query: QuerySet<Outing>) async throws -> String {
        try await query.order { $0.name }.all().map(\.name).joined()
    }
}
