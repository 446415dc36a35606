public import MartletORM

/// Adds a constraint to a model.
///
/// ```swift
/// AddConstraint("Person", .check("age_positive", F("age") >= 0))
/// ```
public struct AddConstraint: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The constraint.
    public let constraint: ConstraintSchema

    /// Makes the operation.
    public init(_ model: String, _ constraint: ConstraintSchema) {
        self.model = model
        self.constraint = constraint
    }

    /// `Create constraint age_positive on model person`.
    public var description: String { "Create constraint \(constraint.name) on model \(model.lowercased())" }

    /// `person_age_positive`.
    public var nameFragment: String? { "\(model.lowercased())_\(constraint.name.lowercased())" }

    /// Adds the constraint.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            try model.requireNewConstraint(constraint.name)
            model.constraints.append(constraint)
            try model.checkGroups()
        }
    }
}

/// Removes a constraint from a model.
public struct RemoveConstraint: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The constraint's name.
    public let name: String

    /// Makes the operation.
    public init(_ model: String, _ name: String) {
        self.model = model
        self.name = name
    }

    /// `Remove constraint age_positive from model person`.
    public var description: String { "Remove constraint \(name) from model \(model.lowercased())" }

    /// `remove_person_age_positive`.
    public var nameFragment: String? { "remove_\(model.lowercased())_\(name.lowercased())" }

    /// Removes the constraint.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            model.constraints.remove(at: try model.constraintPlace(name))
        }
    }
}

/// Gives an index of a model another name; it is not built anew where the database can rename it.
public struct RenameIndex: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The name it had.
    public let oldName: String
    /// The name it gets.
    public let newName: String

    /// Makes the operation.
    public init(_ model: String, _ oldName: String, to newName: String) {
        self.model = model
        self.oldName = oldName
        self.newName = newName
    }

    /// `Rename index post_status_idx on post to post_state_idx`.
    public var description: String { "Rename index \(oldName) on \(model.lowercased()) to \(newName)" }

    /// `rename_post_status_idx_post_state_idx`.
    public var nameFragment: String? { "rename_\(oldName.lowercased())_\(newName.lowercased())" }

    /// Renames the index.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            let place = try model.indexPlace(oldName)
            try model.requireNewIndex(newName)
            model.indexes[place].name = newName
        }
    }
}

/// Changes what is known of a model beyond its fields: whether migrations look after its table, and the comment on it.
public struct AlterModelOptions: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// Whether migrations make and change the table; what there is stays as it is.
    public let isManaged: Bool
    /// What the database says about the table.
    public let comment: String?

    /// Makes the operation.
    public init(_ model: String, managed: Bool = true, comment: String? = nil) {
        self.model = model
        isManaged = managed
        self.comment = comment
    }

    /// `Change options on post`.
    public var description: String { "Change options on \(model.lowercased())" }

    /// `alter_post_options`.
    public var nameFragment: String? { "alter_\(model.lowercased())_options" }

    /// Replaces the options.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            model.isManaged = isManaged
            model.comment = comment
        }
    }
}
