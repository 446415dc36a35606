/// All models of an application: who refers to whom, and what migrations compare with.
public struct ModelRegistry: Sendable {
    /// The models, in the order the apps list them.
    public let models: [any Model.Type]

    private let referring: [ModelName: [ReferringField]]
    private let byName: [ModelName: any Model.Type]

    /// A foreign key, or a many-to-many table, that points to a model.
    package struct ReferringField: Sendable {
        package let table: AnyTable
        package let field: FieldSchema
    }

    /// Makes a registry.
    public init(_ models: [any Model.Type]) {
        self.models = models
        var referring: [ModelName: [ReferringField]] = [:]
        var byName: [ModelName: any Model.Type] = [:]
        let proxied = Dictionary(
            models.compactMap { model in model.anyTable.schema.proxied.map { (model.modelName, $0) } },
            uniquingKeysWith: { first, _ in first })
        for model in models {
            let table = model.anyTable
            byName[table.schema.name] = model
            // The model behind a proxy says what refers to what.
            if table.schema.proxied != nil { continue }
            for field in table.schema.fields {
                guard let named = field.kind.target else { continue }
                let target = proxied[named] ?? named
                referring[target, default: []].append(ReferringField(table: table, field: field))
            }
        }
        self.referring = referring
        self.byName = byName
    }

    /// The model of that name.
    public func model(named name: ModelName) -> (any Model.Type)? { byName[name] }

    /// The schemas of all models.
    public var schemas: [ModelSchema] { models.map { $0.anyTable.schema } }

    /// The fields that refer to a model.
    package func fields(referringTo name: ModelName) -> [ReferringField] {
        referring[byName[name]?.anyTable.schema.proxied ?? name] ?? []
    }
}
