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

    /// How the other end is loaded.
    var related: RelatedAccess<M>?

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

/// Reads and writes one stored property by its offset in the struct, which is many times faster than by key path.
struct ColumnAccess: Sendable {
    /// Decodes the column into the model at the address.
    let decode: @Sendable (UnsafeMutableRawPointer, any Row, Int) throws(DecodingProblem) -> Void
    /// The property of the model at the address.
    let encode: @Sendable (UnsafeRawPointer) -> SQLValue

    /// The same, with values changed on their way to the database.
    func encoding(_ change: @escaping @Sendable (SQLValue) -> SQLValue) -> ColumnAccess {
        ColumnAccess(decode: decode, encode: { [encode] in change(encode($0)) }, original: encode)
    }

    /// The property as it is, where ``encode`` changes it on its way to the database.
    let original: @Sendable (UnsafeRawPointer) -> SQLValue

    init(
        decode: @escaping @Sendable (UnsafeMutableRawPointer, any Row, Int) throws(DecodingProblem) -> Void,
        encode: @escaping @Sendable (UnsafeRawPointer) -> SQLValue,
        original: (@Sendable (UnsafeRawPointer) -> SQLValue)? = nil
    ) {
        self.decode = decode
        self.encode = encode
        self.original = original ?? encode
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
        field.column = ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee = try V.decode(from: row, at: index)
            },
            encode: { base in base.advanced(by: offset).assumingMemoryBound(to: V.self).pointee.sqlValue })
        return field
    }

    /// The last component of `\Post.publishedOn`.
    static func propertyName(_ keyPath: AnyKeyPath) -> String {
        String("\(keyPath)".split(separator: ".").last ?? "field")
    }
}
