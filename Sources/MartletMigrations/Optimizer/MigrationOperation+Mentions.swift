import MartletORM

extension MigrationOptimizer {
    /// Whether two operations may change places.
    static func mayPass(
        _ first: any MigrationOperation, _ second: any MigrationOperation, _ app: String
    ) -> Bool {
        switch first {
        case let create as CreateModel: !second.mentions(model: create.name, app)
        case let delete as DeleteModel: !second.mentions(model: delete.name, app)
        case let rename as RenameModel:
            !second.mentions(model: rename.newName, app) && !second.mentions(model: rename.oldName, app)
        case let table as AlterModelTable: !second.mentions(model: table.model, app)
        case let options as AlterModelOptions: !second.mentions(model: options.model, app)
        case let unique as AlterUniqueTogether: !second.mentions(model: unique.model, app)
        case let add as AddField: !second.mentions(field: add.field.name, of: add.model, app)
        case let alter as AlterField: !second.mentions(field: alter.field.name, of: alter.model, app)
        case let remove as RemoveField: !second.mentions(field: remove.field, of: remove.model, app)
        case let rename as RenameField:
            !second.mentions(field: rename.oldName, of: rename.model, app)
                && !second.mentions(field: rename.newName, of: rename.model, app)
        case let add as AddIndex: !second.mentions(model: add.model, app)
        case let remove as RemoveIndex: !second.mentions(model: remove.model, app)
        case let rename as RenameIndex: !second.mentions(model: rename.model, app)
        case let add as AddConstraint: !second.mentions(model: add.model, app)
        case let remove as RemoveConstraint: !second.mentions(model: remove.model, app)
        // What another operation does is not known here.
        default: false
        }
    }
}

extension MigrationOperation {
    /// Whether the operation has to do with a model of its app; when in doubt it has.
    fileprivate func mentions(model name: String, _ app: String) -> Bool {
        if relatedModels.contains(ModelName(app: app, name: name)) { return true }
        // The rows that a model leaves behind may refer to any other.
        if self is DeleteModel { return true }
        if let rename = self as? RenameModel { return rename.oldName == name || rename.newName == name }
        return changedModel.map { $0 == name } ?? true
    }

    /// Whether the operation has to do with a field of a model of its app; when in doubt it has.
    fileprivate func mentions(field: String, of name: String, _ app: String) -> Bool {
        if relatedModels.contains(ModelName(app: app, name: name)) { return true }
        guard changedModel == name else { return mentions(model: name, app) }
        return switch self {
        case let add as AddField: add.field.name == field || add.field.computes(from: field)
        case let alter as AlterField: alter.field.name == field || alter.field.computes(from: field)
        case let remove as RemoveField: remove.field == field
        case let rename as RenameField: rename.oldName == field || rename.newName == field
        case let unique as AlterUniqueTogether: unique.groups.isEmpty || unique.groups.contains { $0.contains(field) }
        case let add as AddIndex: add.index.fields.contains(field)
        case let add as AddConstraint: add.constraint.fields.contains(field)
        default: true
        }
    }

    /// The models that its relations lead to or through.
    private var relatedModels: [ModelName] {
        let fields: [FieldSchema] =
            switch self {
            case let create as CreateModel: create.fields
            case let add as AddField: [add.field]
            case let alter as AlterField: [alter.field]
            default: []
            }
        return targets
            + fields.compactMap { if case .manyToManyThrough(_, let through) = $0.kind { through } else { nil } }
    }

    /// The one model that the operation changes; `nil` when there may be others.
    private var changedModel: String? {
        switch self {
        case let create as CreateModel: create.name
        case let table as AlterModelTable: table.model
        case let options as AlterModelOptions: options.model
        case let unique as AlterUniqueTogether: unique.model
        case let add as AddField: add.model
        case let alter as AlterField: alter.model
        case let remove as RemoveField: remove.model
        case let rename as RenameField: rename.model
        case let add as AddIndex: add.model
        case let remove as RemoveIndex: remove.model
        case let rename as RenameIndex: rename.model
        case let add as AddConstraint: add.model
        case let remove as RemoveConstraint: remove.model
        default: nil
        }
    }
}

extension FieldSchema {
    /// Whether the database computes the field from another.
    fileprivate func computes(from field: String) -> Bool { generated?.expression.fields.contains(field) ?? false }
}
