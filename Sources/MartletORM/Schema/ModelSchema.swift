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

    /// The rules that the database holds all rows to.
    public var constraints: [ConstraintSchema]

    /// Whether migrations make and change the table; `false` for one that somebody else looks after.
    public var isManaged: Bool

    /// What the database says about the table.
    public var comment: String?

    /// The model whose table this is another view of; migrations leave such models out.
    public var proxied: ModelName?

    /// Makes a schema.
    ///
    /// - Parameter table: `nil` for Django's name, `app_model`.
    public init(
        name: ModelName, table: String? = nil, fields: [FieldSchema] = [], indexes: [IndexSchema] = [],
        uniqueTogether: [[String]] = [], constraints: [ConstraintSchema] = [], managed: Bool = true,
        comment: String? = nil
    ) {
        self.name = name
        self.table = table ?? Self.defaultTable(for: name)
        self.fields = fields
        self.indexes = indexes
        self.uniqueTogether = uniqueTogether
        self.constraints = constraints
        isManaged = managed
        self.comment = comment
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

    /// What the database itself computes or says of the column; `nil` for most.
    var details: ColumnDetails?

    /// Makes a field.
    ///
    /// - Parameters:
    ///   - column: `nil` for the field's name, with `_id` for a foreign key.
    ///   - databaseDefault: What the database gives to rows that are inserted without a value.
    ///   - generated: What the database computes the column from; nobody else writes it.
    ///   - comment: What the database says about the column.
    public init(
        _ name: String, _ kind: FieldKind, column: String? = nil, null: Bool = false, primaryKey: Bool = false,
        unique: Bool = false, index: Bool = false, databaseDefault: SchemaExpression? = nil,
        generated: GeneratedColumn? = nil, comment: String? = nil
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
        details = ColumnDetails.nonEmpty(databaseDefault, generated, comment)
    }
}
