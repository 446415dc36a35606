public import MartletORM

/// The models of all apps as the migrations up to some point describe them.
public struct ProjectState: Sendable, Hashable {
    /// The models, in the order of their creation.
    public private(set) var models: [ModelSchema] = []

    /// Makes a state without models.
    public init() {}

    init(_ models: [ModelSchema]) {
        self.models = models
    }

    /// The model of that name.
    public func model(_ name: ModelName) -> ModelSchema? { models.first { $0.name == name } }

    /// The fields of other models that refer to a model.
    func references(to name: ModelName) -> [String] {
        models.filter { $0.name != name }.flatMap { model in
            model.fields.filter { $0.kind.target == name }.map { "\(model.name).\($0.name)" }
        }
    }
}

// MARK: Changes

extension ProjectState {
    mutating func create(_ model: ModelSchema) throws(MigrationError) {
        guard self.model(model.name) == nil else {
            throw MigrationError(
                .state, "Model '\(model.name)' exists already.", "Remove the second CreateModel, or rename its model.")
        }
        if let double = models.first(where: { $0.table == model.table }) {
            throw MigrationError(
                .state, "The table '\(model.table)' of '\(model.name)' belongs to '\(double.name)' already.",
                "Give one of them another name with `table:`.")
        }
        models.append(model)
    }

    mutating func delete(_ name: ModelName) throws(MigrationError) {
        let index = try index(of: name)
        models.remove(at: index)
    }

    /// Changes a model where it stands.
    mutating func change(_ name: ModelName, _ body: (inout ModelSchema) throws(MigrationError) -> Void)
        throws(MigrationError)
    {
        try body(&models[try index(of: name)])
    }

    /// Renames a model, and what refers to it.
    mutating func rename(_ name: ModelName, to newName: ModelName) throws(MigrationError) {
        let index = try index(of: name)
        guard model(newName) == nil else {
            throw MigrationError(.state, "Model '\(newName)' exists already.", "Choose another name.")
        }
        let hadOwnTable = models[index].table != ModelSchema.defaultTable(for: name)
        models[index].name = newName
        if !hadOwnTable { models[index].table = ModelSchema.defaultTable(for: newName) }
        for model in models.indices {
            for field in models[model].fields.indices {
                models[model].fields[field].kind = models[model].fields[field].kind.renaming(name, to: newName)
            }
        }
    }

    mutating func setManaged(_ name: ModelName, _ isManaged: Bool) {
        for position in models.indices where models[position].name == name {
            models[position].isManaged = isManaged
        }
    }

    private func index(of name: ModelName) throws(MigrationError) -> Int {
        if let index = models.firstIndex(where: { $0.name == name }) { return index }
        throw MigrationError(
            .state, "There is no model '\(name)' at this point.",
            "Check the spelling, and that the migration that creates it is among the dependencies.")
    }
}

extension ModelSchema {
    /// The model whose references to proxies are references to the models behind them.
    func following(_ proxied: [ModelName: ModelName]) -> ModelSchema {
        guard !proxied.isEmpty else { return self }
        var copy = self
        for field in copy.fields.indices {
            for (proxy, base) in proxied {
                copy.fields[field].kind = copy.fields[field].kind.renaming(proxy, to: base)
            }
        }
        return copy
    }
}

extension FieldKind {
    /// The same relation, where a model it names has another name.
    func renaming(_ old: ModelName, to new: ModelName) -> FieldKind {
        func now(_ name: ModelName) -> ModelName { name == old ? new : name }
        return switch self {
        case .foreignKey(let to, let onDelete): .foreignKey(to: now(to), onDelete: onDelete)
        case .manyToMany(let to): .manyToMany(to: now(to))
        case .manyToManyThrough(let to, let through): .manyToManyThrough(to: now(to), through: now(through))
        default: self
        }
    }
}

extension ModelSchema {
    func fieldIndex(_ field: String) throws(MigrationError) -> Int {
        if let index = fields.firstIndex(where: { $0.name == field }) { return index }
        let known = fields.map(\.name).joined(separator: ", ")
        throw MigrationError(
            .state, "Model '\(name)' has no field '\(field)' at this point.", "Its fields are: \(known).")
    }

    mutating func add(_ field: FieldSchema) throws(MigrationError) {
        if self.field(field.name) != nil {
            throw MigrationError(
                .state, "Model '\(name)' has a field '\(field.name)' already.", "Remove one of the two, or rename it.")
        }
        fields.append(field)
    }

    func indexPlace(_ index: String) throws(MigrationError) -> Int {
        if let place = indexes.firstIndex(where: { $0.name == index }) { return place }
        let known = indexes.map(\.name).joined(separator: ", ")
        throw MigrationError(
            .state, "Model '\(name)' has no index '\(index)' at this point.", "Its indexes are: \(known).")
    }

    func constraintPlace(_ constraint: String) throws(MigrationError) -> Int {
        if let place = constraints.firstIndex(where: { $0.name == constraint }) { return place }
        let known = constraints.map(\.name).joined(separator: ", ")
        throw MigrationError(
            .state, "Model '\(name)' has no constraint '\(constraint)' at this point.", "Its constraints are: \(known)."
        )
    }

    func requireNewIndex(_ index: String) throws(MigrationError) {
        guard indexes.contains(where: { $0.name == index }) else { return }
        throw MigrationError(.state, "Model '\(name)' has an index '\(index)' already.", "Choose another name.")
    }

    func requireNewConstraint(_ constraint: String) throws(MigrationError) {
        guard constraints.contains(where: { $0.name == constraint }) else { return }
        throw MigrationError(
            .state, "Model '\(name)' has a constraint '\(constraint)' already.", "Choose another name.")
    }

    /// Refuses indexes and unique groups over fields that do not exist, or have no column.
    func checkGroups() throws(MigrationError) {
        let grouped = indexes.flatMap(\.fields) + uniqueTogether.flatMap({ $0 }) + constraints.flatMap(\.fields)
        for field in grouped + fields.flatMap({ $0.generated?.expression.fields ?? [] }) {
            if self.field(field)?.kind.hasColumn == true { continue }
            throw MigrationError(
                .state, "An index or unique group of '\(name)' needs '\(field)', which is no column at this point.",
                "Remove the index, group, constraint or generated field before the field, or take the field out of it.")
        }
    }
}
