import MartletORM

/// The operations that lead from one state to another, in an order that works.
struct StateComparison {
    let old: ProjectState
    let new: ProjectState
    private(set) var operations: [DetectedOperation] = []

    private let created: [ModelSchema]
    private let deleted: [ModelSchema]
    private let kept: [(old: ModelSchema, new: ModelSchema)]
    /// What must wait until every model is created.
    private var later: [DetectedOperation] = []

    init(from old: ProjectState, to new: ProjectState) {
        self.old = old
        self.new = new
        created = new.models.filter { old.model($0.name) == nil }
        deleted = old.models.filter { new.model($0.name) == nil }
        kept = new.models.compactMap { model in old.model(model.name).map { ($0, model) } }
    }

    /// What goes comes first, so that names are free again; then what others refer to; what is deleted comes last,
    /// when nothing refers to it any more.
    mutating func compare() throws(MigrationError) {
        for pair in kept { removeGroups(pair.old, pair.new) }
        for pair in kept { removeFields(pair.old, pair.new) }
        for pair in kept where pair.old.table != pair.new.table {
            add(pair.new, AlterModelTable(pair.new.name.name, pair.new.table))
        }
        createModels()
        for pair in kept { addFields(pair.old, pair.new) }
        for pair in kept { try alterFields(pair.old, pair.new) }
        for pair in kept { addGroups(pair.old, pair.new) }
        for pair in kept where pair.old.isManaged != pair.new.isManaged || pair.old.comment != pair.new.comment {
            add(
                pair.new,
                AlterModelOptions(pair.new.name.name, managed: pair.new.isManaged, comment: pair.new.comment))
        }
        deleteModels()
    }

    func isCreated(_ app: String, _ model: String) -> Bool {
        created.contains { $0.name == ModelName(app: app, name: model) }
    }

    func stopsBeingNull(_ app: String, _ operation: AlterField) -> Bool {
        let field = old.model(ModelName(app: app, name: operation.model))?.field(operation.field.name)
        return field?.isNull == true && operation.field.needsValue
    }

    private mutating func add(_ model: ModelSchema, _ operation: any MigrationOperation, releases: [ModelName] = []) {
        var detected = DetectedOperation(model.name.app, operation)
        detected.releases = releases
        operations.append(detected)
    }
}

// MARK: Models

extension StateComparison {
    private mutating func createModels() {
        var done: Set<ModelName> = []
        for model in created { create(model, path: [], &done) }
        operations += later
        later = []
    }

    /// Creates what a model refers to before it; a reference that leads back to a model on the way is added later.
    private mutating func create(_ model: ModelSchema, path: [ModelName], _ done: inout Set<ModelName>) {
        guard !done.contains(model.name) else { return }
        let path = path + [model.name]
        var postponed: [FieldSchema] = []
        for field in model.fields {
            guard let target = field.kind.target, target != model.name, !done.contains(target) else { continue }
            if path.contains(target) {
                postponed.append(field)
            } else if let other = created.first(where: { $0.name == target }) {
                create(other, path: path, &done)
            }
        }
        done.insert(model.name)
        emit(model, without: postponed)
    }

    private mutating func emit(_ model: ModelSchema, without postponed: [FieldSchema]) {
        let missing = Set(postponed.map(\.name))
        func isComplete(_ group: [String]) -> Bool { missing.isDisjoint(with: group) }
        let name = model.name.name
        let isUsualTable = model.table == ModelSchema.defaultTable(for: model.name)
        var detected = DetectedOperation(
            model.name.app,
            CreateModel(
                name, fields: model.fields.filter { !missing.contains($0.name) },
                indexes: model.indexes.filter { isComplete($0.fields) },
                constraints: model.constraints.filter { isComplete($0.fields) },
                uniqueTogether: postponed.isEmpty || model.uniqueTogether.allSatisfy(isComplete)
                    ? model.uniqueTogether : [],
                table: isUsualTable ? nil : model.table, managed: model.isManaged, comment: model.comment))
        detected.creates = model.name
        operations.append(detected)
        later += postponed.map { DetectedOperation(model.name.app, AddField(name, $0)) }
        later += model.indexes.filter { !isComplete($0.fields) }.map {
            DetectedOperation(model.name.app, AddIndex(name, $0))
        }
        later += model.constraints.filter { !isComplete($0.fields) }.map {
            DetectedOperation(model.name.app, AddConstraint(name, $0))
        }
        if !model.uniqueTogether.allSatisfy(isComplete) {
            later.append(DetectedOperation(model.name.app, AlterUniqueTogether(name, model.uniqueTogether)))
        }
    }

    private mutating func deleteModels() {
        var done: Set<ModelName> = []
        for model in deleted { delete(model, path: [], &done) }
    }

    /// Deletes what refers to a model before it; a reference in a circle is removed as a field.
    private mutating func delete(_ model: ModelSchema, path: [ModelName], _ done: inout Set<ModelName>) {
        guard !done.contains(model.name), !path.contains(model.name) else { return }
        for other in deleted where other.name != model.name && !done.contains(other.name) {
            let fields = other.fields.filter { $0.kind.target == model.name }
            if fields.isEmpty { continue }
            delete(other, path: path + [model.name], &done)
            guard !done.contains(other.name) else { continue }
            for field in fields { add(other, RemoveField(other.name.name, field.name), releases: [model.name]) }
        }
        done.insert(model.name)
        var detected = DetectedOperation(model.name.app, DeleteModel(model.name.name))
        detected.deletes = model.name
        detected.releases = model.fields.compactMap(\.kind.target)
        operations.append(detected)
    }
}

// MARK: Fields

extension StateComparison {
    /// A change between a column and a table of its own, or to another table, is no change of one field; nor is one
    /// between values that are kept and values that the database computes.
    private func isReplaced(_ old: FieldSchema, _ new: FieldSchema) -> Bool {
        old.kind.hasColumn != new.kind.hasColumn || (!new.kind.hasColumn && old.kind != new.kind)
            || (old.generated == nil) != (new.generated == nil)
    }

    private func removedFields(_ old: ModelSchema, _ new: ModelSchema) -> [FieldSchema] {
        old.fields.filter { field in
            guard let now = new.field(field.name) else { return true }
            return isReplaced(field, now)
        }
    }

    private mutating func removeFields(_ old: ModelSchema, _ new: ModelSchema) {
        for field in removedFields(old, new) {
            let released = field.kind.target.map { [$0] } ?? []
            add(new, RemoveField(new.name.name, field.name), releases: released)
        }
    }

    private mutating func addFields(_ old: ModelSchema, _ new: ModelSchema) {
        for field in new.fields {
            if let before = old.field(field.name), !isReplaced(before, field) { continue }
            add(new, AddField(new.name.name, field))
        }
    }

    private mutating func alterFields(_ old: ModelSchema, _ new: ModelSchema) throws(MigrationError) {
        for field in new.fields {
            guard let before = old.field(field.name), before != field, !isReplaced(before, field) else { continue }
            try refuseNewKey(before, field, in: new)
            let released = before.kind.target == field.kind.target ? nil : before.kind.target
            add(new, AlterField(new.name.name, field), releases: released.map { [$0] } ?? [])
        }
    }

    /// The ids of rows, and every reference to them, would have to be made anew.
    private func refuseNewKey(_ before: FieldSchema, _ after: FieldSchema, in model: ModelSchema) throws(MigrationError)
    {
        let isUUID = (before.kind == .uuid, after.kind == .uuid)
        let isNumber = (before.kind.integerRange != nil, after.kind.integerRange != nil)
        guard before.isPrimaryKey || after.isPrimaryKey,
            isUUID == (true, false) && isNumber.1 || isUUID == (false, true)
        else { return }
        throw MigrationError(
            .state,
            "The primary key '\(model.name).\(after.name)' changes from \(before.kind) to \(after.kind), "
                + "and the ids of existing rows have no counterpart.",
            "Create a new model, copy the rows with RunSQL, and delete the old one.")
    }
}

// MARK: Indexes and unique groups

extension StateComparison {
    private mutating func removeGroups(_ old: ModelSchema, _ new: ModelSchema) {
        for index in old.indexes where !keepsIndex(index, old, new) && renamed(index, from: old, to: new) == nil {
            add(new, RemoveIndex(new.name.name, index.name))
        }
        for constraint in old.constraints where !keeps(constraint, old, new) {
            add(new, RemoveConstraint(new.name.name, constraint.name))
        }
        let left = groupsLeft(old, new)
        if left != old.uniqueTogether { add(new, AlterUniqueTogether(new.name.name, left)) }
    }

    private mutating func addGroups(_ old: ModelSchema, _ new: ModelSchema) {
        if groupsLeft(old, new) != new.uniqueTogether {
            add(new, AlterUniqueTogether(new.name.name, new.uniqueTogether))
        }
        for index in old.indexes {
            guard let name = renamed(index, from: old, to: new) else { continue }
            add(new, RenameIndex(new.name.name, index.name, to: name))
        }
        for index in new.indexes where !keepsIndex(index, old, new) && renamed(index, from: new, to: old) == nil {
            add(new, AddIndex(new.name.name, index))
        }
        for constraint in new.constraints where !keeps(constraint, old, new) {
            add(new, AddConstraint(new.name.name, constraint))
        }
    }

    /// A constraint is made anew with a field that is removed and added again.
    private func keeps(_ constraint: ConstraintSchema, _ old: ModelSchema, _ new: ModelSchema) -> Bool {
        old.constraints.contains(constraint) && new.constraints.contains(constraint)
            && Set(removedFields(old, new).map(\.name)).isDisjoint(with: constraint.fields)
    }

    /// The name of the index that differs in nothing else, if there is one that the other side has not.
    private func renamed(_ index: IndexSchema, from side: ModelSchema, to other: ModelSchema) -> String? {
        func isAlone(_ index: IndexSchema, in model: ModelSchema, _ others: ModelSchema) -> Bool {
            !others.indexes.contains { $0.name == index.name }
                && model.indexes.filter { $0.hasForm(of: index) }.count == 1
        }
        guard isAlone(index, in: side, other), Set(index.fields).isSubset(of: side.keptFields(in: other)) else {
            return nil
        }
        let matches = other.indexes.filter { $0.hasForm(of: index) }
        return matches.count == 1 && isAlone(matches[0], in: other, side) ? matches[0].name : nil
    }

    /// An index is made anew with a field that is removed and added again.
    private func keepsIndex(_ index: IndexSchema, _ old: ModelSchema, _ new: ModelSchema) -> Bool {
        old.indexes.contains(index) && new.indexes.contains(index)
            && Set(removedFields(old, new).map(\.name)).isDisjoint(with: index.fields)
    }

    /// The old groups, less those that a removed field would leave incomplete.
    private func groupsLeft(_ old: ModelSchema, _ new: ModelSchema) -> [[String]] {
        let removed = Set(removedFields(old, new).map(\.name))
        let left = old.uniqueTogether.filter { removed.isDisjoint(with: $0) }
        // Where no field goes, one operation at the end does both.
        return left.count == old.uniqueTogether.count ? old.uniqueTogether : left.filter(new.uniqueTogether.contains)
    }
}

extension IndexSchema {
    /// Whether the two differ in nothing but their names.
    fileprivate func hasForm(of other: IndexSchema) -> Bool {
        var same = other
        same.name = name
        return same == self
    }
}

extension ModelSchema {
    /// The fields with columns that are there on both sides.
    fileprivate func keptFields(in other: ModelSchema) -> Set<String> {
        Set(fields.filter { other.field($0.name)?.kind.hasColumn == $0.kind.hasColumn }.map(\.name))
    }
}
