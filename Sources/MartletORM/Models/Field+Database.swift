extension Field {
    /// A value that the database gives to rows that are inserted without one, by whomever.
    ///
    /// ```swift
    /// .integer(\.priority).databaseDefault(3)
    /// .dateTime(\.receivedAt).databaseDefault(.now)
    /// ```
    ///
    /// An optional property that is `nil` in a new row is left to the database, and read back. Any other property's
    /// value is written, and the default is for others who write the table, and for rows that exist when the field is
    /// added.
    ///
    /// Source: [Django, `db_default`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#db-default).
    public func databaseDefault(_ value: SchemaExpression) -> Field {
        changed { field, schema in
            schema.databaseDefault = value
            if !value.fields.isEmpty {
                field.report("The default of '\(property)' in the database names other fields; a default cannot.")
            }
        }
    }

    /// A column that the database computes from others of the row: nobody writes it, and it is read back after each
    /// write.
    ///
    /// ```swift
    /// .integer(\.area).generated { $0.width * $0.height }
    /// ```
    ///
    /// - Parameter stored: Whether the value is kept in the table, or computed when it is read; PostgreSQL keeps it.
    ///
    /// Source: [Django, `GeneratedField`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#generatedfield).
    public func generated<V: FieldValue>(
        stored: Bool = true, _ expression: @escaping @Sendable (TableColumns<M>) -> Expr<V>
    ) -> Field {
        changed { field, schema in
            field.generation = { expression($0).sql }
            schema.generated = GeneratedColumn(.value(.null), stored: stored)
            if schema.isPrimaryKey { field.report("The primary key '\(property)' cannot be generated.") }
        }
    }

    /// What the database says about the column to whoever looks at it there; PostgreSQL only.
    ///
    /// Source: [Django, `db_comment`](https://docs.djangoproject.com/en/5.2/ref/models/fields/#db-comment).
    public func comment(_ text: String) -> Field {
        changed { _, schema in schema.comment = text }
    }

    private func changed(_ body: (inout Field, inout FieldSchema) -> Void) -> Field {
        var field = self
        guard var schema = schema, schema.kind.hasColumn else {
            field.report("'\(property)' has no column, and so no default, comment or expression in the database.")
            return field
        }
        body(&field, &schema)
        field.schema = schema
        return field
    }

    private mutating func report(_ problem: String) {
        self.problem = self.problem.map { "\($0) \(problem)" } ?? problem
    }
}

extension Field {
    /// The field's schema with what the database computes it from.
    func frozenSchema(in freezer: inout TableFreezer<M>) -> FieldSchema? {
        guard var schema, let generation else { return schema }
        let expression = freezer.freeze(generation(freezer.columns), of: "The generated field '\(property)'")
        if expression.fields.contains(name) {
            freezer.report("The generated field '\(property)' is computed from itself.")
        }
        schema.generated?.expression = expression
        return schema
    }
}
