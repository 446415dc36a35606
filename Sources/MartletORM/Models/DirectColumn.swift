import FoundationEssentials

/// A property of a common type by its place in the struct: read and written without a call through a closure, which takes
/// longer than moving the value.
struct DirectColumn: Sendable {
    /// The types that most columns have.
    enum Form: UInt8, Sendable {
        case int, text, moment, flag, real, uuid
        case optionalInt, optionalText, optionalMoment, optionalUUID
    }

    let form: Form

    /// In bytes from the beginning of the model.
    let offset: Int

    /// - Returns: `nil` for a type that has no form.
    init?<V>(_: V.Type, at offset: Int) {
        guard let form = Form(V.self) else { return nil }
        self.form = form
        self.offset = offset
    }

    /// Decodes a column into the model at an address.
    func decode(_ row: any Row, at index: Int, into model: UnsafeMutableRawPointer) throws(DecodingProblem) {
        let place = model.advanced(by: offset)
        switch form {
        case .int: place.assumingMemoryBound(to: Int.self).pointee = Int(try row.integer(at: index))
        case .text: place.assumingMemoryBound(to: String.self).pointee = try row.text(at: index)
        case .moment: place.assumingMemoryBound(to: Date.self).pointee = try row.dateTime(at: index)
        case .flag: place.assumingMemoryBound(to: Bool.self).pointee = try row.bool(at: index)
        case .real: place.assumingMemoryBound(to: Double.self).pointee = try row.real(at: index)
        case .uuid: place.assumingMemoryBound(to: UUID.self).pointee = try row.uuid(at: index)
        case .optionalInt:
            place.assumingMemoryBound(to: Int?.self).pointee =
                row.isNull(at: index) ? nil : Int(try row.integer(at: index))
        case .optionalText:
            place.assumingMemoryBound(to: String?.self).pointee = row.isNull(at: index) ? nil : try row.text(at: index)
        case .optionalMoment:
            place.assumingMemoryBound(to: Date?.self).pointee =
                row.isNull(at: index) ? nil : try row.dateTime(at: index)
        case .optionalUUID:
            place.assumingMemoryBound(to: UUID?.self).pointee = row.isNull(at: index) ? nil : try row.uuid(at: index)
        }
    }

    /// The value of the column of the model at an address.
    func encode(_ model: UnsafeRawPointer) -> SQLValue {
        let place = model.advanced(by: offset)
        return switch form {
        case .int: .integer(Int64(place.assumingMemoryBound(to: Int.self).pointee))
        case .text: .text(place.assumingMemoryBound(to: String.self).pointee)
        case .moment: .dateTime(place.assumingMemoryBound(to: Date.self).pointee)
        case .flag: .bool(place.assumingMemoryBound(to: Bool.self).pointee)
        case .real: .real(place.assumingMemoryBound(to: Double.self).pointee)
        case .uuid: .uuid(place.assumingMemoryBound(to: UUID.self).pointee)
        case .optionalInt: place.assumingMemoryBound(to: Int?.self).pointee.map { .integer(Int64($0)) } ?? .null
        case .optionalText: place.assumingMemoryBound(to: String?.self).pointee.map { .text($0) } ?? .null
        case .optionalMoment: place.assumingMemoryBound(to: Date?.self).pointee.map { .dateTime($0) } ?? .null
        case .optionalUUID: place.assumingMemoryBound(to: UUID?.self).pointee.map { .uuid($0) } ?? .null
        }
    }
}

extension DirectColumn.Form {
    /// The form of a type; each is the very type that the column's memory is bound to.
    fileprivate init?<V>(_ type: V.Type) {
        if type == Int.self {
            self = .int
        } else if type == String.self {
            self = .text
        } else if type == Date.self {
            self = .moment
        } else if type == Bool.self {
            self = .flag
        } else if type == Double.self {
            self = .real
        } else if type == UUID.self {
            self = .uuid
        } else if type == Int?.self {
            self = .optionalInt
        } else if type == String?.self {
            self = .optionalText
        } else if type == Date?.self {
            self = .optionalMoment
        } else if type == UUID?.self {
            self = .optionalUUID
        } else {
            return nil
        }
    }
}
