import MartletTemplates

extension Field {
    /// A reference to one row of another model; the column is the property's name and `_id`, and has an index.
    ///
    /// - Parameters:
    ///   - onDelete: What happens to this row when the other is deleted.
    ///   - relatedName: The name of the way back, in Django's string form of lookups.
    public static func foreignKey<To: Model>(
        _ property: any WritableKeyPath<M, ForeignKey<To>> & Sendable, onDelete: DeletionRule<To>,
        relatedName: String? = nil, unique: Bool = false, column: String? = nil
    ) -> Field {
        var field = reference(property, to: To.self, onDelete, unique: unique, column: column, null: false)
        field.relatedName = relatedName
        if onDelete.onDelete == .setDefault, M()[keyPath: property].id == nil {
            field.problem =
                "'\(field.property)' has onDelete .setDefault, and its initial value refers to no row. "
                + "Write `= ForeignKey(id: …)` behind the property, or use `.set { … }`."
        }
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
        field.column?.direct = directKey(property, at: offset)
        field.related = .one(
            get: { $0[keyPath: property].id }, loaded: { $0[keyPath: property].row },
            set: { $0[keyPath: property] = ForeignKey(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { .object(try $0[keyPath: property].loaded) }
        return field
    }

    /// A reference to one row of another model, or to none.
    public static func foreignKey<To: Model>(
        _ property: any WritableKeyPath<M, ForeignKey<To>?> & Sendable, onDelete: DeletionRule<To>,
        relatedName: String? = nil, unique: Bool = false, column: String? = nil
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
            get: { $0[keyPath: property]?.id }, loaded: { $0[keyPath: property]?.row },
            set: { $0[keyPath: property] = ForeignKey(loaded: $1, label: label) })
        field.template = { try $0[keyPath: property].map { .object(try $0.loaded) } ?? .null }
        return field
    }

    /// A reference to one row of another model that no other row has; the way back leads to one row or none.
    ///
    /// ```swift
    /// var user = OneToOne<User>()              // in Profile: .oneToOne(\.user, onDelete: .cascade)
    /// var profile = RelatedOne<Profile>()      // in User:    .reverse(\.profile, through: \.user)
    /// ```
    ///
    /// Source: [Django, `OneToOneField`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#onetoonefield).
    public static func oneToOne<To: Model>(
        _ property: any WritableKeyPath<M, OneToOne<To>> & Sendable, onDelete: DeletionRule<To>,
        relatedName: String? = nil, column: String? = nil
    ) -> Field {
        foreignKey(property, onDelete: onDelete, relatedName: relatedName, unique: true, column: column)
    }

    /// A reference to one row of another model that no other row has, or to none.
    public static func oneToOne<To: Model>(
        _ property: any WritableKeyPath<M, OneToOne<To>?> & Sendable, onDelete: DeletionRule<To>,
        relatedName: String? = nil, column: String? = nil
    ) -> Field {
        foreignKey(property, onDelete: onDelete, relatedName: relatedName, unique: true, column: column)
    }

    /// The key inside a reference. The rest of a model that was just made stays as it is, so it must refer to no row.
    private static func directKey<To: Model>(
        _ property: any WritableKeyPath<M, ForeignKey<To>> & Sendable, at offset: Int
    ) -> DirectColumn? {
        guard !M()[keyPath: property].isLoaded, let inner = MemoryLayout<ForeignKey<To>>.offset(of: \.id) else {
            return nil
        }
        return DirectColumn(To.ID?.self, at: offset + inner)
    }

    /// What the kinds of foreign keys share.
    private static func reference<To: Model>(
        _ property: any AnyKeyPath & Sendable, to target: To.Type, _ rule: DeletionRule<To>, unique: Bool,
        column: String?, null: Bool
    ) -> Field {
        let property = property
        let name = propertyName(property)
        var field = Field(name: snakeCased(name), property: name, keyPath: property)
        let schema = FieldSchema(
            field.name, .foreignKey(to: To.modelName, onDelete: rule.onDelete), column: column, null: null,
            unique: unique, index: !unique)
        field.schema = schema
        field.relation = Relation(
            name: field.name, isNullable: null, isMultiple: false, target: { To.anyTable },
            link: { .forward(column: schema.column) }, replacement: replacement(for: rule, of: field.name))
        if rule.onDelete == .setNull, !null {
            field.problem = "'\(name)' has onDelete .setNull and is not optional. Declare it `ForeignKey<\(To.self)>?`."
        }
        return field
    }

    /// What takes the place of a reference to a deleted row.
    private static func replacement<To: Model>(
        for rule: DeletionRule<To>, of field: String
    ) -> (@Sendable () async throws -> SQLValue)? {
        if let replacement = rule.replacement { return { try await replacement()?.sqlValue ?? .null } }
        guard rule.onDelete == .setDefault else { return nil }
        return { M.initialValue(of: field) ?? .null }
    }
}
