/// The table of a many-to-many field, with Django's names.
package struct ThroughTable: Sendable, Hashable {
    /// `blog_post_tags`.
    package let name: String
    /// `post_id`.
    package let source: String
    /// `tag_id`.
    package let target: String

    /// Names the table of a field.
    package init(of model: ModelSchema, field: String, to target: ModelName) {
        name = "\(model.table)_\(field)"
        if model.name.name.lowercased() == target.name.lowercased() {
            source = "from_\(target.name.lowercased())_id"
            self.target = "to_\(target.name.lowercased())_id"
        } else {
            source = "\(model.name.name.lowercased())_id"
            self.target = "\(target.name.lowercased())_id"
        }
    }
}

extension ThroughTable {
    /// The table as a delete sees it: two references, whose rows go with either end.
    ///
    /// - Parameters:
    ///   - model: The model of the field.
    ///   - field: The field's name.
    func erased(of model: ModelSchema, field: String, to target: ModelName) -> AnyTable {
        let schema = ModelSchema(
            name: ModelName(app: model.name.app, name: "\(model.name.name)_\(field)"), table: name,
            fields: [
                FieldSchema("id", .auto, primaryKey: true),
                FieldSchema("source", .foreignKey(to: model.name, onDelete: .cascade), column: source),
                FieldSchema("target", .foreignKey(to: target, onDelete: .cascade), column: self.target),
            ])
        return AnyTable(schema: schema, relations: [:], ordering: [], problems: [])
    }
}
