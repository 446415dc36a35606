import MartletJSON
public import MartletORM
import MartletShortcuts

/// One member of a ``Serializer``.
public struct SerializerField<M: Model>: Sendable {
    let name: JSONName
    let write: @Sendable (M, inout JSONWriter) throws -> Void

    private init(_ name: String, _ write: @escaping @Sendable (M, inout JSONWriter) throws -> Void) {
        self.name = JSONName(name)
        self.write = write
    }

    /// A column. Moments are written as DRF does: `2026-01-31T09:05:00Z`.
    ///
    /// - Parameter name: The member's name; the field's in snake_case unless told.
    public static func field<V: FieldValue>(
        _ property: any KeyPath<M, V> & Sendable, name: String? = nil
    ) -> SerializerField {
        let kind = M.anyTable.schema.field(M.fieldName(property))?.kind
        return SerializerField(name ?? M.fieldName(property)) { model, writer in
            try writer.value(model[keyPath: property].sqlValue, of: kind)
        }
    }

    /// The id of the row that a foreign key refers to; needs no loaded relation.
    public static func primaryKeyRelated<To: Model>(
        _ property: any KeyPath<M, ForeignKey<To>> & Sendable, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            try writer.value(model[keyPath: property].id?.sqlValue ?? .null)
        }
    }

    /// The id of the row that an optional foreign key refers to, or null; needs no loaded relation.
    public static func primaryKeyRelated<To: Model>(
        _ property: any KeyPath<M, ForeignKey<To>?> & Sendable, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            try writer.value(model[keyPath: property]?.id?.sqlValue ?? .null)
        }
    }

    /// The row that a foreign key refers to, as an object; the query loads it by `selectRelated`.
    public static func nested<To: Model>(
        _ property: any KeyPath<M, ForeignKey<To>> & Sendable, _ serializer: Serializer<To>, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            try serializer.write(model[keyPath: property].loaded, to: &writer)
        }
    }

    /// The row that an optional foreign key refers to, as an object or null.
    public static func nested<To: Model>(
        _ property: any KeyPath<M, ForeignKey<To>?> & Sendable, _ serializer: Serializer<To>, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            guard let reference = model[keyPath: property] else { return writer.null() }
            try serializer.write(reference.loaded, to: &writer)
        }
    }

    /// The rows of a many-to-many field, as objects; the query loads them by `prefetch`.
    public static func nested<To: Model>(
        _ property: any KeyPath<M, ManyToMany<To>> & Sendable, _ serializer: Serializer<To>, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            try serializer.write(model[keyPath: property].loaded, to: &writer)
        }
    }

    /// The rows that refer to this one, as objects; the query loads them by `prefetch`.
    public static func nested<From: Model>(
        _ property: any KeyPath<M, Related<From>> & Sendable, _ serializer: Serializer<From>, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            try serializer.write(model[keyPath: property].loaded, to: &writer)
        }
    }

    /// One column of each row of a many-to-many field, such as the names of tags.
    public static func slugRelated<To: Model, V: FieldValue>(
        _ property: any KeyPath<M, ManyToMany<To>> & Sendable, _ column: any KeyPath<To, V> & Sendable,
        name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            writer.beginArray()
            for row in try model[keyPath: property].loaded { try writer.value(row[keyPath: column].sqlValue) }
            writer.endArray()
        }
    }

    /// One column of the row that a foreign key refers to.
    public static func slugRelated<To: Model, V: FieldValue>(
        _ property: any KeyPath<M, ForeignKey<To>> & Sendable, _ column: any KeyPath<To, V> & Sendable,
        name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            try writer.value(model[keyPath: property].loaded[keyPath: column].sqlValue)
        }
    }

    /// One column of the row that an optional foreign key refers to, or null.
    public static func slugRelated<To: Model, V: FieldValue>(
        _ property: any KeyPath<M, ForeignKey<To>?> & Sendable, _ column: any KeyPath<To, V> & Sendable,
        name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            guard let reference = model[keyPath: property] else { return writer.null() }
            try writer.value(reference.loaded[keyPath: column].sqlValue)
        }
    }

    /// The one row that refers to this one by a one-to-one field, as an object or null; the query loads it by
    /// `selectRelated`.
    public static func nested<From: Model>(
        _ property: any KeyPath<M, RelatedOne<From>> & Sendable, _ serializer: Serializer<From>, name: String? = nil
    ) -> SerializerField {
        SerializerField(name ?? M.fieldName(property)) { model, writer in
            guard let row = try model[keyPath: property].loaded else { return writer.null() }
            try serializer.write(row, to: &writer)
        }
    }

    /// A member that is computed from the row.
    public static func computed<V: FieldValue>(
        _ name: String, _ compute: @escaping @Sendable (M) throws -> V
    ) -> SerializerField {
        SerializerField(name) { model, writer in try writer.value(compute(model).sqlValue) }
    }
}
