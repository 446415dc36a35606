import FoundationEssentials
import MartletJSON
import MartletORM
import MartletValues

/// A model with a field of every kind, and one that may be null of most.
struct Specimen: Model {
    enum Status: String, Choices { case draft, inReview = "in_review" }
    enum Priority: Int, Choices { case low = 1, veryHigh = 9 }
    struct Settings: Codable, Equatable {
        var theme = "light"
        var sizes = [1, 2]
    }

    var id = 0
    var tiny: Int8 = 0
    var small: Int16 = 0
    var medium: Int32 = 0
    var large: Int64 = 0
    var tinyCount: UInt8 = 0
    var smallCount: UInt16 = 0
    var count: UInt32 = 0
    var bigCount = 0
    var price = Decimal(0)
    var amount = Decimal(0)
    var homepage = "https://example.org/"
    var token = UUID.v7()
    var code = ShortUUID.random()
    var birthday = CalendarDate.first
    var opensAt = TimeOfDay.midnight
    var length = Duration.zero
    var content: [UInt8] = []
    var data = Data()
    var settings = Settings()
    var payload: JSONValue = .null
    var status = Status.draft
    var priority = Priority.low
    var checkedStatus = Status.draft
    var checkedPriority = Priority.low
    var address = IPAddress.loopback
    var maybePrice: Decimal?
    var maybeDay: CalendarDate?
    var maybeTime: TimeOfDay?
    var maybeLength: Duration?
    var maybeData: Data?
    var maybeContent: [UInt8]?
    var maybeSettings: Settings?
    var maybePriority: Priority?
    var maybeAddress: IPAddress?
    var maybeCode: ShortUUID?
    var maybeSmall: Int16?

    static let appLabel = "fields"
    static let table = Table<Specimen>(
        .auto(\.id),
        .smallInteger(\.tiny),
        .smallInteger(\.small),
        .integer(\.medium),
        .bigInteger(\.large),
        .positiveSmallInteger(\.tinyCount),
        .positiveInteger(\.smallCount),
        .positiveBigInteger(\.count),
        .positiveBigInteger(\.bigCount),
        .decimal(\.price, maxDigits: 10, decimalPlaces: 2),
        .decimal(\.amount, maxDigits: 38, decimalPlaces: 10),
        .url(\.homepage),
        .uuid(\.token),
        .shortUUID(\.code, unique: true),
        .date(\.birthday),
        .time(\.opensAt),
        .duration(\.length),
        .binary(\.content),
        .binary(\.data),
        .json(\.settings),
        .json(\.payload),
        .choices(\.status),
        .choices(\.priority),
        .choices(\.checkedStatus, checked: true),
        .choices(\.checkedPriority, checked: true),
        .ipAddress(\.address),
        .decimal(\.maybePrice, maxDigits: 10, decimalPlaces: 2),
        .date(\.maybeDay),
        .time(\.maybeTime),
        .duration(\.maybeLength),
        .binary(\.maybeData),
        .binary(\.maybeContent),
        .json(\.maybeSettings),
        .choices(\.maybePriority),
        .ipAddress(\.maybeAddress),
        .shortUUID(\.maybeCode),
        .smallInteger(\.maybeSmall)
    )
}

extension IPAddress {
    static var loopback: IPAddress { IPAddress(networkOrder: [127, 0, 0, 1]) }
}

/// A price with room for two places, and one that needs more digits than a binary number has.
struct Product: Model {
    var id = 0
    var price = Decimal(0)
    var exact = Decimal(0)

    static let appLabel = "fields"
    static let table = Table<Product>(
        .auto(\.id),
        .decimal(\.price, maxDigits: 10, decimalPlaces: 2),
        .decimal(\.exact, maxDigits: 38, decimalPlaces: 10, unique: true)
    )
}
