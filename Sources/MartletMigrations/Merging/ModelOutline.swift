import MartletORM

/// A model whatever the order of its fields, indexes and constraints.
struct ModelOutline: Hashable {
    let name: String
    private let model: ModelSchema

    init(_ model: ModelSchema) {
        name = model.name.description
        var sorted = model
        sorted.fields.sort { $0.name < $1.name }
        sorted.indexes.sort { $0.name < $1.name }
        sorted.constraints.sort { $0.name < $1.name }
        sorted.uniqueTogether.sort { $0.lexicographicallyPrecedes($1) }
        self.model = sorted
    }
}
