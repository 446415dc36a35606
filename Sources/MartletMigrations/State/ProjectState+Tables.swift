import MartletORM

extension ProjectState {
    /// The tables of all models and many-to-many fields.
    ///
    /// - Parameter maximumNameLength: The longest name of an index that the database keeps.
    /// - Throws: ``MigrationError`` when a relation leads to a model that does not exist at this point.
    func tables(maximumNameLength: Int) throws(MigrationError) -> [TableLayout] {
        var tables: [TableLayout] = []
        for model in models where model.isManaged {
            tables.append(try table(of: model, maximumNameLength))
            for field in model.fields {
                guard case .manyToMany(let target) = field.kind else { continue }
                tables.append(try throughTable(of: model, field, to: target, maximumNameLength))
            }
        }
        return tables
    }

    private func table(of model: ModelSchema, _ maximum: Int) throws(MigrationError) -> TableLayout {
        try model.checkGroups()
        let fields = model.fields.filter(\.kind.hasColumn)
        var columns: [ColumnLayout] = []
        for field in fields { columns.append(try column(of: field, in: model)) }
        let name = model.table
        func columnNames(_ fields: [String]) -> [String] { fields.compactMap { model.field($0)?.column } }
        func indexName(_ columns: [String], _ suffix: String) -> String {
            ConstraintName.constraint(table: name, columns: columns, suffix: suffix, maximumLength: maximum)
        }
        let groups = model.uniqueTogether.map { group in
            ConstraintLayout(indexName(columnNames(group), "_uniq"), .uniqueGroup(columnNames(group)))
        }
        let single = fields.filter { $0.isIndexed && !$0.isUnique && !$0.isPrimaryKey }.map { field in
            IndexLayout(indexName([field.column], ""), columns: [field.column])
        }
        let named = model.indexes.map { IndexLayout($0.mapFields(model.columnName)) }
        let (rules, uniqueIndexes) = model.constraintLayouts
        return TableLayout(
            name: name, columns: columns, indexes: single + named + uniqueIndexes, constraints: groups + rules,
            comment: model.comment)
    }

    private func throughTable(
        of model: ModelSchema, _ field: FieldSchema, to target: ModelName, _ maximum: Int
    ) throws(MigrationError) -> TableLayout {
        let through = ThroughTable(of: model, field: field.name, to: target)
        let label = "\(model.name).\(field.name)"
        let columns = [
            ColumnLayout("id", .auto, primaryKey: true),
            try reference(through.source, to: model.name, from: label),
            try reference(through.target, to: target, from: label),
        ]
        func name(_ columns: [String], _ suffix: String) -> String {
            ConstraintName.constraint(table: through.name, columns: columns, suffix: suffix, maximumLength: maximum)
        }
        let both = [through.source, through.target]
        return TableLayout(
            name: through.name, columns: columns,
            indexes: both.map { IndexLayout(name([$0], ""), columns: [$0]) },
            constraints: [ConstraintLayout(name(both, "_uniq"), .uniqueGroup(both))])
    }

    private func column(of field: FieldSchema, in model: ModelSchema) throws(MigrationError) -> ColumnLayout {
        guard case .foreignKey(let target, _) = field.kind else {
            let column = ColumnLayout(
                field.column, field.kind.stored, null: field.isNull, primaryKey: field.isPrimaryKey,
                unique: field.isUnique)
            return column.detailed(by: field, in: model)
        }
        var column = try reference(field.column, to: target, from: "\(model.name).\(field.name)")
        column.isNull = field.isNull
        column.isPrimaryKey = field.isPrimaryKey
        column.isUnique = field.isUnique
        return column.detailed(by: field, in: model)
    }

    /// A column that holds another model's primary key.
    private func reference(
        _ name: String, to target: ModelName, from label: String
    ) throws(MigrationError) -> ColumnLayout {
        let key = try primaryKey(of: target, from: label)
        return ColumnLayout(name, key.kind, references: .init(table: key.table, column: key.column))
    }

    /// What columns that refer to a model look like.
    private func primaryKey(
        of name: ModelName, from label: String
    ) throws(MigrationError) -> (table: String, column: String, kind: FieldKind) {
        guard let model = model(name), let key = model.primaryKey else {
            throw MigrationError(
                .state, "'\(label)' refers to '\(name)', which is no model at this point.",
                "Add the migration that creates it to the dependencies; a model's name is written \"app.Model\".")
        }
        return (model.table, key.column, try storedKind(of: key, in: model))
    }

    /// What a field's column stores: a foreign key, what its target's primary key stores.
    func storedKind(of field: FieldSchema, in model: ModelSchema) throws(MigrationError) -> FieldKind {
        var field = field
        // A key that refers to a key that refers to it would go round for ever.
        for _ in 0..<models.count + 1 {
            guard case .foreignKey(let target, _) = field.kind else { return field.kind.referenced }
            guard let key = self.model(target)?.primaryKey else { break }
            field = key
        }
        throw MigrationError(
            .state, "The type of '\(model.name).\(field.name)' cannot be told: it refers to no model, or in a circle.",
            "Let it refer to a model whose primary key is not a foreign key.")
    }
}

extension FieldKind {
    /// The kind of a column that refers to one of this kind: it does not count up, and need not be checked again.
    var referenced: FieldKind {
        switch self {
        case .auto: .bigInteger
        case .checkedChoices(_, let length): .char(maxLength: length)
        case .checkedIntegerChoices: .integer
        default: stored
        }
    }
}
