import MartletORM

/// The order in which models are dumped.
enum FixtureOrder {
    /// Models behind those they refer to, as far as there is no circle, and else as they were given.
    static func sorted(_ models: [any Model.Type]) -> [any Model.Type] {
        var done: Set<ModelName> = []
        var sorted: [any Model.Type] = []
        let byName = Dictionary(models.map { ($0.modelName, $0) }, uniquingKeysWith: { first, _ in first })
        func visit(_ model: any Model.Type) {
            guard done.insert(model.modelName).inserted else { return }
            for target in model.anyTable.schema.fields.compactMap(\.kind.target) {
                if let other = byName[target] { visit(other) }
            }
            sorted.append(model)
        }
        for model in models { visit(model) }
        return sorted
    }
}
