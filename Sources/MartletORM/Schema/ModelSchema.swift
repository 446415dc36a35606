/// A model as the database sees it: a value that can be compared, frozen in a migration, and turned into tables.
public struct ModelSchema: Sendable, Hashable {
    /// The model's name.
    public var name: ModelName

    /// The table's name: `app_model` unless the model chose another.
    public var table: String

    /// The fields, in the order of declaration; reverse relations are not among them.
    public var fields: [FieldSchema]

    /// The indexes over several columns, or with a name.
    public var indexes: [IndexSchema]

    /// Groups of fields whose values together are unique.
    public var uniqueTogether: [[String]]

    /// Makes a schema.
    ///
    /// - Parameter table: `nil` for Django's name, `app_model`.
    public init(
        name: ModelName, table: String? = nil, fields: [FieldSchema] = [], indexes: [IndexSchema] = [],
        uniqueTogether: [[String]] = []
    ) {
        self.name = name
        self.table = table ?? Self.defaultTable(for: name)
        self.fields = fields
        self.indexes = indexes
        self.uniqueTogether = uniqueTogether
    }

    /// The table's name when the model does not choose one: app, underscore, the name in lower case, as Django does it.
    public static func defaultTable(for name: ModelName) -> String {
        "\(name.app)_\(name.name.lowercased())"
    }

    /// The field that identifies a row.
    public var primaryKey: FieldSchema? { fields.first(where: \.isPrimaryKey) }

    /// The field of that name.
    public func field(_ name: String) -> FieldSchema? { fields.first { $0.name == name } }
}

/// One field of a model.
public struct FieldSchema: Sendable, Hashable {
    /// The field's name in snake_case, as Django and templates know it: `published_on`, `author`.
    public var name: String

    /// The column's name: the field's, with `_id` for a foreign key.
    public var column: String

    /// What it stores.
    public var kind: FieldKind

    /// Whether it may be null.
    public var isNull: Bool

    /// Whether it identifies a row.
    public var isPrimaryKey: Bool

    /// Whether no two rows may have the same value.
    public var isUnique: Bool

    /// Whether it has an index of its own; slugs and foreign keys have one, as in Django.
    public var isIndexed: Bool

    /// Makes a field.
    ///
    /// - Parameter column: `nil` for the field's name, with `_id` for a foreign key.
    public init(
        _ name: String, _ kind: FieldKind, column: String? = nil, null: Bool = false, primaryKey: Bool = false,
        unique: Bool = false, index: Bool = false
    ) {
        self.name = name
        self.kind = kind
        if let column {
            self.column = column
        } else if case .foreignKey = kind {
            self.column = name + "_id"
        } else {
            self.column = name
        }
        isNull = null
        isPrimaryKey = primaryKey
        isUnique = unique
        isIndexed = index
    }
}

/// An index of a model.
public struct IndexSchema: Sendable, Hashable {
    /// The index's name.
    public var name: String

    /// The names of its fields, in order.
    public var fields: [String]

    /// Makes an index.
    public init(name: String, fields: [String]) {
        self.name = name
        self.fields = fields
    }
}
