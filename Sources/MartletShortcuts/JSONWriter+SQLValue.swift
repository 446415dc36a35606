import FoundationEssentials
package import MartletJSON
package import MartletORM

extension JSONWriter {
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
        case .bytes(let bytes): string(Data(bytes).base64EncodedString())
        }
    }
}
