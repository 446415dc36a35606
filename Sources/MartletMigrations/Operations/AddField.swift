public import MartletORM

/// Adds a field to a model.
///
/// ```swift
/// AddField("Post", .init("excerpt", .text), default: .text(""))
/// ```
public struct AddField: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The field.
    public let field: FieldSchema
    /// What existing rows get; `nil` for a field that may be null, or a table that has no rows yet.
    public let fill: FieldDefault?

    /// Makes the operation.
    ///
    /// - Parameter fill: What existing rows get. The column keeps no default.
    public init(_ model: String, _ field: FieldSchema, default fill: FieldDefault? = nil) {
        self.model = model
        self.field = field
        self.fill = fill
    }

    /// `Add field excerpt to post`.
    public var description: String { "Add field \(field.name) to \(model.lowercased())" }

    /// `post_excerpt`.
    public var nameFragment: String? { "\(model.lowercased())_\(field.name)" }

    /// The model a relation leads to.
    public var targets: [ModelName] { field.kind.target.map { [$0] } ?? [] }

    /// Adds the field.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        let name = ModelName(app: app, name: model)
        try state.change(name) { (model) throws(MigrationError) in
            try model.add(field)
            try model.checkGroups()
        }
        try state.check(fill, for: field, of: name)
    }

    /// The default.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        .filling(field.name, of: after.model(ModelName(app: app, name: model)), with: fill)
    }
}

extension ProjectState {
    /// Refuses a default that rows of the field cannot have.
    func check(_ fill: FieldDefault?, for field: FieldSchema, of name: ModelName) throws(MigrationError) {
        guard let fill, field.kind.hasColumn, let model = model(name) else { return }
        let kind = field.kind.target == nil ? field.kind : try storedKind(of: field, in: model)
        guard fill.suits(kind) else {
            throw MigrationError(
                .state, "The default \(fill) does not suit '\(name).\(field.name)'.",
                "Give one that the field can hold: its kind is \(kind).")
        }
    }
}
