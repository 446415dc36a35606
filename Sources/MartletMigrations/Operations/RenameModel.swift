import MartletORM

/// Renames a model, its table and what refers to it; the rows stay.
public struct RenameModel: MigrationOperation {
    /// The name it had, without the app.
    public let oldName: String
    /// The name it gets, without the app.
    public let newName: String

    /// Makes the operation.
    public init(_ oldName: String, to newName: String) {
        self.oldName = oldName
        self.newName = newName
    }

    /// `Rename model Post to Article`.
    public var description: String { "Rename model \(oldName) to \(newName)" }

    /// `rename_post_article`.
    public var nameFragment: String? { "rename_\(oldName.lowercased())_\(newName.lowercased())" }

    /// Renames the model.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.rename(ModelName(app: app, name: oldName), to: ModelName(app: app, name: newName))
    }

    /// The old names of the table and of the tables of many-to-many fields from and to the model.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        let oldModel = ModelName(app: app, name: oldName)
        let newModel = ModelName(app: app, name: newName)
        var hints = SchemaHints()
        if let old = before.model(oldModel), let new = after.model(newModel), old.table != new.table {
            hints.tables[new.table] = old.table
        }
        for (old, new) in zip(before.models, after.models) {
            for field in new.fields {
                guard case .manyToMany(let target) = field.kind else { continue }
                guard new.name == newModel || target == newModel else { continue }
                let oldTarget = target == newModel ? oldModel : target
                hints.add(
                    ThroughTable(of: new, field: field.name, to: target),
                    was: ThroughTable(of: old, field: field.name, to: oldTarget))
            }
        }
        return hints
    }
}

extension SchemaHints {
    /// Says that the table of a many-to-many field had other names.
    fileprivate mutating func add(_ new: ThroughTable, was old: ThroughTable) {
        if new.name != old.name { tables[new.name] = old.name }
        add(column: new.source, was: old.source, in: new.name)
        add(column: new.target, was: old.target, in: new.name)
    }
}
