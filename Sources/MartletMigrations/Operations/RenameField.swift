import MartletORM

/// Renames a field; its values stay.
public struct RenameField: MigrationOperation {
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

    /// `Rename field body on post to text`.
    public var description: String { "Rename field \(oldName) on \(model.lowercased()) to \(newName)" }

    /// `rename_body_post_text`.
    public var nameFragment: String? { "rename_\(oldName)_\(model.lowercased())_\(newName)" }

    /// Renames the field, also in indexes and unique groups. A column with a name of its own keeps it.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in
            let index = try model.fieldIndex(oldName)
            guard model.field(newName) == nil else {
                throw MigrationError(
                    .state, "Model '\(model.name)' has a field '\(newName)' already.", "Choose another name.")
            }
            let old = model.fields[index]
            var field = FieldSchema(
                newName, old.kind, null: old.isNull, primaryKey: old.isPrimaryKey, unique: old.isUnique,
                index: old.isIndexed, databaseDefault: old.databaseDefault, generated: old.generated,
                comment: old.comment)
            if old.column != FieldSchema(oldName, old.kind).column { field.column = old.column }
            model.fields[index] = field
            func renamed(_ name: String) -> String { name == oldName ? newName : name }
            model.fields = model.fields.map { $0.mapFields(renamed) }
            model.indexes = model.indexes.map { $0.mapFields(renamed) }
            model.constraints = model.constraints.map { $0.mapFields(renamed) }
            model.uniqueTogether = model.uniqueTogether.map { $0.map(renamed) }
        }
    }

    /// The old name of the column, or of the table of a many-to-many field.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        let name = ModelName(app: app, name: model)
        guard let old = before.model(name), let new = after.model(name), let field = new.field(newName) else {
            return SchemaHints()
        }
        var hints = SchemaHints()
        if case .manyToMany(let target) = field.kind {
            let oldTable = ThroughTable(of: old, field: oldName, to: target).name
            hints.tables[ThroughTable(of: new, field: newName, to: target).name] = oldTable
        } else {
            hints.add(column: field.column, was: old.field(oldName)?.column, in: new.table)
        }
        return hints
    }
}
