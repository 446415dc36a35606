import MartletORM

extension ModelSchema {
    /// The column of a field; checked to exist by ``checkGroups()``.
    var columnName: (String) -> String {
        { field($0)?.column ?? $0 }
    }

    /// The constraints over columns, and those that a database has as unique indexes.
    ///
    /// Django draws the same line: what is more than columns is an index.
    var constraintLayouts: (constraints: [ConstraintLayout], indexes: [IndexLayout]) {
        var layouts: [ConstraintLayout] = []
        var indexes: [IndexLayout] = []
        for constraint in constraints {
            let mapped = constraint.mapFields(columnName)
            switch mapped.rule {
            case .check(let condition): layouts.append(ConstraintLayout(mapped.name, .check(condition)))
            case .exclusion(let rule): layouts.append(ConstraintLayout(mapped.name, .exclusion(rule)))
            case .unique(let rule):
                if let columns = rule.plainFields {
                    layouts.append(ConstraintLayout(mapped.name, .unique(columns, rule.deferrable)))
                } else {
                    let index = IndexSchema(
                        name: mapped.name, terms: rule.terms, include: rule.include, where: rule.condition)
                    indexes.append(IndexLayout(index, unique: true, nullsDistinct: rule.nullsDistinct))
                }
            }
        }
        return (layouts, indexes)
    }
}

extension ColumnLayout {
    /// The column with what the database computes or says of it.
    func detailed(by field: FieldSchema, in model: ModelSchema) -> ColumnLayout {
        var column = self
        let mapped = field.mapFields(model.columnName)
        column.databaseDefault = mapped.databaseDefault
        column.generated = mapped.generated
        column.comment = mapped.comment
        return column
    }
}
