import FoundationEssentials
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

    /// The name of the way back; `nil` for the model's own.
    var relatedName: String?

    /// How the other end is loaded.
    var related: RelatedAccess<M>?

    /// How the other end is written: a ``LinkTable``, ``ReverseLinks`` or ``ReverseReference``.
    var links: (any Sendable)?

    /// The value that templates see.
    var template: (@Sendable (M) throws -> TemplateValue?)?

    /// The label of a choice.
    var display: (@Sendable (M) -> String)?

    /// When the database layer sets the value itself.
    var clock = ClockRole.none

    /// Sets the property to a moment, where ``clock`` asks for it.
    var setNow: (@Sendable (inout M, Date) -> Void)?

    /// Where the files of the field go.
    var files: FileRules<M>?

    /// The folder that the path in the field leads into; ``Model/fullClean()`` looks whether the file is there.
    var pathFolder: String?

    /// Whether an empty text is a valid value.
    var allowsBlank = false

    /// What the field's own validators say of a model.
    var rules: (@Sendable (M) -> [ValidationProblem])?

    /// Why the property's value cannot be stored at all; `nil` when it can.
    var problemOfValue: (@Sendable (M) -> String?)?

    /// Puts the field's name into the relation value, so that its errors can say it.
    var label: (@Sendable (inout M, RelationLabel) -> Void)?

    /// What the database computes the column from.
    var generation: (@Sendable (TableColumns<M>) -> SQLExpression)?

    /// Other key paths that lead to the property: that of a protocol it satisfies.
    var aliases: [any AnyKeyPath & Sendable] = []

    /// What is wrong with this line.
    var problem: String?
}

/// When a moment is set by the database layer.
enum ClockRole: Sendable {
    case none
    case onCreate
    case onSave

    init(autoNow: Bool, autoNowAdd: Bool) {
        self = autoNow ? .onSave : autoNowAdd ? .onCreate : .none
    }
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
