import MartletORM

extension CreateModel {
    /// What a model's creation and a later operation come down to; `nil` when the two stay two.
    ///
    /// The operation is carried out on the model alone, so that indexes and constraints follow as they would.
    func absorbing(_ operation: any MigrationOperation, app: String) -> [any MigrationOperation]? {
        if let delete = operation as? DeleteModel { return delete.name == name ? [] : nil }
        guard let change = operation.changing(name) else { return nil }
        var state = ProjectState()
        do {
            try apply(to: &state, app: app)
            try change.apply(to: &state, app: app)
        } catch {
            // What does not fit is left for the migration to refuse, with its place.
            return nil
        }
        return state.models.first.map { [CreateModel($0)] }
    }

    /// Creates the model of a schema.
    init(_ schema: ModelSchema) {
        let isUsualTable = schema.table == ModelSchema.defaultTable(for: schema.name)
        self.init(
            schema.name.name, fields: schema.fields, indexes: schema.indexes, constraints: schema.constraints,
            uniqueTogether: schema.uniqueTogether, table: isUsualTable ? nil : schema.table,
            managed: schema.isManaged, comment: schema.comment)
    }
}

extension MigrationOperation {
    /// The operation without what only rows need, if it changes that model and nothing else.
    fileprivate func changing(_ name: String) -> (any MigrationOperation)? {
        switch self {
        case let add as AddField where add.model == name: AddField(name, add.field)
        case let alter as AlterField where alter.model == name: AlterField(name, alter.field)
        case let remove as RemoveField where remove.model == name: RemoveField(name, remove.field)
        case let rename as RenameField where rename.model == name: rename
        case let rename as RenameModel where rename.oldName == name: rename
        case let table as AlterModelTable where table.model == name: table
        case let options as AlterModelOptions where options.model == name: options
        case let unique as AlterUniqueTogether where unique.model == name: unique
        case let add as AddIndex where add.model == name: add
        case let remove as RemoveIndex where remove.model == name: remove
        case let rename as RenameIndex where rename.model == name: rename
        case let add as AddConstraint where add.model == name: add
        case let remove as RemoveConstraint where remove.model == name: remove
        default: nil
        }
    }
}
