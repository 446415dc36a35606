import FoundationEssentials

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
    /// The moment at which the migration runs.
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
        case .now, .newUUID: nil
        }
    }

    /// Whether rows of a column of that kind can have this default.
    ///
    /// - Parameter kind: The kind of a column, not of a relation.
    public func suits(_ kind: FieldKind) -> Bool {
        switch (self, kind) {
        case (.text(let text), .char(let length)), (.text(let text), .email(let length)),
            (.text(let text), .slug(let length)):
            text.unicodeScalars.count <= length
        case (.text(let text), .choices(let choices, _)): choices.contains(text)
        case (.text(let text), .array): ArrayItem(text) != nil
        case (.text, .range), (.text, .searchVector): true
        case (.text, .text), (.bool, .bool), (.real, .float), (.integer, .float), (.now, .dateTime), (.newUUID, .uuid):
            true
        case (.integer, .auto), (.integer, .bigInteger): true
        case (.integer(let number), .integer): Int32(exactly: number) != nil
        case (.integer(let number), .positiveInteger): number >= 0 && Int32(exactly: number) != nil
        case (.uuid, .uuid), (.dateTime, .dateTime): value != nil
        default: false
        }
    }
}
