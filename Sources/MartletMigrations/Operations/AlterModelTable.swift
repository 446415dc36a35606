import MartletORM

/// Gives a model's table another name.
public struct AlterModelTable: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The table's name.
    public let table: String

    /// Makes the operation.
    public init(_ model: String, _ table: String) {
        self.model = model
        self.table = table
    }

    /// `Rename table for post to articles`.
    public var description: String { "Rename table for \(model.lowercased()) to \(table)" }

    /// `alter_post_table`.
    public var nameFragment: String? { "alter_\(model.lowercased())_table" }

    /// Renames the table.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        try state.change(ModelName(app: app, name: model)) { (model) throws(MigrationError) in model.table = table }
    }

    /// The old names of the table and of the tables of its many-to-many fields.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        let name = ModelName(app: app, name: model)
        var hints = SchemaHints()
        guard let old = before.model(name), let new = after.model(name), old.table != new.table else { return hints }
        hints.tables[new.table] = old.table
        for field in new.fields {
            guard case .manyToMany(let target) = field.kind else { continue }
            let oldTable = ThroughTable(of: old, field: field.name, to: target).name
            hints.tables[ThroughTable(of: new, field: field.name, to: target).name] = oldTable
        }
        return hints
    }
}
