public import MartletORM

/// Removes a field from a model, with its values.
///
/// Undone, the field is there again; rows get `default`, or else an empty text, zero or false.
public struct RemoveField: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The field's name.
    public let field: String
    /// What rows get when the removal is undone.
    public let fill: FieldDefault?

    /// Makes the operation.
    ///
    /// - Parameter fill: What rows get when the removal is undone; needed for a UUID, a moment or a reference that
    ///   may not be null, which have no empty value.
    public init(_ model: String, _ field: String, default fill: FieldDefault? = nil) {
        self.model = model
        self.field = field
        self.fill = fill
    }

    /// `Remove field excerpt from post`.
    public var description: String { "Remove field \(field) from \(model.lowercased())" }

    /// `remove_post_excerpt`.
    public var nameFragment: String? { "remove_\(model.lowercased())_\(field)" }

    /// Removes the field; refused while an index needs it.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        let name = ModelName(app: app, name: model)
        if let removed = state.model(name)?.field(field) { try state.check(fill, for: removed, of: name) }
        try state.change(name) { (model) throws(MigrationError) in
            model.fields.remove(at: try model.fieldIndex(field))
            try model.checkGroups()
        }
    }

    /// The value of rows in a field that comes back.
    public func backwardHints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        let model = before.model(ModelName(app: app, name: model))
        guard let schema = model?.field(field), schema.needsValue else { return SchemaHints() }
        return .filling(field, of: model, with: fill ?? schema.kind.emptyDefault)
    }
}
