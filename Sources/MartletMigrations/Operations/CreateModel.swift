public import MartletORM

/// Creates a model's table.
///
/// ```swift
/// CreateModel(
///     "Tag",
///     fields: [
///         .init("id", .uuid, primaryKey: true),
///         .init("name", .char(maxLength: 50), unique: true),
///     ])
/// ```
public struct CreateModel: MigrationOperation {
    /// The model's name without its app.
    public let name: String
    /// The fields.
    public let fields: [FieldSchema]
    /// The indexes over several columns, or with a name.
    public let indexes: [IndexSchema]
    /// Groups of fields whose values together are unique.
    public let uniqueTogether: [[String]]
    /// The table's name; `nil` for Django's, `app_model`.
    public let table: String?
    /// The rules that the database holds all rows to.
    public let constraints: [ConstraintSchema]
    /// Whether the table is made; `false` for one that somebody else looks after.
    public let isManaged: Bool
    /// What the database says about the table.
    public let comment: String?

    /// Makes the operation.
    public init(
        _ name: String, fields: [FieldSchema], indexes: [IndexSchema] = [], constraints: [ConstraintSchema] = [],
        uniqueTogether: [[String]] = [], table: String? = nil, managed: Bool = true, comment: String? = nil
    ) {
        self.name = name
        self.fields = fields
        self.indexes = indexes
        self.uniqueTogether = uniqueTogether
        self.table = table
        self.constraints = constraints
        isManaged = managed
        self.comment = comment
    }

    /// `Create model Post`.
    public var description: String { "Create model \(name)" }

    /// `post`.
    public var nameFragment: String? { name.lowercased() }

    /// The models its relations lead to.
    public var targets: [ModelName] { fields.compactMap(\.kind.target) }

    /// Adds the model.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        let model = ModelSchema(
            name: ModelName(app: app, name: name), table: table, fields: fields, indexes: indexes,
            uniqueTogether: uniqueTogether, constraints: constraints, managed: isManaged, comment: comment)
        guard model.fields.filter(\.isPrimaryKey).count == 1 else {
            throw MigrationError(
                .state, "Model '\(model.name)' needs exactly one primary key.",
                "Write `primaryKey: true` behind the field that identifies a row.")
        }
        try state.create(model)
    }
}
