public import MartletORM

/// A row of a model as it was at some point of the history.
public struct FrozenRow: Sendable {
    /// The value of the primary key.
    public let primaryKey: SQLValue

    private let values: [String: SQLValue]
    private let model: String

    init(_ row: any Row, _ fields: [(name: String, kind: FieldKind)], of model: String) throws {
        var values: [String: SQLValue] = [:]
        for (index, field) in fields.enumerated() { values[field.name] = try row.value(at: index, as: field.kind) }
        self.values = values
        self.model = model
        primaryKey = try row.value(at: 0, as: fields[0].kind)
    }

    /// The value of a field that was read; `nil` for any other.
    public subscript(_ field: String) -> SQLValue? { values[field] }

    /// The text of a field.
    ///
    /// - Throws: ``MigrationError`` of kind `state` when the field was not read, or holds something else.
    public func text(_ field: String) throws(MigrationError) -> String {
        if case .text(let text) = values[field] { return text }
        throw wrong(field, "a text")
    }

    /// The whole number of a field.
    ///
    /// - Throws: ``MigrationError`` of kind `state` when the field was not read, or holds something else.
    public func integer(_ field: String) throws(MigrationError) -> Int64 {
        if case .integer(let number) = values[field] { return number }
        throw wrong(field, "a whole number")
    }

    private func wrong(_ field: String, _ expected: String) -> MigrationError {
        guard let value = values[field] else {
            return MigrationError(
                .state, "The field '\(field)' of '\(model)' was not read.", "Name it behind `reading:`.")
        }
        return MigrationError(
            .state, "'\(model).\(field)' holds \(value), which is not \(expected).",
            "Read it by `row[\"\(field)\"]`, and look at what it is.")
    }
}

extension Row {
    /// The column with its meaning, which the database alone may not know: SQLite keeps a UUID as text.
    fileprivate func value(at index: Int, as kind: FieldKind) throws -> SQLValue {
        if isNull(at: index) { return .null }
        return switch kind {
        case .bool: .bool(try bool(at: index))
        case .uuid: .uuid(try uuid(at: index))
        case .dateTime: .dateTime(try dateTime(at: index))
        case .date: .date(try date(at: index))
        case .time: .time(try time(at: index))
        case .duration: .duration(try duration(at: index))
        case .decimal: .decimal(try decimal(at: index))
        case .json: .json(try json(at: index))
        case .binary: .bytes(try bytes(at: index))
        case .float: .real(try real(at: index))
        case _ where kind.integerRange != nil: .integer(try integer(at: index))
        default: value(at: index)
        }
    }
}
