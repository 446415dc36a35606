/// All models of an application: who refers to whom, what is to happen when rows are written, and what migrations compare
/// with.
public struct ModelRegistry: Sendable {
    /// The models, in the order the apps list them.
    public let models: [any Model.Type]

    /// What is to happen when rows are written.
    public let hooks: Hooks

    private let referring: [ModelName: [ReferringField]]
    private let byName: [ModelName: any Model.Type]

    /// A foreign key that points to a model; also those of the tables that many-to-many fields make.
    package struct ReferringField: Sendable {
        package let table: AnyTable
        package let field: FieldSchema
    }

    /// Makes a registry.
    public init(_ models: [any Model.Type], hooks: Hooks = Hooks()) {
        self.models = models
        self.hooks = hooks
        var referring: [ModelName: [ReferringField]] = [:]
        var byName: [ModelName: any Model.Type] = [:]
        let proxied = Dictionary(
            models.compactMap { model in model.anyTable.schema.proxied.map { (model.modelName, $0) } },
            uniquingKeysWith: { first, _ in first })
        func enter(_ table: AnyTable) {
            for field in table.schema.fields {
                switch field.kind {
                case .foreignKey(let target, _):
                    referring[proxied[target] ?? target, default: []].append(ReferringField(table: table, field: field))
                case .manyToMany(let target):
                    let through = ThroughTable(of: table.schema, field: field.name, to: target)
                    enter(through.erased(of: table.schema, field: field.name, to: target))
                default: break
                }
            }
        }
        for model in models {
            let table = model.anyTable
            byName[table.schema.name] = model
            // The model behind a proxy says what refers to what.
            if table.schema.proxied == nil { enter(table) }
        }
        self.referring = referring
        self.byName = byName
    }

    /// The model of that name.
    public func model(named name: ModelName) -> (any Model.Type)? { byName[name] }

    /// The schemas of all models.
    public var schemas: [ModelSchema] { models.map { $0.anyTable.schema } }

    /// The foreign keys that refer to a model.
    package func fields(referringTo name: ModelName) -> [ReferringField] {
        referring[byName[name]?.anyTable.schema.proxied ?? name] ?? []
    }
}
