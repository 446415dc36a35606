import MartletTemplates

extension Field {
    /// The rows of another model whose foreign key refers to this one.
    public static func reverse<From: Model, R: Reference>(
        _ property: any WritableKeyPath<M, Related<From>> & Sendable,
        through reference: any WritableKeyPath<From, R> & Sendable
    ) -> Field where R.Target == M {
        var field = reverse(property) {
            From.table.field(at: reference)?.schema.map { .reverse(column: $0.column) }
        }
        field.links = ReverseReference<M, From>(reference)
        return field
    }

    /// The one row of another model whose one-to-one field refers to this one, or none.
    ///
    /// ```swift
    /// .reverse(\.profile, through: \.user)
    /// ```
    public static func reverse<From: Model, R: Reference>(
        _ property: any WritableKeyPath<M, RelatedOne<From>> & Sendable,
        through reference: any WritableKeyPath<From, R> & Sendable
    ) -> Field where R.Target == M {
        let name = propertyName(property)
        var field = Field(name: snakeCased(name), property: name, keyPath: property)
        let relation = Relation(
            name: field.name, isNullable: true, isMultiple: false, target: { From.anyTable },
            link: {
                // Through a key that several rows may share there would be several.
                guard let schema = From.table.field(at: reference)?.schema, schema.isUnique else { return nil }
                return .reverse(column: schema.column)
            })
        field.relation = relation
        field.links = ReverseReference<M, From>(reference)
        field.related = .reverseOne(
            relation, target: From.self,
            loaded: { $0[keyPath: property].isLoaded ? .some(try? $0[keyPath: property].loaded) : nil },
            set: { $0[keyPath: property] = RelatedOne(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { try $0[keyPath: property].loaded.map { .object($0) } ?? .null }
        return field
    }

    /// The rows of another model whose many-to-many field refers to this one.
    public static func reverse<From: Model>(
        _ property: any WritableKeyPath<M, Related<From>> & Sendable,
        through manyToMany: any KeyPath<From, ManyToMany<M>> & Sendable
    ) -> Field {
        var field = reverse(property) {
            guard case .through(let table, let here, let there)? = From.table.field(at: manyToMany)?.relation?.link
            else { return nil }
            return .through(table: table, here: there, there: here)
        }
        field.links = ReverseLinks<M, From> { From.table.field(at: manyToMany)?.links as? LinkTable<From, M> }
        return field
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
            loaded: { $0[keyPath: property].isLoaded ? try? $0[keyPath: property].loaded : nil },
            set: { $0[keyPath: property] = Related(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { .object(RelatedRows(rows: try $0[keyPath: property].loaded.map { .object($0) })) }
        return field
    }
}
