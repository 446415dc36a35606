import MartletTemplates

extension Field {
    /// A reference to one row of another model; the column is the property's name and `_id`, and has an index.
    ///
    /// - Parameters:
    ///   - onDelete: What happens to this row when the other is deleted.
    ///   - relatedName: The name of the way back, in Django's string form of lookups.
    public static func foreignKey<To: Model>(
        _ property: any WritableKeyPath<M, ForeignKey<To>> & Sendable, onDelete: OnDelete, relatedName: String? = nil,
        unique: Bool = false, column: String? = nil
    ) -> Field {
        var field = reference(property, to: To.self, onDelete, unique: unique, column: column, null: false)
        field.relatedName = relatedName
        guard let offset = MemoryLayout<M>.offset(of: property) else { return field }
        field.column = ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                let place = base.advanced(by: offset).assumingMemoryBound(to: ForeignKey<To>.self)
                let id: To.ID? = row.isNull(at: index) ? nil : try To.ID.decode(from: row, at: index)
                place.pointee = ForeignKey(id: id, label: place.pointee.label)
            },
            encode: { base in
                base.advanced(by: offset).assumingMemoryBound(to: ForeignKey<To>.self).pointee.id?.sqlValue ?? .null
            })
        field.related = .one(
            get: { $0[keyPath: property].id },
            set: { $0[keyPath: property] = ForeignKey(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { .object(try $0[keyPath: property].loaded) }
        return field
    }

    /// A reference to one row of another model, or to none.
    public static func foreignKey<To: Model>(
        _ property: any WritableKeyPath<M, ForeignKey<To>?> & Sendable, onDelete: OnDelete, relatedName: String? = nil,
        unique: Bool = false, column: String? = nil
    ) -> Field {
        var field = reference(property, to: To.self, onDelete, unique: unique, column: column, null: true)
        field.relatedName = relatedName
        guard let offset = MemoryLayout<M>.offset(of: property) else { return field }
        let label = RelationLabel(model: "\(M.self)", property: field.property)
        field.column = ColumnAccess(
            decode: { base, row, index throws(DecodingProblem) in
                let id: To.ID? = row.isNull(at: index) ? nil : try To.ID.decode(from: row, at: index)
                base.advanced(by: offset).assumingMemoryBound(to: ForeignKey<To>?.self).pointee =
                    id.map { ForeignKey(id: $0, label: label) }
            },
            encode: { base in
                let value = base.advanced(by: offset).assumingMemoryBound(to: ForeignKey<To>?.self).pointee
                return value?.id?.sqlValue ?? .null
            })
        field.related = .one(
            get: { $0[keyPath: property]?.id },
            set: { $0[keyPath: property] = ForeignKey(loaded: $1, label: label) })
        field.template = { try $0[keyPath: property].map { .object(try $0.loaded) } ?? .null }
        return field
    }

    /// References to many rows of another model, in a table of their own: `blog_post_tags`.
    ///
    /// - Parameter relatedName: The name of the way back, in Django's string form of lookups.
    public static func manyToMany<To: Model>(
        _ property: any WritableKeyPath<M, ManyToMany<To>> & Sendable, relatedName: String? = nil
    ) -> Field {
        let name = propertyName(property)
        var field = Field(name: snakeCased(name), property: name, keyPath: property)
        field.schema = FieldSchema(field.name, .manyToMany(to: To.modelName))
        field.relatedName = relatedName
        let fieldName = field.name
        let relation = Relation(
            name: fieldName, isNullable: true, isMultiple: true, target: { To.anyTable },
            link: {
                let through = ThroughTable(of: M.anyTable.schema, field: fieldName, to: To.anyTable.schema.name)
                return .through(table: through.name, here: through.source, there: through.target)
            })
        field.relation = relation
        field.related = .many(
            relation, target: To.self,
            set: { $0[keyPath: property] = ManyToMany(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { .object(RelatedRows(rows: try $0[keyPath: property].loaded.map { .object($0) })) }
        return field
    }

    /// The rows of another model whose foreign key refers to this one.
    public static func reverse<From: Model>(
        _ property: any WritableKeyPath<M, Related<From>> & Sendable,
        through foreignKey: any KeyPath<From, ForeignKey<M>> & Sendable
    ) -> Field {
        reverse(property) {
            From.table.field(at: foreignKey)?.schema.map { .reverse(column: $0.column) }
        }
    }

    /// The rows of another model whose optional foreign key refers to this one.
    public static func reverse<From: Model>(
        _ property: any WritableKeyPath<M, Related<From>> & Sendable,
        through foreignKey: any KeyPath<From, ForeignKey<M>?> & Sendable
    ) -> Field {
        reverse(property) {
            From.table.field(at: foreignKey)?.schema.map { .reverse(column: $0.column) }
        }
    }

    /// The rows of another model whose many-to-many field refers to this one.
    public static func reverse<From: Model>(
        _ property: any WritableKeyPath<M, Related<From>> & Sendable,
        through manyToMany: any KeyPath<From, ManyToMany<M>> & Sendable
    ) -> Field {
        reverse(property) {
            guard case .through(let table, let here, let there)? = From.table.field(at: manyToMany)?.relation?.link
            else { return nil }
            return .through(table: table, here: there, there: here)
        }
    }

    private static func reverse<From: Model>(
        _ property: any WritableKeyPath<M, Related<From>> & Sendable, link: @escaping @Sendable () -> Relation.Link?
    ) -> Field {
        let name = propertyName(property)
        var field = Field(name: snakeCased(name), property: name, keyPath: property)
        let relation = Relation(
            name: field.name, isNullable: true, isMultiple: true, target: { From.anyTable }, link: link)
        field.relation = relation
        field.related = .many(
            relation, target: From.self,
            set: { $0[keyPath: property] = Related(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { .object(RelatedRows(rows: try $0[keyPath: property].loaded.map { .object($0) })) }
        return field
    }

    /// What the two kinds of foreign keys share.
    private static func reference<To: Model>(
        _ property: any AnyKeyPath & Sendable, to target: To.Type, _ onDelete: OnDelete, unique: Bool, column: String?,
        null: Bool
    ) -> Field {
        let name = propertyName(property)
        var field = Field(name: snakeCased(name), property: name, keyPath: property)
        let schema = FieldSchema(
            field.name, .foreignKey(to: To.modelName, onDelete: onDelete), column: column, null: null,
            unique: unique, index: !unique)
        field.schema = schema
        field.relation = Relation(
            name: field.name, isNullable: null, isMultiple: false, target: { To.anyTable },
            link: { .forward(column: schema.column) })
        if onDelete == .setNull, !null {
            field.problem = "'\(name)' has onDelete .setNull and is not optional. Declare it `ForeignKey<\(To.self)>?`."
        }
        return field
    }
}

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
