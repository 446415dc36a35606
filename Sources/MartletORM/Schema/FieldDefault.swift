import FoundationEssentials
import MartletCrypto
import MartletJSON
import MartletValues

/// What the existing rows get when a migration adds a column that may not be null.
///
/// It is used once, by the migration; the column keeps no default.
public enum FieldDefault: Sendable, Hashable {
    /// A text.
    case text(String)
    /// A whole number, or the id of a row.
    case integer(Int64)
    /// A number.
    case real(Double)
    /// True or false.
    case bool(Bool)
    /// A UUID in its usual form, or the id of a row.
    case uuid(String)
    /// A moment in UTC, such as `2026-01-31 09:05:00`.
    case dateTime(String)
    /// A decimal number, such as `10.08`.
    case decimal(String)
    /// A day, such as `2026-01-31`.
    case date(String)
    /// A time of day, such as `09:05:00`.
    case time(String)
    /// A length of time, such as `1 02:03:04` (days, hours, minutes, seconds).
    case duration(String)
    /// A document of JSON.
    case json(String)
    /// Bytes as pairs of hexadecimal digits.
    case binary(String)
    /// The moment at which the migration runs, or its day or time of day.
    case now
    /// Another random UUID for each row.
    case newUUID

    /// The value, the same for every row; `nil` for ``now`` and ``newUUID``, and for text that is no UUID or moment.
    public var value: SQLValue? {
        switch self {
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .real(let number): .real(number)
        case .bool(let flag): .bool(flag)
        case .uuid(let text): UUID(uuidString: text).map(SQLValue.uuid)
        case .dateTime(let text): DateTimeText.date(from: text.utf8).map(SQLValue.dateTime)
        case .decimal(let text): ExactDecimal(text).map { .decimal($0.decimal) }
        case .date(let text): CalendarDate(text).map(SQLValue.date)
        case .time(let text): TimeOfDay(text).map(SQLValue.time)
        case .duration(let text): Duration(clockText: text).map(SQLValue.duration)
        case .json(let text): (try? JSON.parse(text)).map { _ in .json(text) }
        case .binary(let digits): (try? [UInt8](hexadecimal: digits)).map(SQLValue.bytes)
        case .now, .newUUID: nil
        }
    }

    /// Whether rows of a column of that kind can have this default.
    ///
    /// - Parameter kind: The kind of a column, not of a relation.
    public func suits(_ kind: FieldKind) -> Bool {
        switch (self, kind) {
        case (.text(let text), .array): ArrayItem(text) != nil
        case (.text, .range), (.text, .searchVector): true
        case (.text(let text), .choices(let choices, _)), (.text(let text), .checkedChoices(let choices, _)):
            choices.contains(text)
        case (.integer(let number), .integerChoices(let choices)),
            (.integer(let number), .checkedIntegerChoices(let choices)):
            choices.contains { $0 == number }
        case (.text(let text), .shortUUID): ShortUUID(text)?.description.utf8.count == ShortUUID.shortLength
        case (.text(let text), .ipAddress): IPAddress(text) != nil
        case (.text(let text), _) where kind.maxLength != nil:
            text.unicodeScalars.count <= kind.maxLength ?? 0
        case (.decimal(let text), .decimal(let digits, let places)):
            ExactDecimal(text).map { $0.places <= places && $0.wholeDigits <= digits - places } ?? false
        case (.integer(let number), .decimal(let digits, let places)):
            ExactDecimal(number).wholeDigits <= digits - places
        case (.text, .text), (.bool, .bool), (.real, .float), (.integer, .float), (.now, .dateTime), (.newUUID, .uuid):
            true
        case (.now, .date), (.now, .time): true
        case (.integer(let number), _): kind.integerRange?.contains(number) ?? false
        case (.uuid, .uuid), (.dateTime, .dateTime), (.date, .date), (.time, .time), (.duration, .duration),
            (.json, .json), (.binary, .binary):
            value != nil
        default: false
        }
    }
}
