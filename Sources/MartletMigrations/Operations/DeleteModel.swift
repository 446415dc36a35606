import MartletORM

/// Deletes a model's table, with its rows.
///
/// Undone, the table is there again without rows.
public struct DeleteModel: MigrationOperation {
    /// The model's name without its app.
    public let name: String

    /// Makes the operation.
    public init(_ name: String) {
        self.name = name
    }

    /// `Delete model Post`.
    public var description: String { "Delete model \(name)" }

    /// `delete_post`.
    public var nameFragment: String? { "delete_\(name.lowercased())" }

    /// Removes the model; refused while others refer to it.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        let model = ModelName(app: app, name: name)
        let references = state.references(to: model)
        guard references.isEmpty else {
            throw MigrationError(
                .state, "Model '\(model)' is still referred to by \(references.joined(separator: ", ")).",
                "Remove those fields first; a migration of another app that does so must be among the dependencies.")
        }
        try state.delete(model)
    }
}
