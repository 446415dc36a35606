public import MartletORM

/// Changes a field: its type, its length, whether it may be null, is unique or has an index.
public struct AlterField: MigrationOperation {
    /// The model's name without its app.
    public let model: String
    /// The field as it shall be.
    public let field: FieldSchema
    /// What rows without a value get when the field may no longer be null.
    public let fill: FieldDefault?

    /// Makes the operation.
    ///
    /// - Parameter fill: What rows without a value get when the field may no longer be null.
    public init(_ model: String, _ field: FieldSchema, default fill: FieldDefault? = nil) {
        self.model = model
        self.field = field
        self.fill = fill
    }

    /// `Alter field title on post`.
    public var description: String { "Alter field \(field.name) on \(model.lowercased())" }

    /// `alter_post_title`.
    public var nameFragment: String? { "alter_\(model.lowercased())_\(field.name)" }

    /// The model a relation leads to.
    public var targets: [ModelName] { field.kind.target.map { [$0] } ?? [] }

    /// Replaces the field; refused between a field with a column and one without.
    public func apply(to state: inout ProjectState, app: String) throws(MigrationError) {
        let name = ModelName(app: app, name: model)
        try state.change(name) { (model) throws(MigrationError) in
            let index = try model.fieldIndex(field.name)
            let old = model.fields[index].kind
            guard old.hasColumn == field.kind.hasColumn, field.kind.hasColumn || old == field.kind else {
                throw MigrationError(
                    .state, "'\(name).\(field.name)' cannot be altered from \(old) to \(field.kind).",
                    "Remove the field and add it again; a many-to-many field has a table of its own.")
            }
            guard (model.fields[index].generated == nil) == (field.generated == nil) else {
                throw MigrationError(
                    .state, "'\(name).\(field.name)' cannot be altered between kept values and computed ones.",
                    "Remove the field and add it again.")
            }
            model.fields[index] = field
            try model.checkGroups()
        }
        try state.check(fill, for: field, of: name)
    }

    /// The default, and the column's old name.
    public func hints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        let name = ModelName(app: app, name: model)
        var hints = SchemaHints.filling(field.name, of: after.model(name), with: fill)
        hints.add(
            column: field.column, was: before.model(name)?.field(field.name)?.column, in: after.model(name)?.table)
        return hints
    }

    /// The column's name, and the value of rows without one if the field was required before.
    public func backwardHints(before: ProjectState, after: ProjectState, app: String) -> SchemaHints {
        let model = before.model(ModelName(app: app, name: model))
        guard let old = model?.field(field.name) else { return SchemaHints() }
        let fill = old.needsValue && field.isNull ? old.kind.emptyDefault : nil
        var hints = SchemaHints.filling(old.name, of: model, with: fill)
        hints.add(column: old.column, was: field.column, in: model?.table)
        return hints
    }
}

extension SchemaHints {
    /// Says that a column had another name.
    mutating func add(column: String?, was old: String?, in table: String?) {
        guard let column, let old, let table, column != old else { return }
        columns[table, default: [:]][column] = old
    }
}
