/// How many rows a delete has removed.
public struct DeletionResult: Sendable, Hashable {
    /// The number of rows of each model, those removed by a cascade among them.
    ///
    /// Links of a many-to-many relation are counted as Django counts them, under the name of the model and of the field:
    /// `blog.Post_tags`.
    public private(set) var byModel: [ModelName: Int] = [:]

    /// The number of all rows.
    public var total: Int { byModel.values.reduce(0, +) }

    /// How many rows of a model were removed.
    public func count<M: Model>(of model: M.Type) -> Int { byModel[M.modelName] ?? 0 }

    mutating func add(_ count: Int, _ model: ModelName) {
        if count > 0 { byModel[model, default: 0] += count }
    }
}
