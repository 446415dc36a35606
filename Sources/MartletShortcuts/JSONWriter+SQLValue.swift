import FoundationEssentials
package import MartletJSON
package import MartletORM
import MartletValues

extension JSONWriter {
    /// A value of a field, as Django REST framework writes it: a decimal with all places of its column.
    package mutating func value(_ value: SQLValue, of kind: FieldKind?) throws {
        if case .decimal(_, let places)? = kind, case .decimal(let number) = value, let exact = ExactDecimal(number) {
            string(exact.text(places: places))
        } else {
            try self.value(value)
        }
    }

    /// A value of a field.
    package mutating func value(_ value: SQLValue) throws {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let number): integer(number)
        case .real(let number): try double(number)
        case .text(let text): string(text)
        case .uuid(let uuid): self.uuid(uuid)
        case .dateTime(let date): try self.date(date)
        case .decimal(let number): string(number.description)
        case .date(let day): string(day.description)
        case .time(let time): string(time.description)
        case .duration(let duration): string(duration.clockText)
        case .json(let text): raw(text.utf8)
        case .bytes(let bytes): string(Data(bytes).base64EncodedString())
        }
    }
}
