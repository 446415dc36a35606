import MartletTemplates

/// One line of a ``Table``: a property and what it stores.
public struct Field<M: Model>: Sendable {
    /// The field's name in snake_case.
    let name: String

    /// The property's name in Swift.
    let property: String

    let keyPath: any AnyKeyPath & Sendable

    /// What it stores; `nil` for a reverse relation, which is the other table's affair.
    var schema: FieldSchema?

    /// The way to another table.
    var relation: Relation?

    /// How the column is read and written; `nil` for a field without one.
    var column: ColumnAccess?

    /// How the other end is loaded.
    var related: RelatedAccess<M>?

    /// The value that templates see.
    var template: (@Sendable (M) throws -> TemplateValue?)?

    /// The label of a choice.
    var display: (@Sendable (M) -> String)?

    /// When the database layer sets the value itself.
    var clock = ClockRole.none

    /// Puts the field's name into the relation value, so that its errors can say it.
    var label: (@Sendable (inout M, RelationLabel) -> Void)?

    /// What is wrong with this line.
    var problem: String?
}

/// When a moment is set by the database layer.
enum ClockRole: Sendable {
    case none
    case onCreate
    case onSave
}

extension Field {
    /// A field with a column; every kind of column is made here.
    static func make<V: FieldValue>(
        _ keyPath: any WritableKeyPath<M, V> & Sendable, _ kind: FieldKind, column: String?, primaryKey: Bool = false,
        unique: Bool = false, index: Bool = false
    ) -> Field {
        let property = propertyName(keyPath)
        let name = snakeCased(property)
        var field = Field(name: name, property: property, keyPath: keyPath)
        field.schema = FieldSchema(
            name, kind, column: column, null: V.isNullable, primaryKey: primaryKey, unique: unique, index: index)
        field.template = { TemplateValue($0[keyPath: keyPath].sqlValue) }
        guard let offset = MemoryLayout<M>.offset(of: keyPath) else {
            field.problem = "A line names a computed property of type \(V.self); a field needs a stored one."
            return field
        }
        field.column = ColumnAccess.stored(V.self, at: offset)
        return field
    }

    /// The last component of `\Post.publishedOn`.
    static func propertyName(_ keyPath: AnyKeyPath) -> String {
        String("\(keyPath)".split(separator: ".").last ?? "field")
    }
}
