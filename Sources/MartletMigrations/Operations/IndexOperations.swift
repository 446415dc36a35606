public import MartletORM

/// Adds an index to a model.
public struct AddIndex: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The index.
    public let index: IndexSchema

    /// Makes the operation.
    public init(_ model: String, _ index: IndexSchema) {
        self.model = model
        self.index = index
    }

    /// `Create index blog_post_status_1c2d3e_idx on field(s) status, published_on of model post`.
    public var description: String {
        "Create index \(index.name) on field(s) \(index.fields.joined(separator: ", ")) of model \(model.lowercased())"
    }

    /// `post_blog_post_status_1c2d3e_idx`.
    public var nameFragment: String? { "\(model.lowercased())_\(index.name.lowercased())" }

    /// Adds the index.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            try model.requireNewIndex(index.name)
            model.indexes.append(index)
            try model.checkGroups()
        }
    }
}

/// Removes an index from a model.
public struct RemoveIndex: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The index's name.
    public let name: String

    /// Makes the operation.
    public init(_ model: String, _ name: String) {
        self.model = model
        self.name = name
    }

    /// `Remove index blog_post_status_1c2d3e_idx from post`.
    public var description: String { "Remove index \(name) from \(model.lowercased())" }

    /// `remove_post_blog_post_status_1c2d3e_idx`.
    public var nameFragment: String? { "remove_\(model.lowercased())_\(name.lowercased())" }

    /// Removes the index.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            model.indexes.remove(at: try model.indexPlace(name))
        }
    }
}

/// Replaces the groups of fields whose values together are unique.
public struct AlterUniqueTogether: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// All groups, as they shall be.
    public let groups: [[String]]

    /// Makes the operation.
    public init(_ model: String, _ groups: [[String]]) {
        self.model = model
        self.groups = groups
    }

    /// `Alter unique_together for post (1 constraint(s))`.
    public var description: String {
        "Alter unique_together for \(model.lowercased()) (\(groups.count) constraint(s))"
    }

    /// `alter_post_unique_together`.
    public var nameFragment: String? { "alter_\(model.lowercased())_unique_together" }

    /// Replaces the groups.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            model.uniqueTogether = groups
            try model.checkGroups()
        }
    }
}
