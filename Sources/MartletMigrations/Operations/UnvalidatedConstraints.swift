public import MartletORM

/// Adds a check to a model that holds for rows written from now on; those there are stay unchecked.
///
/// ```swift
/// AddConstraintNotValid("Post", .check("views_positive", F("views") >= 0))
/// ```
///
/// It takes moments however large the table is. ``ValidateConstraint`` checks the other rows, in a later migration: in the
/// same one they would be checked under this one's lock. SQLite always checks all rows.
///
/// Source: [Django, `AddConstraintNotValid`](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation).
public struct AddConstraintNotValid: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The constraint, a check.
    public let constraint: ConstraintSchema

    /// Makes the operation.
    public init(_ model: String, _ constraint: ConstraintSchema) {
        self.model = model
        self.constraint = constraint
    }

    /// `Create not valid constraint views_positive on model post`.
    public var description: String { "Create not valid constraint \(constraint.name) on model \(model.lowercased())" }

    /// `post_views_positive_not_valid`.
    public var nameFragment: String? { AddConstraint(model, constraint).nameFragment.map { $0 + "_not_valid" } }

    /// Adds the constraint; refused for others than checks, whose rows an index must know.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        guard case .check = constraint.rule else {
            throw MigrationError(
                .state, "The constraint '\(constraint.name)' is no check, and only a check can do without the rows.",
                "Use AddConstraint.")
        }
        try AddConstraint(model, constraint).apply(to: &state, app: app)
    }

    /// The constraint, as one that is not validated.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        var hints = SchemaHints()
        if let table = after.model(ModelName(app: app, name: model))?.table {
            hints.unvalidated[table] = [constraint.name]
        }
        return hints
    }
}

/// Checks the rows that were there before ``AddConstraintNotValid``, while others go on reading and writing.
///
/// Source: [Django, `ValidateConstraint`](https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation).
public struct ValidateConstraint: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The constraint's name.
    public let name: String

    /// Makes the operation.
    public init(_ model: String, _ name: String) {
        self.model = model
        self.name = name
    }

    /// `Validate constraint views_positive on model post`.
    public var description: String { "Validate constraint \(name) on model \(model.lowercased())" }

    /// `post_validate_views_positive`.
    public var nameFragment: String? { "\(model.lowercased())_validate_\(name.lowercased())" }

    /// Leaves the models alone, which have the constraint already.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            _ = try model.constraintPlace(name)
        }
    }

    /// The constraint.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        var hints = SchemaHints()
        if let table = after.model(ModelName(app: app, name: model))?.table { hints.validated[table] = [name] }
        return hints
    }
}
