import MartletORM

extension MigrationOptimizer {
    /// What becomes of an operation and one that follows it.
    static func reduction(
        of first: any MigrationOperation, with second: any MigrationOperation, app: String
    ) -> OperationReduction {
        if let folded = fold(first, second, app) { return .folded(folded) }
        if first.isElidable { return .folded([second]) }
        if second.isElidable { return .folded([first]) }
        return mayPass(first, second, app) ? .passes : .blocked
    }

    private static func fold(
        _ first: any MigrationOperation, _ second: any MigrationOperation, _ app: String
    ) -> [any MigrationOperation]? {
        switch first {
        case let create as CreateModel: create.absorbing(second, app: app)
        case let rename as RenameModel: fold(rename, second)
        case let add as AddField: fold(add, second)
        case let alter as AlterField: fold(alter, second)
        case let rename as RenameField: fold(rename, second)
        case let remove as RemoveField: isDeletion(second, of: remove.model) ? [second] : nil
        case let table as AlterModelTable:
            (second as? AlterModelTable)?.model == table.model || isDeletion(second, of: table.model) ? [second] : nil
        case let options as AlterModelOptions:
            (second as? AlterModelOptions)?.model == options.model || isDeletion(second, of: options.model)
                ? [second] : nil
        case let unique as AlterUniqueTogether:
            (second as? AlterUniqueTogether)?.model == unique.model || isDeletion(second, of: unique.model)
                ? [second] : nil
        default: foldGroups(first, second)
        }
    }

    private static func isDeletion(_ operation: any MigrationOperation, of model: String) -> Bool {
        (operation as? DeleteModel)?.name == model
    }

    private static func fold(
        _ rename: RenameModel, _ second: any MigrationOperation
    ) -> [any MigrationOperation]? {
        guard let next = second as? RenameModel, next.oldName == rename.newName else { return nil }
        return next.newName == rename.oldName ? [] : [RenameModel(rename.oldName, to: next.newName)]
    }
}

// MARK: Fields

extension MigrationOptimizer {
    private static func fold(_ add: AddField, _ second: any MigrationOperation) -> [any MigrationOperation]? {
        switch second {
        case let alter as AlterField where alter.model == add.model && alter.field.name == add.field.name:
            // The values that rows get must suit the field as it ends up.
            guard let fill = add.fill ?? alter.fill else { return [AddField(add.model, alter.field)] }
            guard fill.maySuit(alter.field.kind) else { return nil }
            return [AddField(add.model, alter.field, default: fill)]
        case let remove as RemoveField where remove.model == add.model && remove.field == add.field.name: return []
        case let rename as RenameField where rename.model == add.model && rename.oldName == add.field.name:
            return [AddField(add.model, add.field.renamed(to: rename.newName), default: add.fill)]
        default: return nil
        }
    }

    private static func fold(_ alter: AlterField, _ second: any MigrationOperation) -> [any MigrationOperation]? {
        switch second {
        case let next as AlterField where next.model == alter.model && next.field.name == alter.field.name:
            guard let fill = next.fill ?? alter.fill else { return [next] }
            guard fill.maySuit(next.field.kind) else { return nil }
            return [AlterField(next.model, next.field, default: fill)]
        case let remove as RemoveField where remove.model == alter.model && remove.field == alter.field.name:
            // What rows get when it is undone was meant for the field as altered.
            return remove.fill == nil ? [remove] : nil
        case let rename as RenameField where rename.model == alter.model && rename.oldName == alter.field.name:
            // A column with a name of its own must keep it.
            guard alter.field.column == FieldSchema(alter.field.name, alter.field.kind).column else { return nil }
            return [rename, AlterField(alter.model, alter.field.renamed(to: rename.newName), default: alter.fill)]
        default: return nil
        }
    }

    private static func fold(_ rename: RenameField, _ second: any MigrationOperation) -> [any MigrationOperation]? {
        guard let next = second as? RenameField, next.model == rename.model, next.oldName == rename.newName else {
            return nil
        }
        return next.newName == rename.oldName ? [] : [RenameField(rename.model, rename.oldName, to: next.newName)]
    }
}

// MARK: Indexes and constraints

extension MigrationOptimizer {
    private static func foldGroups(
        _ first: any MigrationOperation, _ second: any MigrationOperation
    ) -> [any MigrationOperation]? {
        switch (first, second) {
        case (let add as AddIndex, let remove as RemoveIndex)
        where remove.model == add.model && remove.name == add.index.name:
            return []
        case (let add as AddIndex, let rename as RenameIndex)
        where rename.model == add.model && rename.oldName == add.index.name:
            var index = add.index
            index.name = rename.newName
            return [AddIndex(add.model, index)]
        case (let rename as RenameIndex, let next as RenameIndex)
        where next.model == rename.model && next.oldName == rename.newName:
            return next.newName == rename.oldName
                ? [] : [RenameIndex(rename.model, rename.oldName, to: next.newName)]
        case (let add as AddConstraint, let remove as RemoveConstraint)
        where remove.model == add.model && remove.name == add.constraint.name:
            return []
        default: return nil
        }
    }
}

extension FieldDefault {
    /// Whether rows of a field can have this; of a relation, whose key's kind is not known here, it may be so.
    func maySuit(_ kind: FieldKind) -> Bool { kind.target != nil || suits(kind) }
}

extension FieldSchema {
    /// The field under another name; a column with a name of its own keeps it.
    func renamed(to newName: String) -> FieldSchema {
        var field = FieldSchema(
            newName, kind, null: isNull, primaryKey: isPrimaryKey, unique: isUnique, index: isIndexed,
            databaseDefault: databaseDefault, generated: generated, comment: comment)
        if column != FieldSchema(name, kind).column { field.column = column }
        return field
    }
}
