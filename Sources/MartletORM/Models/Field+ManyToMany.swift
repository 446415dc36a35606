import MartletTemplates

extension Field {
    /// References to many rows of another model, in a table of their own: `blog_post_tags`.
    ///
    /// - Parameter relatedName: The name of the way back, in Django's string form of lookups.
    public static func manyToMany<To: Model>(
        _ property: any WritableKeyPath<M, ManyToMany<To>> & Sendable, relatedName: String? = nil
    ) -> Field {
        manyToMany(property, automatic: false, relatedName)
    }

    /// References to many rows of the same model.
    ///
    /// ```swift
    /// .manyToMany(\.friends, symmetrical: true)      // whose friend I am is my friend
    /// .manyToMany(\.following)                       // whom I follow need not follow me
    /// ```
    ///
    /// - Parameter symmetrical: Whether a row is in the relation of each row that is in its own. Django's relations to
    ///   `self` are unless told; here it is said.
    public static func manyToMany(
        _ property: any WritableKeyPath<M, ManyToMany<M>> & Sendable, symmetrical: Bool, relatedName: String? = nil
    ) -> Field {
        manyToMany(property, automatic: symmetrical, relatedName)
    }

    /// References to many rows of another model, in the table of a third that may hold more about each.
    ///
    /// ```swift
    /// .manyToMany(\.members, through: \Membership.team, to: \Membership.person)
    /// ```
    ///
    /// - Parameters:
    ///   - here: The third model's reference to this one.
    ///   - there: The third model's reference to the other one.
    ///   - symmetrical: Whether links are written both ways; only between rows of the same model.
    ///
    /// Source: [Django, `through`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#django.db.models.ManyToManyField.through).
    public static func manyToMany<To: Model, Through: Model, Here: Reference, There: Reference>(
        _ property: any WritableKeyPath<M, ManyToMany<To>> & Sendable,
        through here: any WritableKeyPath<Through, Here> & Sendable,
        to there: any WritableKeyPath<Through, There> & Sendable, symmetrical: Bool = false, relatedName: String? = nil
    ) -> Field where Here.Target == M, There.Target == To {
        let name = snakeCased(propertyName(property))
        let relation = Relation(
            name: name, isNullable: true, isMultiple: true, target: { To.anyTable },
            link: {
                guard let source = Through.table.field(at: here)?.schema,
                    let target = Through.table.field(at: there)?.schema
                else { return nil }
                return .through(table: Through.anyTable.name, here: source.column, there: target.column)
            })
        let links = LinkTable<M, To>(
            relation, property: propertyName(property), isSymmetrical: symmetrical,
            through: ExplicitLinks(here: here, there: there))
        let kind = FieldKind.manyToManyThrough(to: To.modelName, through: Through.modelName)
        var field = manyToMany(property, kind, relation, links, relatedName)
        if symmetrical, To.self != M.self {
            field.problem = "'\(field.property)' is symmetrical, and leads to another model. Leave `symmetrical:` out."
        }
        return field
    }

    private static func manyToMany<To: Model>(
        _ property: any WritableKeyPath<M, ManyToMany<To>> & Sendable, automatic isSymmetrical: Bool,
        _ relatedName: String?
    ) -> Field {
        let name = snakeCased(propertyName(property))
        let relation = Relation(
            name: name, isNullable: true, isMultiple: true, target: { To.anyTable },
            link: {
                let through = ThroughTable(of: M.anyTable.schema, field: name, to: To.anyTable.schema.name)
                return .through(table: through.name, here: through.source, there: through.target)
            })
        let links = LinkTable<M, To>(
            relation, property: propertyName(property), isSymmetrical: isSymmetrical)
        return manyToMany(property, .manyToMany(to: To.modelName), relation, links, relatedName)
    }

    /// What the kinds of many-to-many fields share.
    private static func manyToMany<To: Model>(
        _ property: any WritableKeyPath<M, ManyToMany<To>> & Sendable, _ kind: FieldKind, _ relation: Relation,
        _ links: LinkTable<M, To>, _ relatedName: String?
    ) -> Field {
        var field = Field(name: relation.name, property: propertyName(property), keyPath: property)
        field.schema = FieldSchema(field.name, kind)
        field.relation = relation
        field.relatedName = relatedName
        field.links = links
        field.related = .many(
            relation, target: To.self,
            loaded: { $0[keyPath: property].isLoaded ? try? $0[keyPath: property].loaded : nil },
            set: { $0[keyPath: property] = ManyToMany(loaded: $1, label: $0[keyPath: property].label) })
        field.label = { $0[keyPath: property].label = $1 }
        field.template = { .object(RelatedRows(rows: try $0[keyPath: property].loaded.map { .object($0) })) }
        return field
    }
}
