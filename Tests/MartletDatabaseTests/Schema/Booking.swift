import FoundationEssentials
import MartletORM

/// A model with what PostgreSQL alone has.
struct Booking: Model {
    enum Extra: String, Choices, ArrayElement { case breakfast, parking }

    var id = 0
    var room = 0
    var guest = ""
    var notes: String?
    var tags: [String] = []
    var grid: [[Int]]?
    var extras: [Extra] = []
    var days: [Date?] = []
    var during = RangeValue<Date>.unbounded
    var ages: RangeValue<Int>?
    var isCancelled = false
    var words = SearchVector()

    static let appLabel = "hotel"
    static let table = Table<Booking>(
        .auto(\.id),
        .integer(\.room),
        .char(\.guest, maxLength: 100),
        .text(\.notes),
        .array(\.tags, of: .char(maxLength: 20)),
        .array(\.grid, of: .array(.integer, size: nil)),
        .array(\.extras, of: .choices(["breakfast", "parking"], maxLength: 20)),
        .array(\.days, of: .dateTime),
        .dateTimeRange(\.during),
        .integerRange(\.ages),
        .bool(\.isCancelled),
        .searchVector(\.words).generated {
            $0.guest.searchVector(language: "english", weight: .a) + $0.notes.searchVector(language: "english")
        },
        indexes: [
            .gin(\.tags), .gin(\.words), .gist(\.during), .gin(\.guest, operatorClasses: ["gin_trgm_ops"]),
            .gin(\.tags, name: "slow_tags", settings: ["fastupdate": "off"]),
        ],
        constraints: [
            .exclude(name: "no_double_booking", where: { $0.isCancelled == false }) {
                [$0.room.excluding(.equal), $0.during.excluding(.overlaps)]
            },
            .exclude(deferrable: .deferred) { [$0.guest.excluding(.equal), $0.ages.excluding(.overlaps)] },
        ])
}
