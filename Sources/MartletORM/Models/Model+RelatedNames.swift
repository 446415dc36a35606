extension Model {
    /// The relations whose way back has no name of its own: it is called after the model, and changes with it.
    ///
    /// A relation to the same model is left out: a symmetrical one has no way back.
    package static var relationsWithoutName: [String] {
        table.fields.compactMap { field in
            guard let target = field.schema?.kind.target, target != modelName, field.relatedName == nil else {
                return nil
            }
            return field.name
        }
    }
}
